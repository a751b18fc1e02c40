#include "daemon/archive/content_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "daemon/archive/content_file.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/unique_fd.h"
#include "daemon/crypto/digest.h"

namespace mailroom::archive {
namespace fs = std::filesystem;
namespace {

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

tl::unexpected<Error> fail_damaged(const std::string& what, const Place& place) {
  return fail(Errc::corrupt, what, place, "restore the file from the backup");
}

Result<void> read_exactly(int fd, std::uint64_t at, Bytes& into, const Place& place) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const ssize_t got = ::pread(fd, into.data() + filled, into.size() - filled, off_t(at + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read the content", errno, place);
    if (got == 0) return fail_damaged("the content file is cut off", place);
    filled += std::size_t(got);
  }
  return {};
}

/// A content file that was opened and whose header and size are right.
struct OpenContent {
  UniqueFd fd;
  std::uint64_t length = 0;
  Place place;
};

Result<OpenContent> open_content(const fs::path& path, const std::string& sha256) {
  auto place = Place::in_file(path.string());
  if (!is_digest(sha256)) return fail(Errc::invalid_input, "not a content digest: " + sha256.substr(0, 80));
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) return fail_errno("cannot open the content", errno, place);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("cannot stat the content", errno, place);
  Bytes head(kContentHeaderSize);
  MAILROOM_TRY_VOID(read_exactly(fd.get(), 0, head, place));
  MAILROOM_TRY(const auto header, parse_content_header(head, place));
  if (header.sha256 != sha256)
    return fail_damaged("the file holds another content than its name says", place);
  if (std::uint64_t(status.st_size) - kContentHeaderSize != header.length) {
    return fail_damaged("the content file is cut off or has grown", place);
  }
  return OpenContent{std::move(fd), header.length, std::move(place)};
}

}  // namespace

Result<ContentStore> ContentStore::open(const fs::path& folder) {
  ContentStore store(folder);
  MAILROOM_TRY_VOID(create_folder_durably(store.incoming()));
  // An earlier, killed run may have made it and not lived to sync its name.
  MAILROOM_TRY_VOID(sync_folder(folder.parent_path()));
  std::error_code error;
  for (const auto& leftover : fs::directory_iterator(store.incoming(), error))
    fs::remove(leftover.path(), error);
  if (error)
    return fail_errno("cannot clear the folder", error.value(), Place::in_file(store.incoming().string()));
  return store;
}

fs::path ContentStore::path_of(const std::string& sha256) const {
  return folder_ / sha256.substr(0, 2) / sha256.substr(std::min<std::size_t>(2, sha256.size()), 2) / sha256;
}

/// Every name on the way to `file` made durable, also those that an earlier, killed run created
/// and did not live to sync: after a return from put() a catalogue row may refer to the content.
Result<void> ContentStore::sync_way_to(const fs::path& file) const {
  MAILROOM_TRY_VOID(sync_folder(file.parent_path()));
  MAILROOM_TRY_VOID(sync_folder(file.parent_path().parent_path()));
  return sync_folder(folder_);
}

Result<std::string> ContentStore::put(ByteView bytes) {
  const auto digest = sha256(bytes);
  auto name = to_hex(digest);
  const auto path = path_of(name);
  if (contains(name)) {
    MAILROOM_TRY_VOID(verify(name));
    MAILROOM_TRY_VOID(sync_way_to(path));
    return name;
  }
  Bytes file = content_header(bytes.size(), digest);
  file.insert(file.end(), bytes.begin(), bytes.end());
  const auto temporary = incoming() / (name + "." + to_hex(random_bytes(8)));
  MAILROOM_TRY_VOID(write_synced(temporary, file));
  kill_point("content.before_rename");
  MAILROOM_TRY_VOID(create_folder_durably(path.parent_path()));
  // Write order: bytes durable, then the name, then its folders; the caller's row comes after.
  MAILROOM_TRY_VOID(rename_durably(temporary, path));
  kill_point("content.after_rename");
  MAILROOM_TRY_VOID(sync_way_to(path));
  return name;
}

Result<Bytes> ContentStore::get(const std::string& sha256) const {
  MAILROOM_TRY(const auto content, open_content(path_of(sha256), sha256));
  Bytes bytes(content.length);
  MAILROOM_TRY_VOID(read_exactly(content.fd.get(), kContentHeaderSize, bytes, content.place));
  if (sha256_hex(bytes) != sha256)
    return fail_damaged("the content does not match its digest", content.place);
  return bytes;
}

Result<Bytes> ContentStore::read_range(const std::string& sha256, std::uint64_t offset,
                                       std::size_t length) const {
  MAILROOM_TRY(const auto content, open_content(path_of(sha256), sha256));
  if (offset > content.length)
    return fail(Errc::invalid_input, "the range begins beyond the end of the content");
  Bytes bytes(std::size_t(std::min<std::uint64_t>(length, content.length - offset)));
  MAILROOM_TRY_VOID(read_exactly(content.fd.get(), kContentHeaderSize + offset, bytes, content.place));
  return bytes;
}

Result<std::uint64_t> ContentStore::size(const std::string& sha256) const {
  MAILROOM_TRY(const auto content, open_content(path_of(sha256), sha256));
  return content.length;
}

bool ContentStore::contains(const std::string& sha256) const {
  std::error_code error;
  return is_digest(sha256) && fs::exists(fs::symlink_status(path_of(sha256), error));
}

Result<void> ContentStore::verify(const std::string& sha256) const {
  MAILROOM_TRY(const auto content, open_content(path_of(sha256), sha256));
  DigestStream digest;
  Bytes piece;
  for (std::uint64_t at = 0; at < content.length; at += piece.size()) {
    piece.resize(std::size_t(std::min<std::uint64_t>(1U << 20U, content.length - at)));
    MAILROOM_TRY_VOID(read_exactly(content.fd.get(), kContentHeaderSize + at, piece, content.place));
    digest.add(piece);
  }
  if (to_hex(digest.finish()) != sha256)
    return fail_damaged("the content does not match its digest", content.place);
  return {};
}

Result<void> ContentStore::remove(const std::string& sha256) {
  if (!is_digest(sha256)) return fail(Errc::invalid_input, "not a content digest: " + sha256.substr(0, 80));
  const auto path = path_of(sha256);
  if (contains(sha256)) return remove_durably(path);
  // Removed by a run that may have been killed before the removal was durable.
  return fs::exists(path.parent_path()) ? sync_folder(path.parent_path()) : Result<void>();
}

Result<ContentListing> ContentStore::list() const {
  ContentListing listing;
  std::error_code error;
  fs::recursive_directory_iterator entries(folder_, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (entries->is_directory(error) && !entries->is_symlink(error)) {
      if (entries->path() == incoming()) entries.disable_recursion_pending();
      continue;
    }
    const auto name = entries->path().filename().string();
    if (is_digest(name) && entries->path() == path_of(name)) {
      listing.digests.push_back(name);
    } else {
      listing.strangers.push_back(entries->path());
    }
  }
  if (error) return fail_errno("cannot list the contents", error.value(), Place::in_file(folder_.string()));
  std::sort(listing.digests.begin(), listing.digests.end());
  std::sort(listing.strangers.begin(), listing.strangers.end());
  return listing;
}

}  // namespace mailroom::archive
