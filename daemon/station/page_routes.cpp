#include "daemon/intake/readable_file.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

struct Shown {
  archive::Page page;
  int rotation = 0;
};

/// The page, when the person may see it, and how it is to be turned.
Result<Shown> shown(Desk& desk, const Visit& visit) {
  Shown shown;
  MAILROOM_TRY(shown.page,
               desk.rooms.core.call([&] { return desk.page_for(visit, visit.request.parameter("page")); }));
  shown.rotation = shown.page.report ? shown.page.report->rotation : 0;
  const std::string asked = visit.request.asked("rotation");
  if (asked.empty()) return shown;
  if (asked != "0" && asked != "90" && asked != "180" && asked != "270")
    return fail(Errc::invalid_input, "`rotation` is 0, 90, 180 or 270");
  shown.rotation = std::stoi(asked);
  return shown;
}

/// The beginning of the readable form of a received file, which never turns.
Result<Bytes> drawn(const archive::Page& page) {
  return intake::readable_picture(page.report ? page.report->file : json(nullptr),
                                  {"", "", page.image.sha256, page.captured_at});
}

/// A captured side never changes, so its picture at one rotation does not either. It may be erased, though,
/// and another person may sit down: a browser keeps it for minutes only.
web::Response picture_response(const Visit& visit, const Bytes& jpeg) {
  web::Response response;
  response.type = "image/jpeg";
  response.body.assign(jpeg.begin(), jpeg.end());
  const bool fixed = !visit.request.asked("rotation").empty();
  response.headers.emplace_back("Cache-Control", fixed ? "private, max-age=600, immutable" : "no-store");
  return response;
}

Result<web::Response> thumbnail(Desk& desk, Pictures& pictures, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  const bool is_file = is_received_file(wanted.page.image.format);
  MAILROOM_TRY(const Bytes picture,
               is_file ? drawn(wanted.page) : pictures.thumbnail(wanted.page, wanted.rotation));
  return picture_response(visit, picture);
}

Result<web::Response> image(Desk& desk, Pictures& pictures, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  const bool is_file = is_received_file(wanted.page.image.format);
  MAILROOM_TRY(const Bytes picture,
               is_file ? drawn(wanted.page) : pictures.full(wanted.page, wanted.rotation));
  return picture_response(visit, picture);
}

Result<web::Response> words(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  return json_response(page_text_json(wanted.page, wanted.rotation));
}

}  // namespace

std::vector<web::Route> page_routes(Desk& desk, Pictures& pictures) {
  const Access reading{Action::read, false, false};
  return {desk.route(Method::get, "/pages/{page}/thumbnail", "pages.thumbnail", reading,
                     [&](const Visit& visit) { return thumbnail(desk, pictures, visit); }),
          desk.route(Method::get, "/pages/{page}/image", "pages.image", {Action::read},
                     [&](const Visit& visit) { return image(desk, pictures, visit); }),
          desk.route(Method::get, "/pages/{page}/words", "pages.words", reading,
                     [&](const Visit& visit) { return words(desk, visit); })};
}

}  // namespace mailroom::station
