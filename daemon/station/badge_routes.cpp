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

web::Response refused(Desk& desk, const web::Request& request, const std::string& throttled) {
  desk.throttle.failed(throttled);
  const auto noted = desk.audit("station", "session.refused", {}, {{"from", request.peer}, {"by", "badge"}});
  if (!noted) return error_response(noted.error());
  return json_response({{"error", {{"code", "unauthorised"}, {"text", "badge or PIN is wrong"}}}}, 401);
}

web::Response log_in(Desk& desk, Badges& badges, const web::Request& request) {
  const auto typed = typed_in(request.body);
  if (!typed || !badges.has_reader(typed->station))
    return error_response({Errc::not_found, "there is no card reader for badges at this station"});
  // The badge counts wrong PINs itself; this keeps its three tries from being used up at once.
  const std::string throttled = "badge at " + typed->station;
  const auto wait = desk.throttle.wait_of(throttled);
  if (wait.count() > 0) return wait_first(wait);
  const auto user = badges.prove(typed->station, typed->pin);
  if (!user) return error_response(user.error());
  if (!*user) return refused(desk, request, throttled);
  desk.throttle.succeeded(throttled);
  const auto noted = desk.audit("operator:" + (*user)->id, "session.opened", {},
                                {{"from", request.peer}, {"by", "badge"}, {"station", typed->station}});
  if (!noted) return error_response(noted.error());
  const Session session = desk.sessions.open(**user);
  badges.bind(typed->station, session.token);
  return session_response(desk, session, request.secure);
}

}  // namespace

std::vector<web::Route> badge_routes(Desk& desk, Badges& badges) {
  return {desk.open_route(Method::get, "/session/badge", "session.badge_stations",
                          [&badges](const web::Request&) {
                            return json_response({{"stations", badges.stations()}});
                          }),
          desk.open_route(Method::post, "/session/badge", "session.open_by_badge",
                          [&desk, &badges](const web::Request& request) { return log_in(desk, badges, request); })};
}

}  // namespace mailroom::station
