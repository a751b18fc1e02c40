#include <algorithm>

#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

/// What protects a clarification: the pages it is about, else its batch.
Result<bool> may_see(Desk& desk, const Visit& visit, Action action, const archive::ClarificationRow& row) {
  MAILROOM_TRY(const auto sight, desk.sight(row.batch));
  const auto subjects = row.body.value("subjects", Ids());
  const bool about_pages = std::any_of(subjects.begin(), subjects.end(), [&](const std::string& subject) {
    return sight->of_pages.contains(subject);
  });
  return about_pages ? sight->allows(visit, action, subjects) : visit.may(action, sight->of_batch);
}

/// Quality control has a right and a list of its own.
bool is_quality_control(const archive::ClarificationRow& row) {
  return row.reason == "gate_quality_control";
}

Result<archive::ClarificationRow> row_for(Desk& desk, const Visit& visit, Action action) {
  MAILROOM_TRY(auto row, desk.rooms.catalogue.clarifications().get(visit.request.parameter("clarification")));
  MAILROOM_TRY(const bool allowed, may_see(desk, visit, action, row));
  if (!allowed) return nothing_there();
  return row;
}

Result<archive::ClarificationRow> row_to_answer(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(auto row, row_for(desk, visit, Action::read));
  MAILROOM_TRY(const bool allowed,
               may_see(desk, visit, is_quality_control(row) ? Action::check_quality : Action::clarify, row));
  if (!allowed) return nothing_there();
  return row;
}

int rank_of(const json& clarification) {
  const auto priority = priority_from(clarification.at("priority").get<std::string>());
  return -int(priority.value_or(Priority::ordinary));
}

Result<web::Response> list(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(json all, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto rows, desk.rooms.catalogue.clarifications().open());
    json found = json::array();
    for (const auto& row : rows) {
      MAILROOM_TRY(const auto sight, desk.sight(row.batch));
      if (!is_question(row, sight->look.batch)) continue;
      MAILROOM_TRY(const bool allowed, may_see(desk, visit, Action::clarify, row));
      if (!allowed) continue;
      MAILROOM_TRY(json entry, clarification_json(desk, row, visit.user()));
      found.push_back(std::move(entry));
    }
    return found;
  }));
  std::stable_sort(all.begin(), all.end(),
                   [](const json& a, const json& b) { return rank_of(a) < rank_of(b); });
  return json_response({{"clarifications", all}});
}

Result<web::Response> show(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto row, row_for(desk, visit, Action::read));
    return clarification_json(desk, row, visit.user());
  }));
  return json_response(view);
}

Result<web::Response> second_comer(Desk& desk, const Visit& visit, const Error& error) {
  json current = json::object();
  const std::string id = visit.request.parameter("clarification");
  desk.rooms.core.call([&] {
    if (const auto row = desk.rooms.catalogue.clarifications().get(id)) current["version"] = row->version;
  });
  if (const auto lease = desk.leases.holder("clarification:" + id)) {
    current["by"] = lease->by;
    current["name"] = lease->name;
    current["until"] = to_rfc3339(lease->until);
  }
  return conflict_response(error, current);
}

Result<web::Response> take_lease(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto row, desk.rooms.core.call([&] { return row_to_answer(desk, visit); }));
  const std::string subject = "clarification:" + row.id;
  desk.leases.take(subject, visit.user(), visit.session.name);
  if (const auto held = desk.not_leased_by_others(visit, subject); !held)
    return second_comer(desk, visit, held.error());
  return json_response(desk.lease_json(subject, visit.user()));
}

Result<web::Response> give_lease(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto row, desk.rooms.core.call([&] { return row_to_answer(desk, visit); }));
  desk.leases.give("clarification:" + row.id, visit.user());
  return no_content();
}

Result<void> answer_it(Desk& desk, const Visit& visit, intake::Answer& answer) {
  MAILROOM_TRY(const auto row, row_to_answer(desk, visit));
  MAILROOM_TRY_VOID(desk.not_leased_by_others(visit, "clarification:" + row.id));
  MAILROOM_TRY_VOID(desk.not_leased_by_others(visit, "batch:" + row.batch));
  answer.clarification = row.id;
  MAILROOM_TRY([[maybe_unused]] const auto batch, desk.rooms.flow.answer(answer));
  return {};
}

Result<web::Response> answer(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"version", "resolution", "arguments"}));
  intake::Answer given;
  MAILROOM_TRY(given.kind, visit.text("resolution"));
  MAILROOM_TRY(given.version, visit.number("version"));
  given.arguments = visit.body.value("arguments", json::object());
  given.person = visit.user();
  given.caller = "station";
  const auto answered = desk.rooms.core.call([&] { return answer_it(desk, visit, given); });
  if (answered) {
    desk.leases.give("clarification:" + given.clarification, visit.user());
    return show(desk, visit);
  }
  const Errc code = answered.error().code;
  if (code == Errc::conflict || code == Errc::busy || code == Errc::illegal_state)
    return second_comer(desk, visit, answered.error());
  return fail(answered.error());
}

}  // namespace

std::vector<web::Route> clarification_routes(Desk& desk) {
  const auto bound = [&desk](auto work) {
    return [&desk, work](const Visit& visit) { return work(desk, visit); };
  };
  const Access polling{Action::clarify, false, false};
  return {desk.route(Method::get, "/clarifications", "clarifications.list", polling, bound(list)),
          desk.route(Method::get, "/clarifications/{clarification}", "clarifications.show", {Action::read},
                     bound(show)),
          desk.route(Method::put, "/clarifications/{clarification}/lease", "clarifications.take_lease",
                     polling, bound(take_lease)),
          desk.route(Method::remove, "/clarifications/{clarification}/lease", "clarifications.give_lease",
                     polling, bound(give_lease)),
          desk.route(Method::post, "/clarifications/{clarification}/answer", "clarifications.answer",
                     {Action::clarify}, bound(answer))};
}

}  // namespace mailroom::station
