#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/crypto/routing_key.h"

/// What lets a recipient fetch the contents of one delivery over HTTPS, and nothing else.
///
/// The token is the HMAC-SHA256, in base64url without padding (RFC 4648 §5), of the delivery's id under a
/// key that is itself derived from a key of the site, so that a token says nothing about routing sheets.
/// It is the same each time it is made: a manifest that is sealed again after a crash stays the same.
namespace mailroom::delivery {

std::string content_token(const RoutingKey& key, std::string_view delivery);

/// Whether `token` was made for `delivery` with any of `keys`; takes the same time for every wrong one.
bool opens_content(std::string_view token, std::string_view delivery, const std::vector<RoutingKey>& keys);

}  // namespace mailroom::delivery
