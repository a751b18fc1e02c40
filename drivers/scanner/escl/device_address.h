#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailroom::drivers {

/// Where an eSCL device answers.
struct DeviceAddress {
  std::string host;
  std::string port = "80";
  std::string root;  ///< "/eSCL", without a slash at the end

  bool operator==(const DeviceAddress&) const = default;
};

/// Reads "http://HOST[:PORT]/ROOT"; nullopt for anything else, https among it.
std::optional<DeviceAddress> address_from_url(std::string_view url);

/// The URL of the device called `name` in the [devices] of the text of an airscan.conf (sane-airscan(5));
/// empty when it is not there or does not speak eSCL.
std::string url_in_airscan_config(std::string_view text, std::string_view name);

/// The address of the SANE device `device`: from its name ("airscan:escl:NAME:URL"), or for a device that is
/// configured by hand ("airscan:e0:NAME") from airscan.conf and airscan.d in the folders SANE reads. nullopt
/// for a device of another kind and for one that was discovered: its driver does not tell the address.
std::optional<DeviceAddress> escl_address_of(const std::string& device);

}  // namespace mailroom::drivers
