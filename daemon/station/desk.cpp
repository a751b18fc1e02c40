#include "daemon/station/desk.h"

#include <algorithm>

#include "daemon/archive/erasures.h"
#include "daemon/base/log.h"
#include "daemon/crypto/digest.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
constexpr const char* kPrefix = "/api/v1";
constexpr std::chrono::seconds kRefusalPause{10};
constexpr std::size_t kSightsKept = 16;

int status_of(Errc code) {
  switch (code) {
    case Errc::invalid_input: return 400;
    case Errc::not_found: return 404;
    case Errc::busy:
    case Errc::conflict:
    case Errc::illegal_state: return 409;
    case Errc::timed_out:
    case Errc::crashed:
    case Errc::device_lost:
    case Errc::unreachable:
    case Errc::cancelled: return 503;
    case Errc::disk_full: return 507;
    case Errc::io:
    case Errc::corrupt: return 500;
    default: return 422;
  }
}

web::Response plain_error(int status, const std::string& code, const std::string& text) {
  return json_response({{"error", {{"code", code}, {"text", text}}}}, status);
}

json where_of(const Place& place) {
  json where = json::object();
  if (!place.device.empty()) where["device"] = place.device;
  if (!place.batch.empty()) where["batch"] = place.batch;
  if (!place.page.empty()) where["page"] = place.page;
  return where;
}

/// Of a received file: how large its pages are as they were read.
json sizes_in(const json& file) {
  json sizes = json::array();
  for (const json& page : file.is_object() ? file.value("pages", json::array()) : json::array())
    sizes.push_back({{"width", page.value("width", 0)}, {"height", page.value("height", 0)}});
  return {{"pages", std::move(sizes)}};
}

/// The words and codes of a page are asked for one by one; here they would only weigh.
void lighten(intake::BatchLook& look) {
  for (auto& page : look.pages) {
    if (!page.report) continue;
    page.report->words.clear();
    page.report->words.shrink_to_fit();
    page.report->file = sizes_in(page.report->file);
    page.report->text.clear();
  }
}

}  // namespace

Result<std::string> Visit::text(const char* name, bool needed) const {
  const auto found = body.find(name);
  if (found == body.end() && !needed) return std::string();
  if (found != body.end() && found->is_string()) return found->get<std::string>();
  return fail(Errc::invalid_input, std::string("`") + name + "` is missing or no text");
}

Result<int> Visit::number(const char* name) const {
  const auto found = body.find(name);
  const bool fits =
      found != body.end() && found->is_number_integer() && *found >= 0 && *found <= 1'000'000'000;
  if (fits) return found->get<int>();
  return fail(Errc::invalid_input, std::string("`") + name + "` is missing or no number that fits");
}

Result<void> Visit::knows_only(const std::vector<std::string>& names) const {
  for (const auto& [name, value] : body.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      return fail(Errc::invalid_input, "`" + name + "` is not known here");
  }
  return {};
}

bool BatchSight::allows(const Visit& visit, Action action, const Ids& ids) const {
  return std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
    const auto protection = of_pages.find(id);
    return protection == of_pages.end() || visit.may(action, protection->second);
  });
}

Ids named_in(const json& arguments) {
  Ids ids;
  for (const char* name : {"page", "after", "before", "document"}) {
    if (arguments.contains(name) && arguments[name].is_string()) ids.push_back(arguments[name]);
  }
  for (const auto& id : arguments.value("pages", json::array())) {
    if (id.is_string()) ids.push_back(id);
  }
  return ids;
}

web::Response json_response(const json& body, int status) {
  web::Response response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

web::Response no_content() {
  web::Response response;
  response.status = 204;
  return response;
}

tl::unexpected<Error> nothing_there() {
  return fail(Errc::not_found, "there is nothing here");
}

web::Response error_response(const Error& error, const json& current) {
  if (error.code == Errc::not_found) return plain_error(404, "not_found", "there is nothing here");
  json body = {{"error", {{"code", name_of(error.code)}, {"text", error.what}}}};
  if (!error.remedy.empty()) body["error"]["remedy"] = error.remedy;
  if (auto where = where_of(error.place); !where.empty()) body["error"]["where"] = std::move(where);
  if (!current.is_null()) body["current"] = current;
  return json_response(body, status_of(error.code));
}

Result<web::Response> conflict_response(const Error& error, const json& current) {
  return error_response(error, current);
}

Desk::Desk(StationRooms with)
    : rooms(std::move(with)),
      sessions(rooms.clock, std::chrono::minutes(rooms.configuration.web.lock_minutes),
               std::chrono::hours(rooms.configuration.web.session_hours)),
      throttle(rooms.clock, 5),
      address_throttle(rooms.clock, 50),
      leases(rooms.clock) {}

web::Route Desk::route(web::Method method, const std::string& path, const std::string& name, Access access,
                       Work work, std::size_t body_limit) {
  web::Route route{method, kPrefix + path, name, {}, body_limit};
  route.handler = [this, access, name, work = std::move(work)](const web::Request& request) {
    return enter(request, access, name, work);
  };
  return route;
}

web::Route Desk::open_route(web::Method method, const std::string& path, const std::string& name,
                            std::function<web::Response(const web::Request&)> work) {
  return {method, kPrefix + path, name, std::move(work)};
}

web::Response Desk::enter(const web::Request& request, const Access& access, const std::string& name,
                          const Work& work) {
  const auto session = sessions.find(request.cookie(kCookie), access.by_person);
  if (!session) return plain_error(401, "unauthorised", "nobody is logged in here");
  if (session->locked && !access.while_locked)
    return plain_error(423, "locked", "the screen is locked; the password opens it");
  if (request.method != web::Method::get &&
      !equal_in_constant_time(as_bytes(request.header("x-csrf-token")), as_bytes(session->csrf)))
    return plain_error(403, "refused", "the request lacks the token of the session");
  if (access.action && !session->rights.may_somewhere(*access.action)) {
    note_refusal(session->user, name, request.peer);
    return error_response(nothing_there().value());
  }
  Visit visit{request, *session};
  if (!request.body.empty()) {
    visit.body = json::parse(request.body, nullptr, false);
    if (!visit.body.is_object()) return plain_error(400, "invalid_input", "the body is no JSON object");
  }
  auto response = work(visit);
  if (response) return *std::move(response);
  const Errc code = response.error().code;
  if (code == Errc::not_found) note_refusal(session->user, name, request.peer);
  if (code == Errc::io || code == Errc::corrupt) log::error(response.error());
  return error_response(response.error());
}

web::Response Desk::answer_unknown(const web::Request& request) {
  if (request.path.rfind("/api/", 0) != 0) return plain_error(404, "not_found", "there is nothing here");
  const auto session = sessions.find(request.cookie(kCookie), false);
  if (!session) return plain_error(401, "unauthorised", "nobody is logged in here");
  note_refusal(session->user, "unknown", request.peer);
  return error_response(nothing_there().value());
}

/// Every refusal is counted; somebody who tries addresses one after the other makes one entry each ten
/// seconds, so that the log cannot be filled.
void Desk::note_refusal(const std::string& user, const std::string& route, const std::string& peer) {
  int times = 0;
  {
    const std::scoped_lock lock(mutex_);
    Refusals& refusals = refusals_[user];
    ++refusals.unrecorded;
    const Timestamp now = rooms.clock.now();
    if (now - refusals.recorded < kRefusalPause) return;
    refusals.recorded = now;
    times = std::exchange(refusals.unrecorded, 0);
  }
  const auto noted =
      audit("operator:" + user, "access.refused", {}, {{"route", route}, {"from", peer}, {"times", times}});
  if (!noted) log::error(noted.error());
}

Result<void> Desk::audit(const std::string& actor, const std::string& action,
                         std::vector<std::string> subjects, json details) {
  return rooms.core.call([&]() -> Result<void> {
    MAILROOM_TRY(auto transaction, rooms.catalogue.database().begin());
    MAILROOM_TRY([[maybe_unused]] const auto head,
                 archive::append_audit(transaction, rooms.clock.now(),
                                       {actor, action, std::move(subjects), std::move(details)}));
    return transaction.commit();
  });
}

Protection Desk::protection_of(const archive::Batch& batch) const {
  const auto profile = rooms.configuration.profiles.find(batch.profile);
  if (profile == rooms.configuration.profiles.end()) return {"", "", batch.station};
  return {profile->second.document_class, profile->second.department, batch.station};
}

Protection Desk::protection_of(const archive::DocumentRow& document, const archive::Batch& batch) {
  return {document.document_class, document.department, batch.station};
}

Result<bool> Desk::is_classified(const archive::Batch& batch) {
  if (batch.state == BatchState::feeding) return false;
  MAILROOM_TRY(const auto count, rooms.catalogue.pages().count(batch.id));
  return count.read == count.taken;
}

Result<void> Desk::forget_erased() {
  MAILROOM_TRY(const int erasures, archive::Erasures(rooms.catalogue.database()).confirmed());
  if (std::exchange(erasures_, erasures) != erasures) sights_.clear();
  return {};
}

/// What was released has ids of its own, and so have its deliveries.
Result<void> Desk::add_released(BatchSight& sight) {
  MAILROOM_TRY(const auto documents, rooms.catalogue.documents().of_batch(sight.look.batch.id));
  for (const auto& document : documents) {
    const Protection protection = protection_of(document, sight.look.batch);
    sight.of_pages[document.id] = protection;
    MAILROOM_TRY(const auto deliveries, rooms.catalogue.deliveries().of_document(document.id));
    for (const auto& delivery : deliveries) sight.of_pages[delivery.id] = protection;
  }
  return {};
}

Result<std::shared_ptr<const BatchSight>> Desk::sight(const std::string& id_or_number) {
  MAILROOM_TRY_VOID(forget_erased());
  MAILROOM_TRY(const auto batch, rooms.catalogue.batches().get(id_or_number));
  MAILROOM_TRY(const auto count, rooms.catalogue.pages().count(batch.id));
  MAILROOM_TRY(const int open, rooms.catalogue.clarifications().open_count(batch.id));
  const std::string state = std::string(name_of(batch.state)) + " " + std::to_string(batch.version) + " " +
                            std::to_string(count.taken) + " " + std::to_string(count.read) + " " +
                            std::to_string(open) + " " + batch.fault + batch.feed_end + batch.box +
                            batch.finished_at;
  Kept& kept = sights_[batch.id];
  if (kept.sight && kept.state == state) return kept.sight;
  auto sight = std::make_shared<BatchSight>();
  MAILROOM_TRY(sight->look, rooms.flow.look(batch.id));
  lighten(sight->look);
  sight->of_batch = protection_of(batch);
  for (const auto& page : sight->look.pages) sight->of_pages[page.id] = sight->of_batch;
  for (const auto& document : sight->look.assembly.documents) {
    const Protection protection{document.document_class, document.department, batch.station};
    for (const auto& part : document.pages) sight->of_pages[part.page] = protection;
    for (const auto& aside : sight->look.assembly.set_aside) {
      if (aside.document == document.key) sight->of_pages[aside.page] = protection;
    }
  }
  MAILROOM_TRY_VOID(add_released(*sight));
  kept = {state, sight};
  if (sights_.size() > kSightsKept) {
    const auto other = std::find_if(sights_.begin(), sights_.end(),
                                    [&](const auto& entry) { return entry.first != batch.id; });
    sights_.erase(other);
  }
  return std::shared_ptr<const BatchSight>(sight);
}

Result<std::shared_ptr<const BatchSight>> Desk::sight_for(const Visit& visit, Action action,
                                                          const std::string& batch) {
  MAILROOM_TRY(auto found, sight(batch));
  if (!visit.may(action, found->of_batch)) return nothing_there();
  return found;
}

Result<archive::Page> Desk::page_for(const Visit& visit, const std::string& id) {
  MAILROOM_TRY(const bool erased, archive::Erasures(rooms.catalogue.database()).is_erased(id));
  if (erased) return nothing_there();
  MAILROOM_TRY(auto page, rooms.catalogue.pages().get(id));
  MAILROOM_TRY(const auto batch, rooms.catalogue.batches().get(page.batch));
  MAILROOM_TRY(const bool known, is_classified(batch));
  if (!known) {
    if (!visit.may(Action::read, protection_of(batch))) return nothing_there();
    return page;
  }
  MAILROOM_TRY(const auto its_batch, sight(page.batch));
  const auto protection = its_batch->of_pages.find(id);
  const bool allowed = protection != its_batch->of_pages.end() && visit.may(Action::read, protection->second);
  if (!allowed) return nothing_there();
  return page;
}

Result<void> Desk::not_leased_by_others(const Visit& visit, const std::string& subject) {
  const auto lease = leases.holder(subject);
  if (!lease || lease->by == visit.user()) return {};
  return fail(Errc::busy, lease->name + " is working on this", {}, "wait, or ask " + lease->name);
}

json Desk::lease_json(const std::string& subject, const std::string& user) {
  const auto lease = leases.holder(subject);
  if (!lease) return nullptr;
  return {{"by", lease->by},
          {"name", lease->name},
          {"until", to_rfc3339(lease->until)},
          {"mine", lease->by == user}};
}

}  // namespace mailroom::station
