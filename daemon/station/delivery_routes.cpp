#include "daemon/archive/search.h"
#include "daemon/archive/undelivered.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

/// What did not arrive: messages that were refused, deliveries that nobody answered.
namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

constexpr int kAtMost = 200;

Result<web::Response> dead_letters(Desk& desk, const Visit&) {
  MAILROOM_TRY(const auto letters, desk.rooms.core.call([&] {
    return archive::latest_dead_letters(desk.rooms.catalogue.database(), kAtMost);
  }));
  json list = json::array();
  for (const auto& entry : letters) {
    list.push_back({{"id", entry.id},
                    {"at", entry.at},
                    {"recipient", entry.letter.recipient},
                    {"topic", entry.letter.topic},
                    {"reason", entry.letter.reason},
                    {"size", entry.letter.size}});
  }
  return json_response({{"dead_letters", list}});
}

/// The delivery and the number of its document, for who may send it again.
Result<json> view_for(Desk& desk, const Visit& visit, const std::string& id) {
  auto& catalogue = desk.rooms.catalogue;
  MAILROOM_TRY(const auto delivery, catalogue.deliveries().find(id));
  if (!delivery) return nothing_there();
  MAILROOM_TRY(const auto document, catalogue.documents().get(delivery->document));
  MAILROOM_TRY(const auto batch, catalogue.batches().get(document.batch));
  if (!visit.may(Action::resend, Desk::protection_of(document, batch))) return nothing_there();
  json view = delivery_json(*delivery);
  view["document_number"] = document.number;
  view["class"] = document.document_class;
  return view;
}

Result<web::Response> undelivered(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json list, desk.rooms.core.call([&]() -> Result<json> {
    const archive::Undelivered undelivered(desk.rooms.catalogue.database());
    MAILROOM_TRY(const auto ids, undelivered.in_state(archive::kDead, kAtMost));
    json all = json::array();
    for (const auto& id : ids) {
      auto view = view_for(desk, visit, id);
      if (view) all.push_back(*std::move(view));
      if (!view && view.error().code != Errc::not_found) return fail(view.error());
    }
    return all;
  }));
  return json_response({{"deliveries", list}});
}

Result<web::Response> resend(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({}));
  const std::string id = visit.request.parameter("delivery");
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY([[maybe_unused]] const json before, view_for(desk, visit, id));
    MAILROOM_TRY_VOID(desk.rooms.flow.resend(id, visit.user(), "station"));
    return view_for(desk, visit, id);
  }));
  return json_response(view);
}

}  // namespace

std::vector<web::Route> delivery_routes(Desk& desk) {
  const Access resending{Action::resend};
  return {desk.route(Method::get, "/dead-letters", "dead_letters.list", resending,
                     [&desk](const Visit& visit) { return dead_letters(desk, visit); }),
          desk.route(Method::get, "/undelivered", "deliveries.undelivered", resending,
                     [&desk](const Visit& visit) { return undelivered(desk, visit); }),
          desk.route(Method::post, "/deliveries/{delivery}/resend", "deliveries.resend", resending,
                     [&desk](const Visit& visit) { return resend(desk, visit); })};
}

}  // namespace mailroom::station
