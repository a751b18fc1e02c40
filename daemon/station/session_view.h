#pragma once

#include <chrono>

#include "daemon/station/desk.h"

/// How sessions are answered, whatever opened them.
namespace mailroom::station {

nlohmann::json session_json(Desk& desk, const Session& session);
web::Response session_response(Desk& desk, const Session& session, bool secure);  ///< with its cookie
web::Response wait_first(std::chrono::seconds wait);                              ///< too many failed tries
std::string cookie_for(const std::string& token, bool secure);  ///< an empty one takes it away

}  // namespace mailroom::station
