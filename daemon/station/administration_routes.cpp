#include <charconv>

#include "daemon/archive/search.h"
#include "daemon/station/password.h"
#include "daemon/station/routes.h"
#include "daemon/station/user_book.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

Result<web::Response> status(Desk& desk, const Visit&) {
  json view = desk.rooms.status();
  const auto since = to_rfc3339(desk.rooms.clock.now() - std::chrono::hours(24));
  MAILROOM_TRY_VOID(desk.rooms.core.call([&]() -> Result<void> {
    auto& database = desk.rooms.catalogue.database();
    MAILROOM_TRY(const auto hours, archive::work_by_hour(database, since));
    MAILROOM_TRY(const auto recipients, archive::work_by_recipient(database));
    MAILROOM_TRY(const auto open, desk.rooms.catalogue.clarifications().open());
    MAILROOM_TRY(view["deliveries_owed"], desk.rooms.catalogue.deliveries().owed());
    view["clarifications_open"] = open.size();
    view["throughput"] = json::array();
    for (const auto& hour : hours) {
      view["throughput"].push_back(
          {{"hour", hour.hour}, {"pages", hour.pages}, {"documents", hour.documents}});
    }
    view["recipients"] = json::array();
    for (const auto& [id, recipient] : desk.rooms.configuration.recipients) {
      archive::RecipientWork work{id};
      for (const auto& row : recipients) {
        if (row.recipient == id) work = row;
      }
      view["recipients"].push_back({{"id", id},
                                    {"owed", work.owed},
                                    {"stored", work.stored},
                                    {"sent_back", work.sent_back},
                                    {"encrypt", recipient.encrypt}});
    }
    return {};
  }));
  return json_response(view);
}

Result<web::Response> devices(Desk& desk, const Visit&) {
  MAILROOM_TRY(const json found, desk.rooms.devices());
  return json_response({{"devices", found.at("scanners")}});
}

Result<web::Response> configuration(Desk& desk, const Visit&) {
  MAILROOM_TRY(const auto uses, desk.rooms.core.call([&] {
    return archive::configuration_uses(desk.rooms.catalogue.database());
  }));
  json snapshots = json::array();
  for (const auto& use : uses) snapshots.push_back({{"digest", use.digest}, {"first_used", use.first_used}});
  return json_response({{"digest", desk.rooms.configuration.digest},
                        {"configuration", json::parse(desk.rooms.configuration.snapshot)},
                        {"snapshots", snapshots}});
}

Result<web::Response> snapshot(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto found, desk.rooms.core.call([&] {
    return archive::configuration_snapshot(desk.rooms.catalogue.database(),
                                           visit.request.parameter("digest"));
  }));
  if (!found) return nothing_there();
  return json_response(json::parse(*found));
}

Result<web::Response> users(Desk& desk, const Visit&) {
  MAILROOM_TRY(const auto all, desk.rooms.core.call([&] { return desk.rooms.catalogue.users().all(); }));
  json list = json::array();
  for (const auto& user : all) list.push_back(user_json(user));
  return json_response({{"users", list}});
}

Result<web::Response> add(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"user", "name", "rights", "password"}));
  NewUser wanted;
  MAILROOM_TRY(wanted.user, visit.text("user"));
  MAILROOM_TRY(wanted.name, visit.text("name"));
  MAILROOM_TRY(wanted.password, visit.text("password", false));
  MAILROOM_TRY(wanted.rights, rights_from(visit.body.value("rights", json())));
  MAILROOM_TRY(const auto added, desk.rooms.core.call([&] {
    return add_user(desk.rooms.catalogue, desk.rooms.clock, wanted, "operator:" + visit.user());
  }));
  json view = user_json(added.user);
  if (!added.made_password.empty()) view["password"] = added.made_password;
  return json_response(view, 201);
}

/// Applies what the body asks for; gives the new first password when one was made.
Result<std::string> apply(const Visit& visit, archive::User& user) {
  std::string made;
  if (visit.body.contains("name")) {
    MAILROOM_TRY(user.name, visit.text("name"));
    if (user.name.empty() || user.name.size() > 100)
      return fail(Errc::invalid_input, "the name does not fit");
  }
  if (const auto active = visit.body.find("active"); active != visit.body.end()) {
    if (!active->is_boolean()) return fail(Errc::invalid_input, "`active` is true or false");
    user.active = active->get<bool>();
  }
  if (const auto rights = visit.body.find("rights"); rights != visit.body.end()) {
    MAILROOM_TRY(user.rights, rights_from(*rights));
  }
  if (visit.body.value("new_password", json(false)) == true) {
    made = made_password();
    user.password = hash_password(made);
    user.must_change = true;
  }
  return made;
}

Result<web::Response> change(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"name", "active", "rights", "new_password"}));
  const std::string id = visit.request.parameter("user");
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    auto& catalogue = desk.rooms.catalogue;
    MAILROOM_TRY(auto user, catalogue.users().find(id));
    if (!user) return nothing_there();
    MAILROOM_TRY(const auto made, apply(visit, *user));
    json changed = json::array();
    for (const auto& [name, value] : visit.body.items()) changed.push_back(name);
    MAILROOM_TRY(auto transaction, catalogue.database().begin());
    MAILROOM_TRY_VOID(catalogue.users().update(*user));
    MAILROOM_TRY([[maybe_unused]] const auto head,
                 archive::append_audit(transaction, desk.rooms.clock.now(),
                                       {"operator:" + visit.user(),
                                        "user.changed",
                                        {id},
                                        {{"changed", changed}, {"rights", user_json(*user).at("rights")}}}));
    MAILROOM_TRY_VOID(transaction.commit());
    json body = user_json(*user);
    if (!made.empty()) body["password"] = made;
    return body;
  }));
  desk.sessions.end_all_of(id);
  desk.events.end_all_of(id);
  return json_response(view);
}

Result<web::Response> audit_list(Desk& desk, const Visit& visit) {
  std::int64_t after = 0;
  const std::string asked = visit.request.asked("after");
  const auto [end, error] = std::from_chars(asked.data(), asked.data() + asked.size(), after);
  if (!asked.empty() && (error != std::errc() || end != asked.data() + asked.size()))
    return fail(Errc::invalid_input, "`after` is a number");
  MAILROOM_TRY(const auto entries, desk.rooms.core.call([&] {
    return archive::read_audit(desk.rooms.catalogue.database(), visit.request.asked("subject"), after, 500);
  }));
  json list = json::array();
  for (const auto& entry : entries) {
    list.push_back({{"seq", entry.seq},
                    {"time", entry.time},
                    {"actor", entry.record.actor},
                    {"action", entry.record.action},
                    {"subjects", entry.record.subjects},
                    {"details", entry.record.details},
                    {"hash", entry.hash}});
  }
  return json_response({{"entries", list}});
}

Result<web::Response> procedure(Desk& desk, const Visit&) {
  MAILROOM_TRY(const Bytes pdf, desk.rooms.procedure());
  web::Response response;
  response.type = "application/pdf";
  response.body.assign(pdf.begin(), pdf.end());
  response.headers = {{"Content-Disposition", "inline; filename=\"Verfahrensdokumentation.pdf\""}};
  return response;
}

Result<web::Response> figures(Desk& desk, const Visit& visit) {
  const std::string from = visit.request.asked("from"), to = visit.request.asked("to");
  MAILROOM_TRY(const auto months, desk.rooms.core.call([&] {
    return archive::work_by_month(desk.rooms.catalogue.database(), from, to);
  }));
  json rows = json::array();
  for (const auto& month : months) {
    rows.push_back(
        {{"month", month.month},
         {"class", month.document_class},
         {"documents", month.documents},
         {"sheets", month.sheets},
         {"untouched", month.untouched},
         {"hours_to_file_median", month.median_hours ? json(*month.median_hours) : json(nullptr)}});
  }
  return json_response({{"from", from}, {"to", to}, {"never_per_person", true}, {"rows", rows}});
}

}  // namespace

std::vector<web::Route> administration_routes(Desk& desk) {
  const auto bound = [&desk](auto work) {
    return [&desk, work](const Visit& visit) { return work(desk, visit); };
  };
  const Access administering{Action::administer};
  return {
      desk.route(Method::get, "/status", "status.show", {Action::administer, false, false}, bound(status)),
      desk.route(Method::get, "/devices", "devices.list", administering, bound(devices)),
      desk.route(Method::get, "/configuration", "configuration.show", administering, bound(configuration)),
      desk.route(Method::get, "/configuration/{digest}", "configuration.snapshot", administering,
                 bound(snapshot)),
      desk.route(Method::get, "/users", "users.list", administering, bound(users)),
      desk.route(Method::post, "/users", "users.add", administering, bound(add)),
      desk.route(Method::patch, "/users/{user}", "users.change", administering, bound(change)),
      desk.route(Method::get, "/procedure.pdf", "procedure.pdf", administering, bound(procedure)),
      desk.route(Method::get, "/figures", "figures.show", {Action::see_figures}, bound(figures)),
      desk.route(Method::get, "/audit", "audit.list", {Action::audit}, bound(audit_list))};
}

}  // namespace mailroom::station
