#include "drivers/scanner/sane/sane_library.h"

#include <sane/sane.h>

#include <cstdlib>

#include "drivers/scanner/sane/sane_scanner.h"

namespace mailroom::drivers {
namespace {

std::string text_of(SANE_String_Const text) {
  return text == nullptr ? "" : text;
}

}  // namespace

Result<SaneLibrary> SaneLibrary::open() {
  SANE_Int version = 0;
  const auto status = sane_init(&version, nullptr);
  if (status != SANE_STATUS_GOOD) return fail(error_of(status, "starting SANE", {}));
  SaneLibrary library;
  if (SANE_VERSION_MAJOR(version) != SANE_CURRENT_MAJOR) {
    return fail(Errc::unsupported, "this SANE library has another major version than 1");
  }
  return library;
}

SaneLibrary::SaneLibrary(SaneLibrary&& other) noexcept
    : initialised_(std::exchange(other.initialised_, false)) {}

SaneLibrary::~SaneLibrary() {
  if (initialised_) sane_exit();
}

Result<std::vector<DeviceInfo>> SaneLibrary::devices() {
  const SANE_Device** list = nullptr;
  const auto status = sane_get_devices(&list, SANE_FALSE);
  if (status != SANE_STATUS_GOOD) return fail(error_of(status, "listing scanners", {}));
  std::vector<DeviceInfo> found;
  for (; *list != nullptr; ++list) {
    found.push_back(
        {text_of((*list)->name), text_of((*list)->vendor), text_of((*list)->model), text_of((*list)->type)});
  }
  return found;
}

Result<std::unique_ptr<Scanner>> SaneLibrary::open_scanner(const std::string& name) {
  DeviceInfo info{name, "", "", ""};
  MAILROOM_TRY(const auto known, devices());
  for (const auto& device : known) {
    if (device.name == name) info = device;
  }
  const char* folder = std::getenv(kQuirksVariable);
  MAILROOM_TRY(Quirk quirk, Quirk::of(info, folder == nullptr ? "" : folder));
  MAILROOM_TRY(SaneDevice device, SaneDevice::open(name));
  return std::make_unique<SaneScanner>(std::move(device), std::move(info), std::move(quirk));
}

}  // namespace mailroom::drivers
