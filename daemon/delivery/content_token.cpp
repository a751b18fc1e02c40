#include "daemon/delivery/content_token.h"

#include <algorithm>

#include "daemon/crypto/digest.h"

namespace mailroom::delivery {
namespace {

constexpr std::string_view kPurpose = "mailroom content token 1";

std::string to_base64url(ByteView bytes) {
  std::string text = to_base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

}  // namespace

std::string content_token(const RoutingKey& key, std::string_view delivery) {
  const Bytes own = hmac_sha256(key.key, as_bytes(kPurpose));
  return to_base64url(hmac_sha256(own, as_bytes(delivery)));
}

bool opens_content(std::string_view token, std::string_view delivery, const std::vector<RoutingKey>& keys) {
  bool opens = false;
  for (const RoutingKey& key : keys) {
    const std::string right = content_token(key, delivery);
    opens = equal_in_constant_time(as_bytes(token), as_bytes(right)) || opens;
  }
  return opens;
}

}  // namespace mailroom::delivery
