#include "daemon/station/session_view.h"

namespace mailroom::station {

using nlohmann::json;

json session_json(Desk& desk, const Session& session) {
  json actions = json::array();
  for (const Action action : all_actions()) {
    if (session.rights.may_somewhere(action)) actions.push_back(name_of(action));
  }
  json rights = json::array();
  for (const auto& right : session.rights.rows()) {
    rights.push_back({{"role", right.role},
                      {"class", right.document_class},
                      {"department", right.department},
                      {"station", right.station}});
  }
  return {{"user", session.user},
          {"name", session.name},
          {"roles", session.rights.roles()},
          {"actions", actions},
          {"rights", rights},
          {"csrf", session.csrf},
          {"locked", session.locked},
          {"ends_at", to_rfc3339(session.ends)},
          {"lock_seconds", desk.sessions.lock_after().count()},
          {"must_change_password", session.must_change}};
}

web::Response session_response(Desk& desk, const Session& session, bool secure) {
  auto response = json_response(session_json(desk, session));
  response.headers.emplace_back("Set-Cookie", cookie_for(session.token, secure));
  return response;
}

web::Response wait_first(std::chrono::seconds wait) {
  auto response = json_response(
      {{"error", {{"code", "too_many_requests"}, {"text", "too many failed tries; please wait"}}}}, 429);
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

std::string cookie_for(const std::string& token, bool secure) {
  return std::string(kCookie) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" +
         (secure ? "; Secure" : "") + (token.empty() ? "; Max-Age=0" : "");
}

}  // namespace mailroom::station
