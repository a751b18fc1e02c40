#include "drivers/card/process/badge_command.h"

#include <algorithm>

#include "daemon/crypto/token_signature.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kShortestChallenge = 32, kLongestChallenge = 256, kLongestPin = 64;

tl::unexpected<Error> wrong(const char* name) {
  return fail(Errc::invalid_input, std::string("a badge message has a wrong member '") + name + "'");
}

Result<TokenSight> token_in(Pkcs11Module& module, const std::string& reader) {
  MAILROOM_TRY(const auto tokens, module.tokens());
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const TokenSight& token) {
    return reader.empty() || token.reader.rfind(reader, 0) == 0;
  });
  if (found == tokens.end())
    return fail(Errc::device_lost, "there is no badge in the reader", Place::on_device(reader), "put the badge in");
  return *found;
}

}  // namespace

Result<BadgeRequest> badge_request_from(const nlohmann::json& body) {
  if (!body.is_object() || !body.contains("challenge") || !body["challenge"].is_string()) return wrong("challenge");
  BadgeRequest request;
  MAILROOM_TRY(request.challenge, from_base64(body["challenge"].get<std::string>()));
  if (request.challenge.size() < kShortestChallenge || request.challenge.size() > kLongestChallenge)
    return wrong("challenge");
  if (!body.contains("pin")) return request;
  if (!body["pin"].is_string()) return wrong("pin");
  request.pin = body["pin"].get<std::string>();
  if (request.pin->empty() || request.pin->size() > kLongestPin) return wrong("pin");
  return request;
}

Result<BadgeAnswer> answer_challenge(Pkcs11Module& module, const std::string& reader, const BadgeRequest& request) {
  MAILROOM_TRY(const TokenSight token, token_in(module, reader));
  // Without a PIN a badge proves nothing, unless it is typed at the keypad.
  if (!request.pin && !token.has_keypad) return wrong("pin");
  MAILROOM_TRY(auto session, module.log_in(token.slot, request.pin));
  MAILROOM_TRY(const auto certificates, session.certificates());
  for (const auto& stored : certificates) {
    const auto signature = session.sign(stored.id, request.challenge);
    if (!signature && signature.error().code == Errc::not_found) continue;
    if (!signature) return fail(signature.error());
    MAILROOM_TRY(const auto certificate, certificate_from_der(stored.der));
    return BadgeAnswer{certificate.pem(),
                       signature->scheme == SignatureScheme::ecdsa_plain ? "ecdsa_plain" : "rsa_pkcs1",
                       signature->signature, token.serial};
  }
  return fail(Errc::not_found, "the badge holds no certificate with its key", Place::on_device(reader));
}

}  // namespace mailroom::card
