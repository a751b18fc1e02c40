#include <algorithm>
#include <regex>
#include <set>

#include "daemon/archive/boxes.h"
#include "daemon/base/uuid.h"
#include "daemon/station/routes.h"

namespace mailroom::station {
namespace {

using archive::Box;
using archive::Boxes;
using nlohmann::json;
using web::Method;

/// What keeps the paper of one batch from being destroyed.
Result<void> add_reasons(Desk& desk, const archive::Batch& batch, const std::string& backup,
                         std::set<std::string>& reasons) {
  auto& catalogue = desk.rooms.catalogue;
  MAILROOM_TRY(const int open, catalogue.clarifications().open_count(batch.id));
  if (open > 0) reasons.insert("clarification");
  if (batch.state != BatchState::finished) reasons.insert("not_receipted");
  MAILROOM_TRY(const auto documents, catalogue.documents().of_batch(batch.id));
  std::string last;
  for (const auto& document : documents) {
    if (document.state == DocumentState::superseded) continue;  // its successor counts
    if (document.state != DocumentState::receipted) reasons.insert("not_receipted");
    if (document.originals != Originals::destroy) reasons.insert("fate");
    last = std::max(last, document.receipted_at);
  }
  if (backup.empty() || backup < last) reasons.insert("no_backup");
  const auto days = std::chrono::days(desk.rooms.configuration.limits.box_waiting_days);
  const auto receipted = from_rfc3339(last);
  if (!receipted || desk.rooms.clock.now() < *receipted + days) reasons.insert("waiting_time");
  return {};
}

Result<std::set<std::string>> reasons_against(Desk& desk, const Box& box,
                                              const std::vector<archive::Batch>& batches) {
  std::set<std::string> reasons;
  if (box.fate != Originals::destroy) reasons.insert("fate");
  if (box.state == archive::kBoxOpen) reasons.insert("open");
  if (batches.empty()) reasons.insert("empty");
  MAILROOM_TRY(const auto backup, Boxes(desk.rooms.catalogue.database()).last_backup());
  for (const auto& batch : batches) MAILROOM_TRY_VOID(add_reasons(desk, batch, backup, reasons));
  return reasons;
}

Result<json> box_view(Desk& desk, const Box& box) {
  MAILROOM_TRY(const auto batches, desk.rooms.catalogue.batches().in_box(box.id));
  MAILROOM_TRY(const auto reasons, reasons_against(desk, box, batches));
  json inside = json::array();
  for (const auto& batch : batches) inside.push_back({{"id", batch.id}, {"number", batch.number}});
  const bool destroyed = box.state == archive::kBoxDestroyed;
  json view = {{"id", box.id},
               {"number", box.number},
               {"fate", name_of(box.fate)},
               {"label", box.label},
               {"state", box.state},
               {"batches", inside},
               {"may_be_destroyed", reasons.empty() && !destroyed},
               {"blocked", destroyed ? std::set<std::string>() : reasons},
               {"opened_at", box.opened_at},
               {"closed_at", box.closed_at}};
  if (destroyed) view["destruction"] = box.destruction;
  return view;
}

Result<web::Response> list(Desk& desk, const Visit&) {
  MAILROOM_TRY(const json boxes, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto all, Boxes(desk.rooms.catalogue.database()).all());
    json found = json::array();
    for (const auto& box : all) {
      MAILROOM_TRY(json view, box_view(desk, box));
      found.push_back(std::move(view));
    }
    return found;
  }));
  return json_response({{"boxes", boxes}});
}

/// Runs `change` in one transaction with its audit entry and answers with the box as it is then.
Result<web::Response> changed_box(Desk& desk, const Visit& visit, const std::string& action, json details,
                                  const std::function<Result<std::string>()>& change, int status = 200) {
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    auto& database = desk.rooms.catalogue.database();
    MAILROOM_TRY(auto transaction, database.begin());
    MAILROOM_TRY(const std::string id, change());
    MAILROOM_TRY([[maybe_unused]] const auto head,
                 archive::append_audit(transaction, desk.rooms.clock.now(),
                                       {"operator:" + visit.user(), action, {id}, std::move(details)}));
    MAILROOM_TRY_VOID(transaction.commit());
    MAILROOM_TRY(const auto box, Boxes(database).get(id));
    return box_view(desk, box);
  }));
  return json_response(view, status);
}

Result<web::Response> open_box(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"fate", "label"}));
  Box box;
  box.id = new_uuid(desk.rooms.clock);
  MAILROOM_TRY(const auto fate, visit.text("fate"));
  const auto known = originals_from(fate);
  if (!known) return fail(Errc::invalid_input, "`fate` is destroy, keep, forward or return");
  box.fate = *known;
  MAILROOM_TRY(box.label, visit.text("label", false));
  if (box.label.size() > 60) return fail(Errc::invalid_input, "`label` is too long");
  return changed_box(
      desk, visit, "box.opened", {{"fate", fate}},
      [&]() -> Result<std::string> {
        MAILROOM_TRY([[maybe_unused]] const auto number,
                     Boxes(desk.rooms.catalogue.database()).insert(box, desk.rooms.clock.now()));
        return box.id;
      },
      201);
}

Result<web::Response> close_box(Desk& desk, const Visit& visit) {
  return changed_box(desk, visit, "box.closed", json::object(), [&]() -> Result<std::string> {
    Boxes boxes(desk.rooms.catalogue.database());
    MAILROOM_TRY(const auto box, boxes.get(visit.request.parameter("box")));
    if (box.state != archive::kBoxOpen)
      return fail(Errc::illegal_state, "this box is " + box.state + " already");
    MAILROOM_TRY_VOID(boxes.close(box.id, desk.rooms.clock.now()));
    return box.id;
  });
}

/// A box has one fate: what a class wants kept never lies in one that is destroyed.
Result<void> check_fate(Desk& desk, const Box& box, const archive::Batch& batch) {
  MAILROOM_TRY(const auto documents, desk.rooms.catalogue.documents().of_batch(batch.id));
  for (const auto& document : documents) {
    const bool counts = document.state != DocumentState::superseded;
    if (!counts || box.fate == document.originals || box.fate != Originals::destroy) continue;
    return fail(Errc::refused, "the paper of document " + document.number + " must not be destroyed",
                Place::in_batch(batch.number), "take it out and put it into a box of its own");
  }
  return {};
}

Result<web::Response> put_in_box(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"box"}));
  MAILROOM_TRY(const auto wanted, visit.text("box"));
  return changed_box(desk, visit, "batch.put_in_box", {{"box", wanted}}, [&]() -> Result<std::string> {
    auto& catalogue = desk.rooms.catalogue;
    MAILROOM_TRY(const auto batch, catalogue.batches().get(visit.request.parameter("batch")));
    if (!visit.may(Action::put_in_boxes, desk.protection_of(batch))) return nothing_there();
    MAILROOM_TRY(const auto box, Boxes(catalogue.database()).get(wanted));
    if (box.state != archive::kBoxOpen)
      return fail(Errc::illegal_state, "this box is " + box.state + " already");
    const bool released = batch.state == BatchState::released || batch.state == BatchState::finished;
    if (!released)
      return fail(Errc::illegal_state, "the paper stays at hand until the batch is released",
                  Place::in_batch(batch.number));
    MAILROOM_TRY_VOID(check_fate(desk, box, batch));
    MAILROOM_TRY_VOID(catalogue.batches().set_box(batch.id, box.id));
    return box.id;
  });
}

Result<json> destruction_from(Desk& desk, const Visit& visit) {
  static const std::regex level_form("P-[1-7]");
  MAILROOM_TRY_VOID(visit.knows_only({"protection_class", "level", "second_person", "certificate"}));
  MAILROOM_TRY(const int protection_class, visit.number("protection_class"));
  MAILROOM_TRY(const auto level, visit.text("level"));
  MAILROOM_TRY(const auto second, visit.text("second_person"));
  MAILROOM_TRY(const auto certificate, visit.text("certificate", false));
  if (protection_class < 1 || protection_class > 3 || !std::regex_match(level, level_form))
    return fail(Errc::invalid_input, "protection class is 1 to 3 and level P-1 to P-7 (ISO/IEC 21964)");
  if (second.empty() || second.size() > 100 || second == visit.user() || certificate.size() > 200)
    return fail(Errc::invalid_input, "a second person must be named");
  return json{{"by", visit.user()},
              {"at", to_rfc3339(desk.rooms.clock.now())},
              {"protection_class", protection_class},
              {"level", level},
              {"second_person", second},
              {"certificate", certificate}};
}

Result<web::Response> destroy(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json record, destruction_from(desk, visit));
  std::set<std::string> reasons;
  auto response = changed_box(desk, visit, "box.destroyed", record, [&]() -> Result<std::string> {
    Boxes boxes(desk.rooms.catalogue.database());
    MAILROOM_TRY(const auto box, boxes.get(visit.request.parameter("box")));
    if (box.state == archive::kBoxDestroyed)
      return fail(Errc::illegal_state, "this box is destroyed already");
    MAILROOM_TRY(const auto batches, desk.rooms.catalogue.batches().in_box(box.id));
    MAILROOM_TRY(reasons, reasons_against(desk, box, batches));
    if (!reasons.empty()) return fail(Errc::conflict, "the paper of this box must not be destroyed yet");
    MAILROOM_TRY_VOID(boxes.record_destruction(box.id, record));
    return box.id;
  });
  if (response || reasons.empty()) return response;
  return conflict_response(response.error(), {{"reasons", reasons}});
}

}  // namespace

std::vector<web::Route> box_routes(Desk& desk) {
  const auto bound = [&desk](auto work) {
    return [&desk, work](const Visit& visit) { return work(desk, visit); };
  };
  const Access boxing{Action::put_in_boxes};
  return {desk.route(Method::get, "/boxes", "boxes.list", boxing, bound(list)),
          desk.route(Method::post, "/boxes", "boxes.open", boxing, bound(open_box)),
          desk.route(Method::post, "/boxes/{box}/close", "boxes.close", boxing, bound(close_box)),
          desk.route(Method::put, "/batches/{batch}/box", "batches.put_in_box", boxing, bound(put_in_box)),
          desk.route(Method::post, "/boxes/{box}/destruction", "boxes.destroy", {Action::destroy_originals},
                     bound(destroy))};
}

}  // namespace mailroom::station
