#include "daemon/delivery/recipient/delivery_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::delivery {
namespace {

constexpr std::string_view kHalf = ".incoming-";
constexpr const char* kGeneration = ".generation";

Result<void> sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return fail(Errc::io, "the folder cannot be opened", Place::in_file(folder));
  if (::fsync(fd.get()) != 0) throw FsyncFailed("fsync failed on " + folder.string());
  return {};
}

}  // namespace

Result<DeliveryFolder> DeliveryFolder::open(std::filesystem::path root) {
  if (auto made = create_folder_durably(root); !made) return fail(made.error());
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    if (!entry.path().filename().string().starts_with(kHalf)) continue;
    std::filesystem::remove_all(entry.path(), error);
    if (error)
      return fail(Errc::io, "a half written delivery cannot be removed", Place::in_file(entry.path()));
  }
  if (error) return fail(Errc::io, "the folder cannot be read", Place::in_file(root));
  return DeliveryFolder(std::move(root));
}

bool DeliveryFolder::holds(const std::string& id) const {
  std::error_code error;
  return std::filesystem::is_regular_file(root_ / id / "manifest.json", error);
}

Result<Bytes> DeliveryFolder::manifest(const std::string& id) const {
  return read_file(root_ / id / "manifest.json");
}

Result<std::vector<std::string>> DeliveryFolder::ids() const {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root_, error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(kHalf) && holds(name)) found.push_back(name);
  }
  if (error) return fail(Errc::io, "the folder cannot be read", Place::in_file(root_));
  return found;
}

std::int64_t DeliveryFolder::generation() const {
  const auto bytes = read_file(root_ / kGeneration);
  std::int64_t number = 0;
  if (bytes) std::from_chars(as_text(*bytes).data(), as_text(*bytes).data() + bytes->size(), number);
  return number;
}

Result<void> DeliveryFolder::remember_generation(std::int64_t generation) const {
  return write_durably(root_ / kGeneration, as_bytes(std::to_string(generation)));
}

Result<void> DeliveryFolder::store(const std::string& id, const std::vector<File>& files) const {
  const auto half = root_ / (std::string(kHalf) + id);
  std::error_code error;
  std::filesystem::remove_all(half, error);
  if (auto made = create_folder_durably(half); !made) return fail(made.error());
  for (const auto& file : files) {
    if (auto written = write_durably(half / file.name, file.bytes); !written) return fail(written.error());
    kill_point("recipient.store.half");
  }
  std::filesystem::rename(half, root_ / id, error);
  if (error) return fail(Errc::io, "the delivery cannot be put in place", Place::in_file(root_ / id));
  kill_point("recipient.store.before_sync");
  return sync_folder(root_);
}

}  // namespace mailroom::delivery
