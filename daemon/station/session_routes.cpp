#include <algorithm>

#include "daemon/station/password.h"
#include "daemon/station/routes.h"
#include "daemon/station/session_view.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

web::Response refused_login() {
  return json_response({{"error", {{"code", "unauthorised"}, {"text", "name or password is wrong"}}}}, 401);
}

/// What somebody typed, if it can be a login at all.
struct Typed {
  std::string user;
  std::string password;
};

std::optional<Typed> typed_in(const std::string& text) {
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object()) return std::nullopt;
  const auto is_text = [&](const char* name) { return body.contains(name) && body[name].is_string(); };
  if (!is_text("user") || !is_text("password")) return std::nullopt;
  Typed typed{body["user"].get<std::string>(), body["password"].get<std::string>()};
  if (typed.user.size() > 64 || typed.password.size() > 1024) return std::nullopt;
  return typed;
}

/// The user when name and password fit, in constant time for names that do not exist.
Result<std::optional<archive::User>> proven(Desk& desk, const Typed& typed) {
  MAILROOM_TRY(auto user,
               desk.rooms.core.call([&] { return desk.rooms.catalogue.users().find(typed.user); }));
  const bool known = user && user->active;
  if (!is_password(typed.password, known ? user->password : std::string()))
    return std::optional<archive::User>();
  return user;
}

web::Response log_in(Desk& desk, const web::Request& request) {
  const auto typed = typed_in(request.body);
  if (!typed) return refused_login();
  const std::string by_name = "user " + typed->user;
  const auto wait = std::max(desk.throttle.wait_of(by_name), desk.address_throttle.wait_of(request.peer));
  if (wait.count() > 0) return wait_first(wait);
  const auto user = proven(desk, *typed);
  if (!user) return error_response(user.error());
  if (!*user) {
    desk.throttle.failed(by_name);
    desk.address_throttle.failed(request.peer);
    // A name that nobody has may be a password typed into the wrong field: it is not recorded.
    const auto noted = desk.audit("station", "session.refused", {}, {{"from", request.peer}});
    return noted ? refused_login() : error_response(noted.error());
  }
  desk.throttle.succeeded(by_name);
  desk.address_throttle.succeeded(request.peer);
  const auto noted = desk.audit("operator:" + (*user)->id, "session.opened", {}, {{"from", request.peer}});
  if (!noted) return error_response(noted.error());
  const Session session = desk.sessions.open(**user);
  return session_response(desk, session, request.secure);
}

Result<web::Response> log_out(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(desk.audit("operator:" + visit.user(), "session.closed", {}));
  desk.sessions.close(visit.session.token);
  desk.leases.give_all_of(visit.user());
  auto response = no_content();
  response.headers.emplace_back("Set-Cookie", cookie_for("", visit.request.secure));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\"");  // pictures that the browser has kept
  return response;
}

/// The password of somebody who has a session; failures count like those of a login.
Result<bool> proves_again(Desk& desk, const Visit& visit, const std::string& password) {
  MAILROOM_TRY(const auto user, proven(desk, {visit.user(), password}));
  if (user) {
    desk.throttle.succeeded("user " + visit.user());
    return true;
  }
  desk.throttle.failed("user " + visit.user());
  MAILROOM_TRY_VOID(desk.audit("operator:" + visit.user(), "session.refused", {},
                               {{"from", visit.request.peer}, {"locked", visit.session.locked}}));
  return false;
}

Result<web::Response> unlock(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"password"}));
  MAILROOM_TRY(const auto password, visit.text("password"));
  const auto wait = desk.throttle.wait_of("user " + visit.user());
  if (wait.count() > 0) return wait_first(wait);
  MAILROOM_TRY(const bool right, proves_again(desk, visit, password));
  if (!right) return refused_login();
  desk.sessions.unlock(visit.session.token);
  MAILROOM_TRY_VOID(desk.audit("operator:" + visit.user(), "session.unlocked", {}));
  Session session = visit.session;
  session.locked = false;
  return json_response(session_json(desk, session));
}

Result<web::Response> lock(Desk& desk, const Visit& visit) {
  desk.sessions.lock(visit.session.token);
  desk.leases.give_all_of(visit.user());
  MAILROOM_TRY_VOID(desk.audit("operator:" + visit.user(), "session.locked", {}));
  return no_content();
}

/// On the core thread.
Result<void> store_password(Desk& desk, const std::string& id, const std::string& hash) {
  MAILROOM_TRY(auto user, desk.rooms.catalogue.users().find(id));
  if (!user) return nothing_there();
  user->password = hash;
  user->must_change = false;
  MAILROOM_TRY(auto transaction, desk.rooms.catalogue.database().begin());
  MAILROOM_TRY_VOID(desk.rooms.catalogue.users().update(*user));
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, desk.rooms.clock.now(),
                                     {"operator:" + id, "user.password_changed", {id}}));
  return transaction.commit();
}

Result<web::Response> change_password(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"password", "new_password"}));
  MAILROOM_TRY(const auto password, visit.text("password"));
  MAILROOM_TRY(const auto fresh, visit.text("new_password"));
  MAILROOM_TRY_VOID(check_new_password(fresh));
  const auto wait = desk.throttle.wait_of("user " + visit.user());
  if (wait.count() > 0) return wait_first(wait);
  MAILROOM_TRY(const bool right, proves_again(desk, visit, password));
  if (!right) return refused_login();
  const std::string hash = hash_password(fresh);
  MAILROOM_TRY_VOID(desk.rooms.core.call([&] { return store_password(desk, visit.user(), hash); }));
  return no_content();
}

Result<web::Response> follow_events(Desk& desk, const Visit& visit) {
  web::Response response;
  response.type = "text/event-stream";
  response.events =
      desk.events.follow(visit.user(), visit.session.rights, visit.request.header("last-event-id"),
                         [&desk, token = visit.session.token] {
                           const auto session = desk.sessions.find(token, false);
                           return session && !session->locked;
                         });
  return response;
}

Result<web::Response> sit_down(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"station"}));
  MAILROOM_TRY(const auto station, visit.text("station"));
  const bool known = desk.rooms.configuration.stations.contains(station);
  if (!known || !visit.session.rights.may_at(Action::scan, station)) return nothing_there();
  desk.sessions.sit_down(visit.session.token, station);
  return no_content();
}

Result<web::Response> stations(Desk& desk, const Visit& visit) {
  const auto feeding = desk.rooms.feeding();
  MAILROOM_TRY(const auto open, desk.rooms.core.call([&] {
    return desk.rooms.catalogue.batches().in_state(BatchState::feeding);
  }));
  json list = terms_json(desk, visit.session.rights).at("stations");
  for (auto& station : list) {
    const auto scanner = station.at("scanner").get<std::string>();
    station["feeding"] = std::find(feeding.begin(), feeding.end(), scanner) != feeding.end();
    station["batch"] = nullptr;
    station["panel"] = desk.panel ? desk.panel(station.at("id")) : json(nullptr);
    for (const auto& batch : open) {
      if (batch.scanner == scanner && visit.may(Action::read, desk.protection_of(batch)))
        station["batch"] = batch.id;
    }
  }
  return json_response({{"stations", list}});
}

}  // namespace

std::vector<web::Route> session_routes(Desk& desk) {
  const Access here{{}, true, true}, polling{{}, false, false};
  return {desk.open_route(Method::post, "/session", "session.open",
                          [&desk](const web::Request& request) { return log_in(desk, request); }),
          desk.route(Method::get, "/session", "session.show", {{}, true, false},
                     [&desk](const Visit& visit) -> Result<web::Response> {
                       return json_response(session_json(desk, visit.session));
                     }),
          desk.route(Method::remove, "/session", "session.close", here,
                     [&desk](const Visit& visit) { return log_out(desk, visit); }),
          desk.route(Method::post, "/session/lock", "session.lock", here,
                     [&desk](const Visit& visit) { return lock(desk, visit); }),
          desk.route(Method::post, "/session/unlock", "session.unlock", here,
                     [&desk](const Visit& visit) { return unlock(desk, visit); }),
          desk.route(Method::post, "/session/password", "session.change_password", {},
                     [&desk](const Visit& visit) { return change_password(desk, visit); }),
          desk.route(Method::put, "/session/station", "session.sit_down", {Action::scan},
                     [&desk](const Visit& visit) { return sit_down(desk, visit); }),
          desk.route(Method::get, "/events", "events.follow", polling,
                     [&desk](const Visit& visit) { return follow_events(desk, visit); }),
          desk.route(Method::get, "/terms", "terms.show", polling,
                     [&desk](const Visit& visit) -> Result<web::Response> {
                       return json_response(terms_json(desk, visit.session.rights));
                     }),
          desk.route(Method::get, "/stations", "stations.list", polling,
                     [&desk](const Visit& visit) { return stations(desk, visit); })};
}

}  // namespace mailroom::station
