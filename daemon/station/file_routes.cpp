#include "daemon/base/uuid.h"
#include "daemon/intake/readable_file.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

constexpr std::size_t kUploadAtMost = std::size_t{16} << 20U;  ///< bytes of a file
constexpr std::size_t kBodyAtMost = kUploadAtMost / 3 * 4 + 4096;

Result<intake::ReceivedFile> file_from(Desk& desk, const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"profile", "name", "bytes"}));
  intake::ReceivedFile file;
  MAILROOM_TRY(file.profile, visit.text("profile"));
  const auto profile = desk.rooms.configuration.profiles.find(file.profile);
  if (profile == desk.rooms.configuration.profiles.end()) return nothing_there();
  if (!visit.may(Action::scan, {profile->second.document_class, profile->second.department, ""}))
    return nothing_there();
  MAILROOM_TRY(file.name, visit.text("name"));
  if (file.name.empty() || file.name.size() > 200)
    return fail(Errc::invalid_input, "`name` has 1 to 200 bytes");
  MAILROOM_TRY(const auto bytes, visit.text("bytes"));
  MAILROOM_TRY(file.bytes, from_base64(bytes));
  if (file.bytes.size() > kUploadAtMost) return fail(Errc::refused, "the file is larger than 16 MiB");
  file.origin = new_uuid(desk.rooms.clock);  // whoever gives it again means it
  file.operator_id = visit.user();
  file.caller = "station";
  return file;
}

Result<web::Response> receive(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto file, file_from(desk, visit));
  MAILROOM_TRY(const auto batch, desk.rooms.receive(file));
  MAILROOM_TRY(const json body, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto now, desk.rooms.catalogue.batches().get(batch.id));
    return batch_json(desk, now, visit.user());
  }));
  return json_response(body, 201);
}

Result<web::Response> readable(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const auto page,
               desk.rooms.core.call([&] { return desk.page_for(visit, visit.request.parameter("page")); }));
  if (!is_received_file(page.image.format))
    return fail(Errc::unsupported, "this is a scanned side", {}, "ask for its picture");
  const auto [number, name] = desk.rooms.core.call([&] {
    const auto batch = desk.rooms.catalogue.batches().get(page.batch);
    const auto file = desk.rooms.catalogue.invoices().received_by_batch(page.batch);
    return std::pair(batch ? batch->number : "", file && *file ? (*file)->name : "");
  });
  MAILROOM_TRY(const Bytes pdf,
               intake::readable_pdf(page.report ? page.report->file : json(nullptr),
                                    {page.id, number, name, page.image.sha256, page.captured_at}));
  web::Response response;
  response.type = "application/pdf";
  response.body.assign(pdf.begin(), pdf.end());
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

std::vector<web::Route> file_routes(Desk& desk) {
  return {desk.route(
              Method::post, "/files", "files.receive", {Action::scan},
              [&](const Visit& visit) { return receive(desk, visit); }, kBodyAtMost),
          desk.route(Method::get, "/pages/{page}/readable", "pages.readable", {Action::read},
                     [&](const Visit& visit) { return readable(desk, visit); })};
}

}  // namespace mailroom::station
