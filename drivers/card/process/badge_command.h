#pragma once

#include <optional>

#include "drivers/card/messages/messages.h"
#include "drivers/card/token/pkcs11_module.h"

namespace mailroom::card {

/// What a staff badge is asked: to sign a challenge with the key of its certificate.
struct BadgeRequest {
  Bytes challenge;                       ///< 32 octets or more, fresh from the daemon
  std::optional<std::string> pin = {};   ///< none: at the reader's keypad
};

Result<BadgeRequest> badge_request_from(const nlohmann::json& body);

/// Signs with the first certificate of the token in `reader` (of any, when it is empty) that has its private key
/// there. Errc::device_lost without a token, refused when the PIN is.
Result<BadgeAnswer> answer_challenge(Pkcs11Module& module, const std::string& reader, const BadgeRequest& request);

}  // namespace mailroom::card
