#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/web/message.h"

/// What keeps foreign pages and rebound names away from us, before any handler sees a request.
namespace mailroom::web {

struct GuardRules {
  std::vector<std::string> names;  ///< host names and addresses we answer to, without port
};

/// The answer to a request that must not reach a handler, or nothing. Writing requests must come
/// from our own pages (Origin and Sec-Fetch-Site, W3C Fetch Metadata) and carry JSON.
std::optional<Response> refusal(const GuardRules& rules, const Request& request, bool has_body);

/// Headers of every answer: CSP3 without inline script, no framing, no sniffing.
const std::vector<std::pair<std::string, std::string>>& protective_headers();

Response error_response(int status, const std::string& code, const std::string& text);

}  // namespace mailroom::web
