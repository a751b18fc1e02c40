#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "daemon/base/frame_channel.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"
#include "drivers/scanner/scanner.h"

/// The bodies of the scan messages (docs/formats/helper-protocol.md). Readers take anything the peer may
/// send: what is missing or of the wrong type is Errc::corrupt. All functions are reentrant.
namespace mailroom::drivers::messages {

nlohmann::json to_json(const Error& error);
Error error_from(const nlohmann::json& body);  ///< never fails: what cannot be read becomes Errc::corrupt

nlohmann::json to_json(const FeedSettings& settings);
Result<FeedSettings> settings_from(const nlohmann::json& body);

nlohmann::json to_json(const Capabilities& device);
Result<Capabilities> capabilities_from(const nlohmann::json& body);

nlohmann::json to_json(const FeederSense& sense);
Result<FeederSense> sense_from(const nlohmann::json& body);

/// With its error, which mailroom::to_json() leaves out.
nlohmann::json to_json(const FeedFault& fault);
FeedFault fault_from(const nlohmann::json& body);  ///< never fails: what cannot be read is a device_error

nlohmann::json to_json(const DeviceInfo& info);
Result<DeviceInfo> device_from(const nlohmann::json& body);

nlohmann::json to_json(const DeviceCount& count);
Result<DeviceCount> count_from(const nlohmann::json& body);

/// An `image` frame; its payload is the encoded side.
Frame image_frame(CapturedImage image);

/// Reads an `image` frame. Errc::corrupt also when the payload does not match its digest.
Result<CapturedImage> image_from(Frame frame);

}  // namespace mailroom::drivers::messages
