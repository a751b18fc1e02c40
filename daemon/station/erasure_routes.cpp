#include <algorithm>

#include "daemon/archive/erasures.h"
#include "daemon/station/routes.h"

/// What must not have been opened here goes for good, by the word of two persons.
namespace mailroom::station {
namespace {

using archive::Erasure;
using archive::Erasures;
using nlohmann::json;
using web::Method;

struct Subject {
  std::string number;  ///< of the document or the batch
  std::string batch_number;
  Protection protection;
};

Result<Subject> subject_of(Desk& desk, const Erasure& erasure) {
  MAILROOM_TRY(const auto batch, desk.rooms.catalogue.batches().get(erasure.batch));
  if (erasure.scope == "batch") return Subject{batch.number, batch.number, desk.protection_of(batch)};
  MAILROOM_TRY(const auto document, desk.rooms.catalogue.documents().get(erasure.subject));
  return Subject{document.number, batch.number, Desk::protection_of(document, batch)};
}

json erasure_json(const Visit& visit, const Erasure& erasure, const Subject& subject) {
  const bool is_open = erasure.state == archive::kErasureRequested;
  return {{"id", erasure.id},
          {"scope", erasure.scope},
          {"number", subject.number},
          {"batch_number", subject.batch_number},
          {"reason", erasure.reason},
          {"state", erasure.state},
          {"requested_by", erasure.requested_by},
          {"requested_at", erasure.requested_at},
          {"decided_by", erasure.decided_by},
          {"decided_at", erasure.decided_at},
          {"finished_at", erasure.finished_at},
          {"may_confirm", is_open && erasure.requested_by != visit.user()},
          {"may_refuse", is_open}};
}

Result<web::Response> list(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json all, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto erasures, Erasures(desk.rooms.catalogue.database()).all());
    json found = json::array();
    for (const auto& erasure : erasures) {
      MAILROOM_TRY(const auto subject, subject_of(desk, erasure));
      if (visit.may(Action::erase, subject.protection))
        found.push_back(erasure_json(visit, erasure, subject));
    }
    return found;
  }));
  return json_response({{"erasures", all}, {"reasons", archive::erasure_reasons()}});
}

/// Whether the person may have this document or discarded batch erased; what is not there is not allowed.
bool may_erase(Desk& desk, const Visit& visit, const std::string& id_or_number) {
  auto& catalogue = desk.rooms.catalogue;
  if (const auto document = catalogue.documents().get(id_or_number)) {
    const auto batch = catalogue.batches().get(document->batch);
    return batch && visit.may(Action::erase, Desk::protection_of(*document, *batch));
  }
  const auto batch = catalogue.batches().get(id_or_number);
  return batch && visit.may(Action::erase, desk.protection_of(*batch));
}

Result<web::Response> request(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"subject", "reason"}));
  intake::ErasureWish wish;
  MAILROOM_TRY(wish.subject, visit.text("subject"));
  MAILROOM_TRY(wish.reason, visit.text("reason"));
  wish.person = visit.user();
  wish.caller = "station";
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    if (!may_erase(desk, visit, wish.subject)) return nothing_there();
    MAILROOM_TRY(const auto erasure, desk.rooms.flow.request_erasure(wish));
    MAILROOM_TRY(const auto subject, subject_of(desk, erasure));
    return erasure_json(visit, erasure, subject);
  }));
  return json_response(view, 201);
}

using Decide = std::function<Result<Erasure>(const intake::ErasureDecision&)>;

Result<web::Response> decide(Desk& desk, const Visit& visit, const Decide& decision) {
  MAILROOM_TRY_VOID(visit.knows_only({}));
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto asked,
                 Erasures(desk.rooms.catalogue.database()).get(visit.request.parameter("erasure")));
    MAILROOM_TRY(const auto subject, subject_of(desk, asked));
    if (!visit.may(Action::erase, subject.protection)) return nothing_there();
    MAILROOM_TRY(const auto decided, decision({asked.id, visit.user(), "station"}));
    return erasure_json(visit, decided, subject);
  }));
  return json_response(view);
}

}  // namespace

std::vector<web::Route> erasure_routes(Desk& desk) {
  const Access erasing{Action::erase};
  return {desk.route(Method::get, "/erasures", "erasures.list", erasing,
                     [&desk](const Visit& visit) { return list(desk, visit); }),
          desk.route(Method::post, "/erasures", "erasures.request", erasing,
                     [&desk](const Visit& visit) { return request(desk, visit); }),
          desk.route(Method::post, "/erasures/{erasure}/confirm", "erasures.confirm", erasing,
                     [&desk](const Visit& visit) {
                       return decide(desk, visit, [&desk](const auto& decision) {
                         return desk.rooms.flow.confirm_erasure(decision);
                       });
                     }),
          desk.route(Method::post, "/erasures/{erasure}/refuse", "erasures.refuse", erasing,
                     [&desk](const Visit& visit) {
                       return decide(desk, visit, [&desk](const auto& decision) {
                         return desk.rooms.flow.refuse_erasure(decision);
                       });
                     })};
}

}  // namespace mailroom::station
