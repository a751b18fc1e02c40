#pragma once

#include <vector>

#include "daemon/crypto/routing_key.h"
#include "daemon/delivery/outbox.h"
#include "daemon/web/message.h"

namespace mailroom::app {

/// At most so many bytes are answered at once: a recipient fetches longer contents range by range.
inline constexpr std::uint64_t kContentRange = 4U * 1024 * 1024;

/// The second way to a delivery's contents (docs/contract.md): HTTPS with ranges (RFC 9110 §14) and the
/// token of the one delivery. Whatever is wrong answers as what does not exist. Both must outlive the
/// routes; thread-safe as the outbox is.
std::vector<web::Route> content_routes(delivery::Outbox& outbox, const std::vector<RoutingKey>& keys);

}  // namespace mailroom::app
