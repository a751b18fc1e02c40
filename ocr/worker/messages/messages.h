#pragma once

#include <nlohmann/json.hpp>

#include "daemon/base/frame_channel.h"
#include "daemon/base/result.h"
#include "ocr/worker/client/page_client.h"

/// The bodies of the page messages (docs/formats/helper-protocol.md), shared by both ends.
namespace mailroom::ocr::messages {

nlohmann::json to_json(const PageRequest& request);
Result<PageRequest> page_request_from(const nlohmann::json& json);

nlohmann::json to_json(const PictureRequest& request);
Result<PictureRequest> picture_request_from(const nlohmann::json& json);

/// {"code", "what", "remedy", "place"}.
nlohmann::json to_json(const Error& error);
Error error_from(const nlohmann::json& json);  ///< what cannot be understood becomes Errc::corrupt

}  // namespace mailroom::ocr::messages
