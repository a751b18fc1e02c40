#include "daemon/app/backup_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/archive/content_file.h"
#include "daemon/archive/erasures.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/unique_fd.h"
#include "daemon/crypto/digest.h"

namespace mailroom::app {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPiece = 1U << 20U;

/// Calls `use` with each piece of the file.
template <typename Use>
Result<void> read_in_pieces(const fs::path& file, Use use) {
  const auto place = Place::in_file(file.string());
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("cannot open", errno, place);
  Bytes piece(kPiece);
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read", errno, place);
    if (got == 0) return {};
    MAILROOM_TRY_VOID(use(ByteView(piece.data(), std::size_t(got))));
  }
}

Result<void> write_all(int fd, ByteView bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno("cannot write", errno, Place::in_file(file.string()));
    bytes = bytes.subspan(std::size_t(put));
  }
  return {};
}

/// Whether the audit says that a batch's working copies have gone.
Result<bool> is_expired(archive::Catalogue& catalogue, const std::string& batch) {
  MAILROOM_TRY(const auto entries, archive::read_audit(catalogue.database(), batch));
  return std::any_of(entries.begin(), entries.end(), [](const archive::AuditEntry& entry) {
    return entry.record.action == "batch.working_copies_removed";
  });
}

}  // namespace

Result<NamedFiles> files_named_by(archive::Catalogue& catalogue) {
  NamedFiles named;
  MAILROOM_TRY(named.head, archive::audit_head(catalogue.database()));
  MAILROOM_TRY(named.contents, catalogue.documents().all_digests());
  MAILROOM_TRY(const auto batches, catalogue.batches().latest(1'000'000));
  for (const auto& batch : batches) {
    MAILROOM_TRY(const bool expired, is_expired(catalogue, batch.id));
    if (expired) continue;
    MAILROOM_TRY(const auto pages, catalogue.pages().of_batch(batch.id));
    for (const auto& page : pages) {
      MAILROOM_TRY(const bool erased, archive::Erasures(catalogue.database()).is_erased(page.id));
      if (erased) continue;
      named.sides.push_back(
          {{page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256});
    }
  }
  return named;
}

Result<void> FoundFolders::sync() const {
  for (const auto& folder : folders_) MAILROOM_TRY_VOID(sync_folder(folder));
  return {};
}

Result<void> copy_file_durably(const fs::path& from, const fs::path& to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) != 0)
    return fail_errno("cannot stat", errno, Place::in_file(from.string()));
  fs::path half = to;
  half += ".part";
  ::unlink(half.c_str());
  {
    const UniqueFd out(::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out.valid()) return fail_errno("cannot create", errno, Place::in_file(half.string()));
    MAILROOM_TRY_VOID(
        read_in_pieces(from, [&](ByteView piece) { return write_all(out.get(), piece, half); }));
    if (::fchmod(out.get(), status.st_mode & 07777U) != 0)
      return fail_errno("cannot set the mode", errno, Place::in_file(half.string()));
    if (::fsync(out.get()) != 0) throw FsyncFailed("fsync of " + half.string() + " failed");
  }
  return rename_durably(half, to);
}

Result<void> copy_folder(const fs::path& from, const fs::path& to) {
  MAILROOM_TRY_VOID(create_folder_durably(to));
  MAILROOM_TRY_VOID(sync_folder(to.parent_path()));  // a killed run may have made it
  std::error_code error;
  for (fs::directory_iterator entry(from, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const fs::path target = to / entry->path().filename();
    if (entry->is_directory(error)) {
      MAILROOM_TRY_VOID(copy_folder(entry->path(), target));
    } else if (entry->is_regular_file(error)) {
      MAILROOM_TRY_VOID(copy_file_durably(entry->path(), target));
    }
  }
  if (error) return fail_errno("cannot read the folder", error.value(), Place::in_file(from.string()));
  return {};
}

Result<Bytes> content_in(const fs::path& folder, const std::string& digest) {
  const fs::path file = folder / digest.substr(0, 2) / digest.substr(2, 2) / digest;
  const auto place = Place::in_file(file.string());
  MAILROOM_TRY(Bytes bytes, read_file(file, std::size_t(1) << 36U));
  if (bytes.size() < archive::kContentHeaderSize)
    return fail(Errc::corrupt, "the content file is cut off", place);
  MAILROOM_TRY(const auto header,
               archive::parse_content_header(ByteView(bytes).first(archive::kContentHeaderSize), place));
  bytes.erase(bytes.begin(), bytes.begin() + archive::kContentHeaderSize);
  if (header.sha256 != digest || bytes.size() != header.length || sha256_hex(bytes) != digest)
    return fail(Errc::corrupt, "the content does not match its digest", place);
  return bytes;
}

Result<std::string> digest_of_file(const fs::path& file) {
  DigestStream digest;
  MAILROOM_TRY_VOID(read_in_pieces(file, [&](ByteView piece) -> Result<void> {
    digest.add(piece);
    return {};
  }));
  return to_hex(digest.finish());
}

}  // namespace mailroom::app
