#include "daemon/station/badges.h"
#include "daemon/station/session_view.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

struct Typed {
  std::string station;
  std::optional<std::string> pin;  ///< none: at the reader's keypad
};

std::optional<Typed> typed_in(const std::string& text) {
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("station") || !body["station"].is_string()) return std::nullopt;
  Typed typed{body["station"].get<std::string>(), {}};
  if (typed.station.size() > 64) return std::nullopt;
  if (!body.contains("pin")) return typed;
  if (!body["pin"].is_string() || body["pin"].get_ref<const std::string&>().size() > 64) return std::nullopt;
  typed.pin = body["pin"].get<std::string>();
  return typed;
}

web::Response log_in(Desk& desk, Badges& badges, const web::Request& request) {
  const auto typed = typed_in(request.body);
  if (!typed || !badges.has_reader(typed->station))
    return error_response({Errc::not_found, "there is no card reader for badges at this station"});
  const auto login = badges.log_in(typed->station, typed->pin, request.peer, BadgeStay::locks);
  if (!login) return error_response(login.error());
  if (login->wait.count() > 0) return wait_first(login->wait);
  if (!login->session)
    return json_response({{"error", {{"code", "unauthorised"}, {"text", "badge or PIN is wrong"}}}}, 401);
  return session_response(desk, *login->session, request.secure);
}

}  // namespace

std::vector<web::Route> badge_routes(Desk& desk, Badges& badges) {
  return {desk.open_route(Method::get, "/session/badge", "session.badge_stations",
                          [&badges](const web::Request&) {
                            return json_response({{"stations", badges.stations()}});
                          }),
          desk.open_route(
              Method::post, "/session/badge", "session.open_by_badge",
              [&desk, &badges](const web::Request& request) { return log_in(desk, badges, request); })};
}

}  // namespace mailroom::station
