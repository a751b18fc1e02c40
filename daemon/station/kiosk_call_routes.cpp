#include "daemon/station/routes.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

Result<web::Response> come(Desk& desk, const Visit& visit) {
  const auto kiosk = visit.request.parameter("kiosk");
  if (!desk.rooms.answer_kiosk) return nothing_there();
  MAILROOM_TRY_VOID(desk.rooms.answer_kiosk(kiosk));
  MAILROOM_TRY_VOID(desk.audit("operator:" + visit.user(), "kiosk.help_answered", {}, {{"kiosk", kiosk}}));
  return no_content();
}

}  // namespace

std::vector<web::Route> kiosk_call_routes(Desk& desk) {
  return {desk.route(Method::get, "/kiosks", "kiosks.calls", {Action::scan, false, false},
                     [&](const Visit&) -> Result<web::Response> {
                       return json_response(
                           {{"calls", desk.rooms.kiosk_calls ? desk.rooms.kiosk_calls() : json::array()}});
                     }),
          desk.route(Method::post, "/kiosks/{kiosk}/coming", "kiosks.come", {Action::scan},
                     [&](const Visit& visit) { return come(desk, visit); })};
}

}  // namespace mailroom::station
