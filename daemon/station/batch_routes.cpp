#include <set>

#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;
using SightResult = Result<std::shared_ptr<const BatchSight>>;

std::string batch_of(const Visit& visit) {
  return visit.request.parameter("batch");
}

/// What the database knows of the batch now: for the answer to somebody who came second.
Result<web::Response> second_comer(Desk& desk, const std::string& id, const Error& error) {
  json current = json::object();
  desk.rooms.core.call([&] {
    const auto batch = desk.rooms.catalogue.batches().get(id);
    if (!batch) return;
    current["version"] = batch->version;
    if (const auto lease = desk.leases.holder("batch:" + batch->id)) {
      current["by"] = lease->by;
      current["name"] = lease->name;
      current["until"] = to_rfc3339(lease->until);
      return;
    }
    const auto edits = desk.rooms.catalogue.persons_work().edits_of(batch->id);
    if (edits && !edits->empty()) current["by"] = edits->back().person;
  });
  return conflict_response(error, current);
}

/// Runs `change` on the core thread and answers with the batch as it is then.
Result<web::Response> changed_view(Desk& desk, const Visit& visit, Action action,
                                   const std::function<Result<void>(const BatchSight&)>& change) {
  const std::string id = batch_of(visit);
  auto view = desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto before, desk.sight_for(visit, action, id));
    MAILROOM_TRY_VOID(desk.not_leased_by_others(visit, "batch:" + before->look.batch.id));
    MAILROOM_TRY_VOID(change(*before));
    MAILROOM_TRY(const auto after, desk.sight(id));
    return batch_view_json(desk, visit, *after);
  });
  if (view) return json_response(*view);
  const Errc code = view.error().code;
  if (code == Errc::conflict || code == Errc::busy) return second_comer(desk, id, view.error());
  return fail(view.error());
}

Result<web::Response> batch_answer(Desk& desk, const Visit& visit, const std::string& id, int status) {
  MAILROOM_TRY(const json body, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto batch, desk.rooms.catalogue.batches().get(id));
    return batch_json(desk, batch, visit.user());
  }));
  return json_response(body, status);
}

Result<std::vector<archive::Batch>> listed(Desk& desk, const Visit& visit) {
  const std::string wanted = visit.request.asked("state"), station = visit.request.asked("station");
  MAILROOM_TRY(const auto latest,
               desk.rooms.catalogue.batches().latest_before(visit.request.asked("before"), 1000));
  std::vector<archive::Batch> list;
  for (const auto& batch : latest) {
    const bool fits =
        (wanted.empty() || name_of(batch.state) == wanted) && (station.empty() || batch.station == station);
    if (fits && visit.may(Action::read, desk.protection_of(batch))) list.push_back(batch);
    if (list.size() == 200) break;
  }
  return list;
}

Result<web::Response> list(Desk& desk, const Visit& visit) {
  if (const auto state = visit.request.asked("state"); !state.empty() && !batch_state_from(state))
    return fail(Errc::invalid_input, "there is no such state");
  MAILROOM_TRY(const json batches, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto found, listed(desk, visit));
    json all = json::array();
    for (const auto& batch : found) {
      MAILROOM_TRY(json entry, batch_json(desk, batch, visit.user()));
      all.push_back(std::move(entry));
    }
    return all;
  }));
  return json_response({{"batches", batches}});
}

Result<intake::NewBatch> new_batch_from(Desk& desk, const Visit& visit) {
  const Configuration& configuration = desk.rooms.configuration;
  MAILROOM_TRY_VOID(
      visit.knows_only({"station", "profile", "declared", "received", "channel", "priority", "mode"}));
  intake::NewBatch wanted;
  MAILROOM_TRY(wanted.station, visit.text("station"));
  const auto station = configuration.stations.find(wanted.station);
  if (station == configuration.stations.end()) return nothing_there();
  wanted.scanner = station->second.scanner;
  MAILROOM_TRY(wanted.profile, visit.text("profile", false));
  if (wanted.profile.empty()) wanted.profile = station->second.profile;
  if (wanted.profile.empty()) wanted.profile = configuration.default_profile;
  const auto profile = configuration.profiles.find(wanted.profile);
  if (profile == configuration.profiles.end()) return nothing_there();
  const Protection protection{profile->second.document_class, profile->second.department, wanted.station};
  if (!visit.may(Action::scan, protection)) return nothing_there();
  MAILROOM_TRY(wanted.received_date, visit.text("received", false));
  MAILROOM_TRY(const auto channel, visit.text("channel", false));
  if (!channel.empty()) {
    MAILROOM_TRY(wanted.channel, channel_from(channel));
  }
  MAILROOM_TRY(const auto priority, visit.text("priority", false));
  if (!priority.empty()) {
    MAILROOM_TRY(wanted.priority, priority_from(priority));
  }
  MAILROOM_TRY(wanted.mode, visit.text("mode", false));
  if (wanted.mode.empty()) wanted.mode = "attended";
  if (wanted.mode != "attended" && wanted.mode != "capture_only" && wanted.mode != "unattended")
    return fail(Errc::invalid_input, "there is no such mode");
  if (visit.body.contains("declared")) {
    MAILROOM_TRY(wanted.declared_sheets, visit.number("declared"));
  }
  wanted.operator_id = visit.user();
  wanted.caller = "station";
  return wanted;
}

Result<void> check_date(const std::string& date) {
  if (date.empty()) return {};
  if (const auto read = from_rfc3339(date + "T00:00:00.000Z"); read && to_iso_date(*read) == date) return {};
  return fail(Errc::invalid_input, "the date is not of the form 2026-11-23");
}

Result<web::Response> start(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, new_batch_from(desk, visit));
  MAILROOM_TRY_VOID(check_date(wanted.received_date));
  MAILROOM_TRY(const auto batch, desk.rooms.start(wanted));
  return batch_answer(desk, visit, batch.id, 201);
}

Result<web::Response> show(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto sight, desk.sight_for(visit, Action::read, batch_of(visit)));
    return batch_view_json(desk, visit, *sight);
  }));
  return json_response(view);
}

/// The batch when the person may scan it.
Result<archive::Batch> scannable(Desk& desk, const Visit& visit) {
  return desk.rooms.core.call([&]() -> Result<archive::Batch> {
    MAILROOM_TRY(const auto batch, desk.rooms.catalogue.batches().get(batch_of(visit)));
    if (!visit.may(Action::scan, desk.protection_of(batch))) return nothing_there();
    return batch;
  });
}

Result<web::Response> stop(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto batch, scannable(desk, visit));
  if (batch.state != BatchState::feeding)
    return fail(Errc::illegal_state, "this batch is not being fed", Place::in_batch(batch.number));
  MAILROOM_TRY_VOID(desk.rooms.stop(batch.scanner));
  return no_content();
}

/// The scanner that a person names by its station, or the one of the batch.
Result<std::string> scanner_for(Desk& desk, const Visit& visit, const archive::Batch& batch) {
  MAILROOM_TRY(const auto id, visit.text("station", false));
  if (id.empty()) return batch.scanner;
  const auto& stations = desk.rooms.configuration.stations;
  const auto station = stations.find(id);
  if (station == stations.end() || !visit.session.rights.may_at(Action::scan, id)) return nothing_there();
  return station->second.scanner;
}

Result<void> feed_or_abandon(Desk& desk, const archive::Batch& batch, const std::string& scanner) {
  const auto fed = desk.rooms.feed(batch, scanner);
  if (fed) return {};
  MAILROOM_TRY_VOID(desk.rooms.core.call([&] { return desk.rooms.flow.abandon(batch.id, fed.error()); }));
  return fail(fed.error());
}

Result<web::Response> resume(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"station"}));
  MAILROOM_TRY(const auto batch, scannable(desk, visit));
  if (batch.state != BatchState::interrupted)
    return fail(Errc::illegal_state, "this batch was not interrupted", Place::in_batch(batch.number));
  MAILROOM_TRY(const auto scanner, scanner_for(desk, visit, batch));
  MAILROOM_TRY(const auto reopened, desk.rooms.core.call([&] {
    return desk.rooms.flow.reopen(batch.id, visit.user(), "station");
  }));
  MAILROOM_TRY_VOID(feed_or_abandon(desk, reopened, scanner));
  return batch_answer(desk, visit, batch.id, 200);
}

Result<web::Response> discard(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"reason"}));
  MAILROOM_TRY(const auto reason, visit.text("reason"));
  if (reason.empty() || reason.size() > 500) return fail(Errc::invalid_input, "a reason is needed");
  MAILROOM_TRY(const auto batch, scannable(desk, visit));
  MAILROOM_TRY_VOID(desk.not_leased_by_others(visit, "batch:" + batch.id));
  MAILROOM_TRY_VOID(desk.rooms.core.call([&]() -> Result<void> {
    MAILROOM_TRY([[maybe_unused]] const auto gone,
                 desk.rooms.flow.discard(batch.id, visit.user(), reason, "station"));
    return {};
  }));
  return batch_answer(desk, visit, batch.id, 200);
}

void tell_lease(Desk& desk, const Protection& protection, const std::string& subject) {
  desk.events.publish({"lease", {{"subject", subject}, {"lease", desk.lease_json(subject, "")}}, protection});
}

Result<web::Response> take_lease(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto sight,
               desk.rooms.core.call([&] { return desk.sight_for(visit, Action::edit, batch_of(visit)); }));
  const std::string subject = "batch:" + sight->look.batch.id;
  const Lease lease = desk.leases.take(subject, visit.user(), visit.session.name);
  if (lease.by != visit.user()) {
    const auto held = desk.not_leased_by_others(visit, subject);
    if (!held) return second_comer(desk, sight->look.batch.id, held.error());
  }
  tell_lease(desk, sight->of_batch, subject);
  return json_response(desk.lease_json(subject, visit.user()));
}

Result<web::Response> give_lease(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto sight,
               desk.rooms.core.call([&] { return desk.sight_for(visit, Action::edit, batch_of(visit)); }));
  const std::string subject = "batch:" + sight->look.batch.id;
  desk.leases.give(subject, visit.user());
  tell_lease(desk, sight->of_batch, subject);
  return no_content();
}

Result<std::vector<assembly::Edit>> edits_from(const Visit& visit) {
  const auto found = visit.body.find("edits");
  if (found == visit.body.end() || !found->is_array() || found->empty() || found->size() > 500)
    return fail(Errc::invalid_input, "`edits` is a list of 1 to 500 changes");
  std::vector<assembly::Edit> edits;
  for (const auto& item : *found) {
    if (!item.is_object() || !item.contains("kind") || !item["kind"].is_string())
      return fail(Errc::invalid_input, "an edit has a `kind`");
    assembly::Edit edit;
    edit.kind = item["kind"].get<std::string>();
    edit.arguments = item;
    edit.arguments.erase("kind");
    edit.person = visit.user();
    edits.push_back(std::move(edit));
  }
  return edits;
}

Result<web::Response> edit(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"version", "edits"}));
  intake::EditOrder order;
  MAILROOM_TRY(order.version, visit.number("version"));
  MAILROOM_TRY(order.edits, edits_from(visit));
  order.person = visit.user();
  return changed_view(desk, visit, Action::edit, [&](const BatchSight& sight) -> Result<void> {
    for (const auto& each : order.edits) {
      if (!sight.allows(visit, Action::edit, named_in(each.arguments))) return nothing_there();
    }
    order.batch = sight.look.batch.id;
    return desk.rooms.flow.edit(order);
  });
}

Result<web::Response> undo(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"version"}));
  MAILROOM_TRY(const int version, visit.number("version"));
  return changed_view(desk, visit, Action::edit, [&](const BatchSight& sight) {
    return desk.rooms.flow.undo(sight.look.batch.id, version, visit.user());
  });
}

Result<web::Response> rescan(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"version", "page", "place", "station"}));
  intake::RescanOrder order;
  MAILROOM_TRY(order.version, visit.number("version"));
  MAILROOM_TRY(order.page, visit.text("page"));
  MAILROOM_TRY(const auto place, visit.text("place"));
  if (place != "instead" && place != "behind")
    return fail(Errc::invalid_input, "`place` is instead or behind");
  order.instead = place == "instead";
  order.person = visit.user();
  MAILROOM_TRY(const auto batch, scannable(desk, visit));
  MAILROOM_TRY(const auto scanner, scanner_for(desk, visit, batch));
  std::optional<archive::Batch> reopened;
  auto response = changed_view(desk, visit, Action::edit, [&](const BatchSight& sight) -> Result<void> {
    if (!sight.allows(visit, Action::edit, {order.page})) return nothing_there();
    order.batch = sight.look.batch.id;
    MAILROOM_TRY(reopened, desk.rooms.flow.begin_rescan(order));
    return {};
  });
  if (!reopened) return response;
  MAILROOM_TRY_VOID(feed_or_abandon(desk, *reopened, scanner));
  return show(desk, visit);
}

}  // namespace

std::vector<web::Route> batch_routes(Desk& desk) {
  const auto bound = [&desk](auto work) {
    return [&desk, work](const Visit& visit) { return work(desk, visit); };
  };
  const Access reading{Action::read, false, false}, scanning{Action::scan}, editing{Action::edit};
  const Access renewing{Action::edit, false, false};
  return {
      desk.route(Method::get, "/batches", "batches.list", reading, bound(list)),
      desk.route(Method::post, "/batches", "batches.start", scanning, bound(start)),
      desk.route(Method::get, "/batches/{batch}", "batches.show", reading, bound(show)),
      desk.route(Method::post, "/batches/{batch}/stop", "batches.stop", scanning, bound(stop)),
      desk.route(Method::post, "/batches/{batch}/resume", "batches.resume", scanning, bound(resume)),
      desk.route(Method::post, "/batches/{batch}/discard", "batches.discard", scanning, bound(discard)),
      desk.route(Method::put, "/batches/{batch}/lease", "batches.take_lease", renewing, bound(take_lease)),
      desk.route(Method::remove, "/batches/{batch}/lease", "batches.give_lease", renewing, bound(give_lease)),
      desk.route(Method::post, "/batches/{batch}/edits", "batches.edit", editing, bound(edit), 512UL * 1024),
      desk.route(Method::post, "/batches/{batch}/undo", "batches.undo", editing, bound(undo)),
      desk.route(Method::post, "/batches/{batch}/rescan", "batches.rescan", scanning, bound(rescan))};
}

}  // namespace mailroom::station
