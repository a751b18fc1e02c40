// The SANE backend "mailroomreplay" (SANE Standard 1.06 §4.3): plays recordings as scanners
// (docs/formats/scan-recording.md). No exception leaves its entry points.

#include <sane/sane.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <sstream>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "drivers/virtual/replay/replay_device.h"

#define MAILROOM_SANE_ENTRY extern "C" __attribute__((visibility("default")))

namespace {

using namespace mailroom;
using namespace mailroom::drivers::replay;

constexpr const char* kConfigName = "mailroomreplay.conf";

/// What sane_get_devices() handed out last; valid until the next call (§4.3.3).
struct DeviceList {
  std::vector<std::string> names;
  std::vector<Recording> recordings;
  std::vector<SANE_Device> devices;
  std::vector<const SANE_Device*> pointers;
};
std::unique_ptr<DeviceList> handed_out;

template <typename Call>
SANE_Status guarded(Call call) {
  try {
    return call();
  } catch (const std::exception& problem) {
    std::cerr << "mailroomreplay: " << problem.what() << std::endl;
    return SANE_STATUS_NO_MEM;
  }
}

SANE_Status refused(const Error& error) {
  std::cerr << "mailroomreplay: " << error.message() << std::endl;
  return SANE_STATUS_IO_ERROR;
}

/// The first mailroomreplay.conf in the folders of SANE_CONFIG_DIR; no devices without one.
Result<std::vector<DeviceConfig>> read_config() {
  const char* folders = std::getenv("SANE_CONFIG_DIR");
  std::istringstream parts(folders == nullptr ? "/etc/sane.d" : folders);
  for (std::string folder; std::getline(parts, folder, ':');) {
    const auto file = std::filesystem::path(folder) / kConfigName;
    if (!std::filesystem::exists(file)) continue;
    MAILROOM_TRY(const Bytes text, read_file(file));
    return parse_config(as_text(text), file.string());
  }
  return std::vector<DeviceConfig>{};
}

SANE_Status list_devices(const SANE_Device*** list) {
  const auto configs = read_config();
  if (!configs) return refused(configs.error());
  handed_out = std::make_unique<DeviceList>();
  for (const auto& config : *configs) {
    auto recording = read_recording(config.recording);
    if (!recording) return refused(recording.error());
    handed_out->names.push_back(config.name);
    handed_out->recordings.push_back(*std::move(recording));
  }
  for (std::size_t i = 0; i < handed_out->names.size(); i++) {
    const Recording& recording = handed_out->recordings[i];
    handed_out->devices.push_back({handed_out->names[i].c_str(), recording.vendor.c_str(),
                                   recording.model.c_str(), recording.type.c_str()});
  }
  for (const auto& device : handed_out->devices) handed_out->pointers.push_back(&device);
  handed_out->pointers.push_back(nullptr);
  *list = handed_out->pointers.data();
  return SANE_STATUS_GOOD;
}

SANE_Status open_device(const std::string& name, SANE_Handle* handle) {
  const auto configs = read_config();
  if (!configs) return refused(configs.error());
  for (const auto& config : *configs) {
    if (config.name != name) continue;
    auto recording = read_recording(config.recording);
    if (!recording) return refused(recording.error());
    *handle = std::make_unique<ReplayDevice>(config, *std::move(recording)).release();
    return SANE_STATUS_GOOD;
  }
  return SANE_STATUS_INVAL;
}

ReplayDevice& device_of(SANE_Handle handle) {
  return *static_cast<ReplayDevice*>(handle);
}

}  // namespace

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_init(SANE_Int* version, SANE_Auth_Callback) {
  if (version != nullptr) *version = SANE_VERSION_CODE(SANE_CURRENT_MAJOR, SANE_CURRENT_MINOR, 1);
  return SANE_STATUS_GOOD;
}

MAILROOM_SANE_ENTRY void sane_mailroomreplay_exit() {
  handed_out.reset();
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_get_devices(const SANE_Device*** list, SANE_Bool) {
  return guarded([&] { return list_devices(list); });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_open(SANE_String_Const name, SANE_Handle* handle) {
  return guarded([&] { return open_device(name == nullptr ? "" : name, handle); });
}

MAILROOM_SANE_ENTRY void sane_mailroomreplay_close(SANE_Handle handle) {
  const std::unique_ptr<ReplayDevice> device(&device_of(handle));
}

MAILROOM_SANE_ENTRY const SANE_Option_Descriptor* sane_mailroomreplay_get_option_descriptor(
    SANE_Handle handle, SANE_Int option) {
  return device_of(handle).descriptor(option);
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_control_option(SANE_Handle handle, SANE_Int option,
                                                                   SANE_Action action, void* value,
                                                                   SANE_Int* info) {
  return guarded([&] {
    if (info != nullptr) *info = 0;
    if (value == nullptr) return SANE_STATUS_INVAL;
    if (action == SANE_ACTION_GET_VALUE) return device_of(handle).get_option(option, value);
    return action == SANE_ACTION_SET_VALUE ? device_of(handle).set_option(option, value, info)
                                           : SANE_STATUS_INVAL;
  });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_get_parameters(SANE_Handle handle,
                                                                   SANE_Parameters* parameters) {
  return guarded([&] { return device_of(handle).parameters(*parameters); });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_start(SANE_Handle handle) {
  return guarded([&] { return device_of(handle).start(); });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_read(SANE_Handle handle, SANE_Byte* data, SANE_Int limit,
                                                         SANE_Int* length) {
  return guarded([&] { return device_of(handle).read(data, limit, *length); });
}

MAILROOM_SANE_ENTRY void sane_mailroomreplay_cancel(SANE_Handle handle) {
  device_of(handle).cancel();
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_set_io_mode(SANE_Handle, SANE_Bool non_blocking) {
  return non_blocking == SANE_TRUE ? SANE_STATUS_UNSUPPORTED : SANE_STATUS_GOOD;
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomreplay_get_select_fd(SANE_Handle, SANE_Int*) {
  return SANE_STATUS_UNSUPPORTED;
}
