#include <fcntl.h>
#include <sys/stat.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>

#include "tests/faults/file_layer/file_layer.h"

/// The names of libc that lead into the file layer. They are defined by their symbol, because the
/// headers declare some of them with attributes of their own.
namespace {

using mailroom::faults::FileLayer;

unsigned mode_in(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, unsigned) : 0;
}

}  // namespace

#define LIBC_CALL(name) __asm__(#name) __attribute__((visibility("default"), used))

extern "C" {
int layer_open(const char* path, int flags, ...) LIBC_CALL(open);
int layer_open64(const char* path, int flags, ...) LIBC_CALL(open64);
int layer_openat(int folder, const char* path, int flags, ...) LIBC_CALL(openat);
int layer_openat64(int folder, const char* path, int flags, ...) LIBC_CALL(openat64);
int layer_close(int fd) LIBC_CALL(close);
long layer_write(int fd, const void* bytes, std::size_t size) LIBC_CALL(write);
long layer_pwrite(int fd, const void* bytes, std::size_t size, std::int64_t offset) LIBC_CALL(pwrite);
long layer_pwrite64(int fd, const void* bytes, std::size_t size, std::int64_t offset) LIBC_CALL(pwrite64);
int layer_ftruncate(int fd, std::int64_t size) LIBC_CALL(ftruncate);
int layer_ftruncate64(int fd, std::int64_t size) LIBC_CALL(ftruncate64);
int layer_fsync(int fd) LIBC_CALL(fsync);
int layer_fdatasync(int fd) LIBC_CALL(fdatasync);
int layer_rename(const char* from, const char* to) LIBC_CALL(rename);
int layer_unlink(const char* path) LIBC_CALL(unlink);
int layer_unlinkat(int folder, const char* path, int flags) LIBC_CALL(unlinkat);
int layer_rmdir(const char* path) LIBC_CALL(rmdir);
int layer_remove(const char* path) LIBC_CALL(remove);
int layer_mkdir(const char* path, unsigned mode) LIBC_CALL(mkdir);

#define WITH_MODE(call)                       \
  va_list list;                               \
  va_start(list, flags);                      \
  const unsigned mode = mode_in(flags, list); \
  va_end(list);                               \
  return call

int layer_open(const char* path, int flags, ...) {
  WITH_MODE(FileLayer::instance().open(AT_FDCWD, path, flags, mode));
}
int layer_open64(const char* path, int flags, ...) {
  WITH_MODE(FileLayer::instance().open(AT_FDCWD, path, flags, mode));
}
int layer_openat(int folder, const char* path, int flags, ...) {
  WITH_MODE(FileLayer::instance().open(folder, path, flags, mode));
}
int layer_openat64(int folder, const char* path, int flags, ...) {
  WITH_MODE(FileLayer::instance().open(folder, path, flags, mode));
}
int layer_close(int fd) {
  return FileLayer::instance().close(fd);
}
long layer_write(int fd, const void* bytes, std::size_t size) {
  return FileLayer::instance().write(fd, bytes, size);
}
long layer_pwrite(int fd, const void* bytes, std::size_t size, std::int64_t offset) {
  return FileLayer::instance().pwrite(fd, bytes, size, offset);
}
long layer_pwrite64(int fd, const void* bytes, std::size_t size, std::int64_t offset) {
  return FileLayer::instance().pwrite(fd, bytes, size, offset);
}
int layer_ftruncate(int fd, std::int64_t size) {
  return FileLayer::instance().resize(fd, size);
}
int layer_ftruncate64(int fd, std::int64_t size) {
  return FileLayer::instance().resize(fd, size);
}
int layer_fsync(int fd) {
  return FileLayer::instance().sync(fd);
}
int layer_fdatasync(int fd) {
  return FileLayer::instance().sync(fd);
}
int layer_rename(const char* from, const char* to) {
  return FileLayer::instance().rename(from, to);
}
int layer_unlink(const char* path) {
  return FileLayer::instance().unlink(AT_FDCWD, path, 0);
}
int layer_unlinkat(int folder, const char* path, int flags) {
  return FileLayer::instance().unlink(folder, path, flags);
}
int layer_rmdir(const char* path) {
  return FileLayer::instance().unlink(AT_FDCWD, path, AT_REMOVEDIR);
}
int layer_remove(const char* path) {
  struct stat status {};
  if (::lstat(path, &status) != 0) return -1;
  return FileLayer::instance().unlink(AT_FDCWD, path, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0);
}
int layer_mkdir(const char* path, unsigned mode) {
  return FileLayer::instance().make_folder(path, mode);
}
}
