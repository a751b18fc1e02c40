#include "daemon/crypto/secret_file.h"

#include <sys/stat.h>

#include <cerrno>

#include "daemon/base/durable_file.h"

namespace mailroom {

Result<void> write_secret_file(const std::filesystem::path& file, ByteView bytes) {
  return write_durably(file, bytes, 0600);
}

Result<Bytes> read_secret_file(const std::filesystem::path& file) {
  const auto place = Place::in_file(file.string());
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return fail_errno("cannot read the key file", errno, place);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(Errc::refused, "others may read this key file", place,
                "find out who could read it; then make a new key, or take their rights away with chmod 600");
  }
  return read_file(file, 1U << 20U);
}

}  // namespace mailroom
