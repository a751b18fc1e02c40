#include "daemon/intake/readable_file.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

constexpr int kThumbnail = 256;  ///< pixels a side

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

/// Which part of a received file is asked for, from 1.
Result<int> part_asked(const Visit& visit) {
  const std::string asked = visit.request.asked("part");
  if (asked.empty()) return 1;
  if (asked.size() > 4 || asked.find_first_not_of("0123456789") != std::string::npos || asked[0] == '0')
    return fail(Errc::invalid_input, "`part` is a number from 1");
  return std::stoi(asked);
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

/// A side, or a part of a received file, which never turns; `longest`: pixels a side, 0: all there are.
Result<Bytes> picture_of(const Shown& wanted, Pictures& pictures, FileParts& files, const Visit& visit,
                         int longest) {
  if (is_received_file(wanted.page.image.format)) {
    MAILROOM_TRY(const int part, part_asked(visit));
    return files.part(wanted.page, part, longest > 0 ? longest : intake::kReadableHeight);
  }
  return longest > 0 ? pictures.thumbnail(wanted.page, wanted.rotation)
                     : pictures.full(wanted.page, wanted.rotation);
}

Result<web::Response> picture(Desk& desk, Pictures& pictures, FileParts& files, const Visit& visit,
                              int longest) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  MAILROOM_TRY(const Bytes jpeg, picture_of(wanted, pictures, files, visit, longest));
  return picture_response(visit, jpeg);
}

/// How many there are to leaf through: a scanned side is one.
Result<web::Response> parts(Desk& desk, FileParts& files, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  if (!is_received_file(wanted.page.image.format)) return json_response({{"parts", 1}});
  MAILROOM_TRY(const int count, files.count(wanted.page));
  return json_response({{"parts", count}});
}

Result<web::Response> words(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto wanted, shown(desk, visit));
  return json_response(page_text_json(wanted.page, wanted.rotation));
}

}  // namespace

std::vector<web::Route> page_routes(Desk& desk, Pictures& pictures, FileParts& files) {
  const Access reading{Action::read, false, false};
  return {desk.route(Method::get, "/pages/{page}/thumbnail", "pages.thumbnail", reading,
                     [&](const Visit& visit) { return picture(desk, pictures, files, visit, kThumbnail); }),
          desk.route(Method::get, "/pages/{page}/image", "pages.image", {Action::read},
                     [&](const Visit& visit) { return picture(desk, pictures, files, visit, 0); }),
          desk.route(Method::get, "/pages/{page}/parts", "pages.parts", reading,
                     [&](const Visit& visit) { return parts(desk, files, visit); }),
          desk.route(Method::get, "/pages/{page}/words", "pages.words", reading,
                     [&](const Visit& visit) { return words(desk, visit); })};
}

}  // namespace mailroom::station
