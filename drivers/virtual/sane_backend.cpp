// The SANE backend "mailroomfeeder" (SANE Standard 1.06 §4.3): the C entry points that libsane's dll
// backend looks up by name. No exception leaves them.

#include <sane/sane.h>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "drivers/virtual/feeder_config.h"
#include "drivers/virtual/feeder_device.h"

#define MAILROOM_SANE_ENTRY extern "C" __attribute__((visibility("default")))

namespace {

using namespace mailroom;
using namespace mailroom::drivers::feeder;

/// The list that sane_get_devices() handed out last; valid until the next call (§4.3.3).
struct DeviceList {
  std::vector<DeviceConfig> configs;
  std::vector<SANE_Device> devices;
  std::vector<const SANE_Device*> pointers;
};
std::unique_ptr<DeviceList> handed_out;

template <typename Call>
SANE_Status guarded(Call call) {
  try {
    return call();
  } catch (const std::exception& problem) {
    std::cerr << "mailroomfeeder: " << problem.what() << std::endl;
    return SANE_STATUS_NO_MEM;
  }
}

SANE_Status status_of(const Error& error) {
  std::cerr << "mailroomfeeder: " << error.message() << std::endl;
  return error.code == Errc::busy ? SANE_STATUS_DEVICE_BUSY : SANE_STATUS_IO_ERROR;
}

FeederDevice& device_of(SANE_Handle handle) {
  return *static_cast<FeederDevice*>(handle);
}

SANE_Status list_devices(const SANE_Device*** list) {
  auto configs = read_config();
  if (!configs) return status_of(configs.error());
  handed_out = std::make_unique<DeviceList>();
  handed_out->configs = std::move(*configs);
  for (const auto& config : handed_out->configs) {
    handed_out->devices.push_back(
        {config.name.c_str(), config.vendor.c_str(), config.model.c_str(), "sheetfed scanner"});
  }
  for (const auto& device : handed_out->devices) handed_out->pointers.push_back(&device);
  handed_out->pointers.push_back(nullptr);
  *list = handed_out->pointers.data();
  return SANE_STATUS_GOOD;
}

SANE_Status open_device(const std::string& name, SANE_Handle* handle) {
  auto configs = read_config();
  if (!configs) return status_of(configs.error());
  for (auto& config : *configs) {
    if (!name.empty() && config.name != name) continue;
    auto device = FeederDevice::open(std::move(config));
    if (!device) return status_of(device.error());
    *handle = device->release();
    return SANE_STATUS_GOOD;
  }
  return SANE_STATUS_INVAL;
}

}  // namespace

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_init(SANE_Int* version, SANE_Auth_Callback) {
  if (version != nullptr) *version = SANE_VERSION_CODE(SANE_CURRENT_MAJOR, SANE_CURRENT_MINOR, 1);
  return SANE_STATUS_GOOD;
}

MAILROOM_SANE_ENTRY void sane_mailroomfeeder_exit() {
  handed_out.reset();
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_get_devices(const SANE_Device*** list, SANE_Bool) {
  return guarded([&] { return list_devices(list); });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_open(SANE_String_Const name, SANE_Handle* handle) {
  return guarded([&] { return open_device(name == nullptr ? "" : name, handle); });
}

MAILROOM_SANE_ENTRY void sane_mailroomfeeder_close(SANE_Handle handle) {
  delete &device_of(handle);
}

MAILROOM_SANE_ENTRY const SANE_Option_Descriptor* sane_mailroomfeeder_get_option_descriptor(
    SANE_Handle handle, SANE_Int option) {
  return device_of(handle).options().descriptor(option);
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_control_option(SANE_Handle handle, SANE_Int option,
                                                                   SANE_Action action, void* value,
                                                                   SANE_Int* info) {
  return guarded([&] {
    FeederDevice& device = device_of(handle);
    if (info != nullptr) *info = 0;
    if (value == nullptr) return SANE_STATUS_INVAL;
    if (action == SANE_ACTION_GET_VALUE) return device.get_option(option, value);
    if (action != SANE_ACTION_SET_VALUE) return SANE_STATUS_INVAL;
    return device.scanning() ? SANE_STATUS_DEVICE_BUSY : device.options().set(option, value, info);
  });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_get_parameters(SANE_Handle handle,
                                                                   SANE_Parameters* parameters) {
  if (parameters != nullptr) *parameters = device_of(handle).parameters();
  return SANE_STATUS_GOOD;
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_start(SANE_Handle handle) {
  return guarded([&] { return device_of(handle).start(); });
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_read(SANE_Handle handle, SANE_Byte* data, SANE_Int limit,
                                                         SANE_Int* length) {
  return guarded([&] { return device_of(handle).read(data, limit, *length); });
}

MAILROOM_SANE_ENTRY void sane_mailroomfeeder_cancel(SANE_Handle handle) {
  device_of(handle).cancel();
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_set_io_mode(SANE_Handle, SANE_Bool non_blocking) {
  return non_blocking == SANE_TRUE ? SANE_STATUS_UNSUPPORTED : SANE_STATUS_GOOD;
}

MAILROOM_SANE_ENTRY SANE_Status sane_mailroomfeeder_get_select_fd(SANE_Handle, SANE_Int*) {
  return SANE_STATUS_UNSUPPORTED;
}
