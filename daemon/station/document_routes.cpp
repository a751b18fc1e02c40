#include <algorithm>

#include "daemon/archive/boxes.h"
#include "daemon/archive/erasures.h"
#include "daemon/archive/search.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using archive::DocumentRow;
using nlohmann::json;
using web::Method;

std::string sender_of(const DocumentRow& document) {
  for (const auto& field : document.fields) {
    if (field.name == "sender" || field.name == "seller_name") return field.value;
  }
  return {};
}

struct Found {
  DocumentRow document;
  archive::Batch batch;
};

Result<Found> found_for(Desk& desk, const Visit& visit, const std::string& id, Action action) {
  Found found;
  MAILROOM_TRY(found.document, desk.rooms.catalogue.documents().get(id));
  MAILROOM_TRY(found.batch, desk.rooms.catalogue.batches().get(found.document.batch));
  if (!visit.may(action, Desk::protection_of(found.document, found.batch))) return nothing_there();
  return found;
}

std::string last_step(const DocumentRow& document) {
  switch (document.state) {
    case DocumentState::receipted: return "stored";
    case DocumentState::owed: return "sent";
    default: return std::string(name_of(document.state));
  }
}

json head_json(const Found& found) {
  const DocumentRow& document = found.document;
  const auto in_document = std::count_if(document.pages.begin(), document.pages.end(), [](const auto& page) {
    return page.role == PageRole::content || page.role == PageRole::attachment || page.role == PageRole::note;
  });
  return {{"id", document.id},
          {"number", document.number},
          {"batch", document.batch},
          {"batch_number", found.batch.number},
          {"state", name_of(document.state)},
          {"class", document.document_class},
          {"department", document.department},
          {"priority", name_of(document.priority)},
          {"received", document.received.date},
          {"channel", name_of(document.received.channel)},
          {"originals", name_of(document.originals)},
          {"reference", document.reference},
          {"sender", sender_of(document)},
          {"pages", in_document},
          {"box", found.batch.box},
          {"last_step", last_step(document)},
          {"supersedes", document.supersedes}};
}

Result<web::Response> search(Desk& desk, const Visit& visit) {
  const auto asked = [&](const char* name) { return visit.request.asked(name); };
  archive::DocumentQuery query{asked("q"),     asked("batch"),      asked("box"),
                               asked("class"), asked("department"), asked("state"),
                               asked("from"),  asked("to"),         asked("before")};
  if (query.text.size() > 200) return fail(Errc::invalid_input, "the text to look for is too long");
  MAILROOM_TRY(const json list, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto ids, archive::find_documents(desk.rooms.catalogue.database(), query, 1000));
    json all = json::array();
    for (const auto& id : ids) {
      const auto found = found_for(desk, visit, id, Action::read);
      if (!found && found.error().code == Errc::not_found) continue;
      if (!found) return fail(found.error());
      all.push_back(head_json(*found));
      if (all.size() == 100) break;
    }
    return all;
  }));
  return json_response({{"documents", list}});
}

void add_step(json& timeline, const std::string& time, const std::string& step, const std::string& text = {},
              const std::string& by = {}) {
  if (time.empty()) return;
  json entry = {{"time", time}, {"step", step}};
  if (!text.empty()) entry["text"] = text;
  if (!by.empty()) entry["by"] = by;
  timeline.push_back(std::move(entry));
}

Result<void> add_delivery(Desk& desk, json& timeline, const archive::DeliveryRow& delivery) {
  add_step(timeline, delivery.last_attempt, "sent", "", delivery.recipient);
  if (delivery.state != archive::kOwed)
    add_step(timeline, delivery.answered_at, delivery.state, delivery.record, delivery.recipient);
  MAILROOM_TRY(const auto steps, archive::progress_of(desk.rooms.catalogue.database(), delivery.id));
  for (const auto& step : steps) {
    const std::string text = step.progress.text.empty() ? step.progress.step : step.progress.text;
    add_step(timeline, step.at, "progress", text, delivery.recipient);
  }
  return {};
}

/// What became of the paper, and of a document that two persons have erased.
Result<void> add_ends(Desk& desk, json& timeline, const Found& found) {
  if (!found.batch.box.empty()) {
    MAILROOM_TRY(const auto box, archive::Boxes(desk.rooms.catalogue.database()).get(found.batch.box));
    add_step(timeline, box.closed_at, "boxed", box.number);
    if (box.state == archive::kBoxDestroyed)
      add_step(timeline, box.destruction.value("at", std::string()), "destroyed", box.number);
  }
  MAILROOM_TRY(const auto erasures, archive::Erasures(desk.rooms.catalogue.database()).all());
  for (const auto& erasure : erasures) {
    for (const auto& document : erasure.tombstone.value("documents", json::array())) {
      if (document.value("id", "") == found.document.id) add_step(timeline, erasure.decided_at, "erased");
    }
  }
  return {};
}

Result<json> timeline_json(Desk& desk, const Found& found,
                           const std::vector<archive::DeliveryRow>& deliveries) {
  json timeline = json::array();
  const DocumentRow& document = found.document;
  add_step(timeline, document.received.date + "T00:00:00.000Z", "received",
           std::string(name_of(document.received.channel)));
  add_step(timeline, found.batch.opened_at, "captured", found.batch.number, "daemon");
  add_step(timeline, found.batch.closed_at, "closed");
  add_step(timeline, document.created_at, "released");
  add_step(timeline, document.sealed_at, "sealed");
  for (const auto& delivery : deliveries) MAILROOM_TRY_VOID(add_delivery(desk, timeline, delivery));
  MAILROOM_TRY_VOID(add_ends(desk, timeline, found));
  std::stable_sort(timeline.begin(), timeline.end(), [](const json& a, const json& b) {
    return a.at("time").get_ref<const std::string&>() < b.at("time").get_ref<const std::string&>();
  });
  return timeline;
}

/// Each record the document belongs to, with the other documents of it that this person may see.
Result<json> records_json(Desk& desk, const Visit& visit, const Found& found) {
  constexpr int kShown = 50;
  auto records = desk.rooms.catalogue.records();
  MAILROOM_TRY(const auto links, records.of_document(found.document.id));
  json list = json::array();
  for (const auto& link : links) {
    MAILROOM_TRY(const auto ids, records.documents_in(link.kind, link.key, kShown));
    json documents = json::array();
    for (const auto& id : ids) {
      if (id == found.document.id) continue;
      const auto other = found_for(desk, visit, id, Action::read);
      if (!other && other.error().code != Errc::not_found) return fail(other.error());
      if (other)
        documents.push_back({{"number", other->document.number}, {"class", other->document.document_class}});
    }
    list.push_back({{"kind", link.kind}, {"key", link.key}, {"title", link.title}, {"documents", documents}});
  }
  return list;
}

Result<json> document_json(Desk& desk, const Visit& visit, const Found& found) {
  auto& catalogue = desk.rooms.catalogue;
  MAILROOM_TRY(const auto deliveries, catalogue.deliveries().of_document(found.document.id));
  MAILROOM_TRY(const auto contents, catalogue.documents().contents_of(found.document.id));
  MAILROOM_TRY(const json timeline, timeline_json(desk, found, deliveries));
  MAILROOM_TRY(const json records, records_json(desk, visit, found));
  json fields = json::array(), pages = json::array(), files = json::array(), sent = json::array();
  for (const auto& field : found.document.fields) {
    fields.push_back({{"name", field.name},
                      {"value", field.value},
                      {"confidence", field.confidence},
                      {"source", field.source},
                      {"page", field.page}});
  }
  for (const auto& page : found.document.pages) pages.push_back(page.page);
  for (const auto& delivery : deliveries) sent.push_back(delivery_json(delivery));
  for (const auto& content : contents) {
    if (!content.recipient.empty()) continue;  // encrypted for somebody else
    files.push_back({{"name", content.name},
                     {"media_type", content.media_type},
                     {"size", content.size},
                     {"sha256", content.sha256}});
  }
  return json{
      {"document", head_json(found)}, {"fields", fields},  {"page_ids", pages}, {"timeline", timeline},
      {"deliveries", sent},           {"contents", files}, {"records", records}};
}

Result<web::Response> show(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto found, found_for(desk, visit, visit.request.parameter("document"), Action::read));
    return document_json(desk, visit, found);
  }));
  return json_response(view);
}

Result<web::Response> content(Desk& desk, const Visit& visit) {
  const std::string name = visit.request.parameter("name");
  MAILROOM_TRY(const auto row, desk.rooms.core.call([&]() -> Result<archive::ContentRow> {
    MAILROOM_TRY(const auto found, found_for(desk, visit, visit.request.parameter("document"), Action::read));
    MAILROOM_TRY(const auto contents, desk.rooms.catalogue.documents().contents_of(found.document.id));
    for (const auto& content : contents) {
      if (content.name == name && content.recipient.empty()) return content;
    }
    return nothing_there();
  }));
  MAILROOM_TRY(const Bytes bytes, desk.rooms.contents.get(row.sha256));
  web::Response response;
  response.type = row.media_type;
  response.body.assign(bytes.begin(), bytes.end());
  // Shown, never run: what a browser would do with it as a page of ours is shut off.
  response.headers = {{"Content-Disposition", "inline; filename=\"" + row.name + "\""},
                      {"Content-Security-Policy", "default-src 'none'; sandbox"}};
  return response;
}

/// The documents of one batch that wait for quality control and that this person may check.
Result<void> add_waiting(Desk& desk, const Visit& visit, const archive::Batch& batch, json& list) {
  MAILROOM_TRY(const bool classified, desk.is_classified(batch));
  if (!classified) return {};
  MAILROOM_TRY(const auto sight, desk.sight(batch.id));
  for (const auto& document : sight->look.assembly.documents) {
    const Protection protection{document.document_class, document.department, batch.station};
    const auto& its_class = desk.rooms.configuration.classes.at(document.document_class);
    const bool mine = batch.operator_id == visit.user();
    const bool waits =
        document.quality == assembly::Quality::waits || document.quality == assembly::Quality::rejected;
    if (!waits || !visit.may(Action::check_quality, protection)) continue;
    if (mine && its_class.quality_other_person) continue;
    json pages = json::array();
    for (const auto& part : document.pages) pages.push_back(part.page);
    list.push_back({{"batch", batch.id},
                    {"batch_number", batch.number},
                    {"version", batch.version},
                    {"document", document.key},
                    {"class", document.document_class},
                    {"department", document.department},
                    {"pages", pages},
                    {"scanned_by_me", mine},
                    {"opened_at", batch.opened_at}});
  }
  return {};
}

json samples_json(const Configuration& configuration) {
  json samples = json::array();
  for (const auto& [id, item] : configuration.classes) {
    const bool all = item.gate == Gate::quality_control;
    if (!all && item.quality_percent == 0) continue;
    samples.push_back({{"class", id},
                       {"percent", all ? 100 : item.quality_percent},
                       {"other_person", item.quality_other_person}});
  }
  return samples;
}

Result<web::Response> quality_list(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json waiting, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto held, desk.rooms.catalogue.batches().in_state(BatchState::held));
    json list = json::array();
    for (const auto& batch : held) MAILROOM_TRY_VOID(add_waiting(desk, visit, batch, list));
    return list;
  }));
  return json_response({{"documents", waiting}, {"samples", samples_json(desk.rooms.configuration)}});
}

Result<intake::QualityOrder> quality_order(const Visit& visit) {
  MAILROOM_TRY_VOID(visit.knows_only({"version", "outcome", "pages", "note"}));
  intake::QualityOrder order;
  MAILROOM_TRY(order.version, visit.number("version"));
  MAILROOM_TRY(order.outcome, visit.text("outcome"));
  if (order.outcome != "accept" && order.outcome != "reject" && order.outcome != "rescan")
    return fail(Errc::invalid_input, "`outcome` is accept, reject or rescan");
  MAILROOM_TRY(order.note, visit.text("note", false));
  if (order.note.size() > 500) return fail(Errc::invalid_input, "`note` is too long");
  for (const auto& page : visit.body.value("pages", json::array())) {
    if (!page.is_string() || order.wrong.size() == 2000)
      return fail(Errc::invalid_input, "`pages` is a list of ids of pages");
    order.wrong.push_back(page.get<std::string>());
  }
  order.person = visit.user();
  return order;
}

Result<web::Response> quality_decide(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(auto order, quality_order(visit));
  order.document = visit.request.parameter("document");
  MAILROOM_TRY(const json view, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto sight, desk.sight(visit.request.parameter("batch")));
    const auto protection = sight->of_pages.find(order.document);
    if (protection == sight->of_pages.end() || !visit.may(Action::check_quality, protection->second))
      return nothing_there();
    order.batch = sight->look.batch.id;
    MAILROOM_TRY_VOID(desk.rooms.flow.check_quality(order));
    MAILROOM_TRY(const auto after, desk.sight(order.batch));
    return batch_view_json(desk, visit, *after);
  }));
  return json_response(view);
}

}  // namespace

std::vector<web::Route> document_routes(Desk& desk) {
  const auto bound = [&desk](auto work) {
    return [&desk, work](const Visit& visit) { return work(desk, visit); };
  };
  return {desk.route(Method::get, "/documents", "documents.search", {Action::read}, bound(search)),
          desk.route(Method::get, "/documents/{document}", "documents.show", {Action::read}, bound(show)),
          desk.route(Method::get, "/documents/{document}/contents/{name}", "documents.content",
                     {Action::read}, bound(content)),
          desk.route(Method::get, "/quality", "quality.list", {Action::check_quality, false, false},
                     bound(quality_list)),
          desk.route(Method::post, "/quality/{batch}/{document}", "quality.decide", {Action::check_quality},
                     bound(quality_decide))};
}

}  // namespace mailroom::station
