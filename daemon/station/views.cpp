#include "daemon/station/views.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "daemon/archive/search.h"
#include "daemon/assembly/clarification.h"
#include "daemon/intake/readable_file.h"
#include "daemon/station/fault_words.h"
#include "daemon/station/offered_classes.h"

namespace mailroom::station {
namespace {

using assembly::AssembledDocument;
using nlohmann::json;

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

bool is_put_together_here(BatchState state) {
  return state == BatchState::feeding || state == BatchState::interrupted || state == BatchState::closed ||
         state == BatchState::held;
}

Result<int> open_questions(Desk& desk, const archive::Batch& batch) {
  MAILROOM_TRY(const auto rows, desk.rooms.catalogue.clarifications().of_batch(batch.id));
  return int(std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.state == archive::kOpen && is_question(row, batch);
  }));
}

Result<json> counters_json(Desk& desk, const archive::Batch& batch) {
  auto& catalogue = desk.rooms.catalogue;
  MAILROOM_TRY(const auto pages, catalogue.pages().count(batch.id));
  MAILROOM_TRY(const auto deliveries, catalogue.deliveries().count(batch.id));
  MAILROOM_TRY(const int open, open_questions(desk, batch));
  MAILROOM_TRY(auto roles, archive::pages_by_role(catalogue.database(), batch.id));
  // What is still coming in is not put together for each sheet.
  MAILROOM_TRY(const bool classified, desk.is_classified(batch));
  const bool here = is_put_together_here(batch.state);
  int documents = deliveries.documents, unconfirmed = 0, unchecked = 0;
  if (here && classified) {
    MAILROOM_TRY(const auto sight, desk.sight(batch.id));
    documents = int(sight->look.assembly.documents.size());
    unconfirmed = sight->look.assembly.unconfirmed;
    unchecked = sight->look.assembly.unchecked;
  }
  return json{{"sheets", batch.sheets},
              {"pages", pages.taken},
              {"read", pages.read},
              {"blanks", roles[PageRole::blank]},
              {"separators", roles[PageRole::separator]},
              {"documents", documents},
              {"open_clarifications", open},
              {"unconfirmed", unconfirmed},
              {"unchecked", unchecked},
              {"deliveries", deliveries.deliveries},
              {"receipted", deliveries.stored}};
}

json fields_json(const std::vector<IndexField>& fields) {
  json list = json::array();
  for (const auto& field : fields) {
    list.push_back({{"name", field.name},
                    {"value", field.value},
                    {"confidence", field.confidence},
                    {"source", field.source},
                    {"page", field.page}});
  }
  return list;
}

json codes_json(const archive::Page& page, int rotation) {
  json list = json::array();
  for (const auto& code : page.report->codes) {
    list.push_back(
        {{"symbology", code.symbology}, {"text", code.text}, {"box", box_json(code.box, page, rotation)}});
  }
  return list;
}

json page_json(const archive::Page& page, const BatchSight& sight, const json& role,
               const std::string& document) {
  const int rotation = rotation_of(page, sight.look.assembly);
  const bool lying = rotation % 180 != 0;
  const bool is_file = is_received_file(page.image.format);  // its readable form is shown
  json view = {{"id", page.id},
               {"sheet", page.image.sheet},
               {"side", name_of(page.image.side)},
               {"media_type", media_type_of(page.image.format)},
               {"role", page.is_read() ? role : json(nullptr)},
               {"width", is_file ? intake::kReadableWidth
                         : lying ? page.image.height
                                 : page.image.width},
               {"height", is_file ? intake::kReadableHeight
                          : lying ? page.image.width
                                  : page.image.height},
               {"dpi", is_file ? intake::kReadableDpi : page.image.dpi},
               {"rotation", rotation},
               {"blank", page.report && page.report->blank},
               {"read", page.is_read()},
               {"document", document}};
  if (page.report) {
    view["confidence"] = page.report->confidence;
    view["codes"] = codes_json(page, rotation);
  }
  if (page.failure) view["failure"] = {{"code", page.failure->code}, {"text", page.failure->text}};
  return view;
}

json pages_json(const Visit& visit, const BatchSight& sight) {
  std::map<std::string, std::pair<json, std::string>> places;  // role, document
  for (const auto& document : sight.look.assembly.documents) {
    for (const auto& part : document.pages) places[part.page] = {name_of(part.role), document.key};
  }
  for (const auto& aside : sight.look.assembly.set_aside) {
    places[aside.page] = {name_of(aside.role), aside.document};
  }
  json list = json::array();
  for (const auto& page : sight.look.pages) {
    if (!visit.may(Action::read, sight.of_pages.at(page.id))) continue;
    const auto& [role, document] = places[page.id];
    list.push_back(page_json(page, sight, role, document));
  }
  return list;
}

std::vector<std::string> about(const AssembledDocument& document, const json& clarifications) {
  std::set<std::string> pages;
  for (const auto& part : document.pages) pages.insert(part.page);
  std::vector<std::string> ids;
  for (const auto& clarification : clarifications) {
    const auto& subjects = clarification.at("subjects");
    const bool its_own = std::any_of(subjects.begin(), subjects.end(), [&](const json& subject) {
      return pages.contains(subject.get<std::string>());
    });
    if (its_own) ids.push_back(clarification.at("id"));
  }
  return ids;
}

/// What quality control found wrong with the document as it is now; null when nothing.
json objection_json(const AssembledDocument& document, const std::vector<archive::QualityRow>& results) {
  json objection = nullptr;
  for (const auto& result : results) {
    const bool same =
        std::equal(result.pages.begin(), result.pages.end(), document.pages.begin(), document.pages.end(),
                   [](const auto& page, const auto& part) { return page == part.page; });
    if (!same) continue;
    objection = nullptr;
    if (result.outcome == "accept") continue;
    objection = {{"outcome", result.outcome},
                 {"pages", result.wrong},
                 {"note", result.note},
                 {"by", result.person},
                 {"at", result.at}};
  }
  return objection;
}

json document_json(const AssembledDocument& document, const archive::DocumentRow* row,
                   const json& clarifications) {
  json pages = json::array();
  for (const auto& part : document.pages) pages.push_back(part.page);
  json view = {{"key", document.key},
               {"id", row != nullptr ? row->id : ""},
               {"number", row != nullptr ? row->number : ""},
               {"state", row != nullptr ? std::string(name_of(row->state)) : "open"},
               {"class", row != nullptr ? row->document_class : document.document_class},
               {"department", row != nullptr ? row->department : document.department},
               {"priority", name_of(document.priority)},
               {"received", document.received.date},
               {"channel", name_of(document.received.channel)},
               {"originals", name_of(document.originals)},
               {"reference", row != nullptr ? row->reference : document.reference},
               {"fields", fields_json(row != nullptr ? row->fields : document.fields)},
               {"pages", pages},
               {"confirmed", !document.confirmed_by.empty()},
               {"quality", assembly::name_of(document.quality)},
               {"clarifications", about(document, clarifications)}};
  if (!document.confirmed_by.empty()) view["confirmed_by"] = document.confirmed_by;
  return view;
}

/// Those that the person may see: the value of a field says what stands on the page.
json edits_json(const Visit& visit, const BatchSight& sight) {
  const auto& lost = sight.look.assembly.unfollowed;
  json list = json::array();
  for (const auto& edit : sight.look.edits) {
    if (!sight.allows(visit, Action::read, named_in(edit.arguments))) continue;
    list.push_back({{"id", edit.id},
                    {"seq", edit.seq},
                    {"kind", edit.kind},
                    {"arguments", edit.arguments},
                    {"person", edit.person},
                    {"at", edit.at},
                    {"undone", !edit.undone_by.empty()},
                    {"followed", std::find(lost.begin(), lost.end(), edit.id) == lost.end()}});
  }
  return list;
}

json can_json(const Visit& visit, const BatchSight& sight) {
  const auto state = sight.look.batch.state;
  const auto may = [&](Action action) { return visit.may(action, sight.of_batch); };
  const bool open = is_put_together_here(state);
  const auto& edits = sight.look.edits;
  const bool undoable = std::any_of(edits.begin(), edits.end(), [](const auto& edit) {
    return edit.undone_by.empty() && edit.kind != "rescan";
  });
  json can = json::array();
  if (state == BatchState::feeding && may(Action::scan)) can.push_back("stop");
  if (state == BatchState::interrupted && may(Action::scan)) can.push_back("resume");
  if (open && state != BatchState::feeding && may(Action::scan)) can.push_back("discard");
  if (open && may(Action::edit)) can.insert(can.end(), {"edit", "confirm"});
  if (open && undoable && may(Action::edit)) can.push_back("undo");
  if (may(Action::clarify)) can.push_back("clarify");
  if (state == BatchState::held && may(Action::scan) && may(Action::edit)) can.push_back("rescan");
  return can;
}

/// A box on a page of a file, as that page is shown: the whole of it within a sheet of A4.
json on_shown_part(const Box& box, const archive::Page& page, int part) {
  const json parts = page.report ? page.report->file.value("pages", json::array()) : json::array();
  if (part > int(parts.size())) return {0, 0, 0, 0};
  const json& read = parts[std::size_t(part - 1)];
  const double width = read.value("width", 0), height = read.value("height", 0);
  if (width < 1 || height < 1) return {0, 0, 0, 0};
  const double scale = std::min(intake::kReadableWidth / width, intake::kReadableHeight / height);
  const double left = (intake::kReadableWidth - width * scale) / 2;
  const double top = (intake::kReadableHeight - height * scale) / 2;
  const auto at = [&](double start, int length) { return int(std::lround(start + length * scale)); };
  return {at(left, box.x), at(top, box.y), at(0, box.width), at(0, box.height)};
}

json resolutions_json() {
  static const std::map<assembly::ArgumentRule::Type, const char*> types = {
      {assembly::ArgumentRule::Type::class_id, "class_id"},
      {assembly::ArgumentRule::Type::department_id, "department_id"},
      {assembly::ArgumentRule::Type::sheets, "sheets"},
      {assembly::ArgumentRule::Type::page_id, "page_id"},
      {assembly::ArgumentRule::Type::text, "text"},
      {assembly::ArgumentRule::Type::back, "back"},
      {assembly::ArgumentRule::Type::invoice_field, "invoice_field"}};
  json list = json::array();
  for (const auto& kind : assembly::all_resolution_kinds()) {
    json arguments = json::array();
    for (const auto& rule : kind.arguments) {
      const auto type = types.find(rule.type);
      arguments.push_back({{"name", rule.name},
                           {"type", type != types.end() ? type->second : "text"},
                           {"required", rule.required}});
    }
    list.push_back({{"name", kind.name},
                    {"text_de", kind.text_de},
                    {"text_en", kind.text_en},
                    {"arguments", arguments}});
  }
  return list;
}

template <typename Item>
json named(const std::string& id, const Item& item) {
  return {{"id", id}, {"name_de", item.name_de}, {"name_en", item.name_en}};
}

json profiles_json(const Configuration& configuration) {
  json list = json::array();
  for (const auto& [id, profile] : configuration.profiles) {
    json entry = named(id, profile);
    entry.update({{"class", profile.document_class},
                  {"department", profile.department},
                  {"channel", name_of(profile.channel)},
                  {"counting", profile.counting},
                  {"source", profile.source},
                  {"mode", profile.mode},
                  {"dpi", profile.dpi}});
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

int rotation_of(const archive::Page& page, const assembly::Assembly& assembly) {
  const auto turn = assembly.turns.find(page.id);
  const int read = page.report ? page.report->rotation : 0;
  return (read + (turn == assembly.turns.end() ? 0 : turn->second)) % 360;
}

json box_json(const Box& box, const archive::Page& page, int rotation) {
  const bool whole = box.width == 0 && box.height == 0;
  const Box shown = whole ? box : upright(box, page.image.width, page.image.height, rotation);
  return {shown.x, shown.y, shown.width, shown.height};
}

json delivery_json(const archive::DeliveryRow& delivery) {
  return {{"id", delivery.id},
          {"recipient", delivery.recipient},
          {"state", delivery.state},
          {"record", delivery.record},
          {"attempts", delivery.attempts},
          {"last_attempt", delivery.last_attempt},
          {"answered_at", delivery.answered_at}};
}

json page_text_json(const archive::Page& page, int rotation) {
  const bool lying = rotation % 180 != 0;
  json words = json::array();
  if (page.report) {
    for (const auto& word : page.report->words) {
      words.push_back({{"text", word.text},
                       {"box", box_json(word.box, page, rotation)},
                       {"line", word.line},
                       {"block", word.block},
                       {"confidence", word.confidence}});
    }
  }
  return {{"width", lying ? page.image.height : page.image.width},
          {"height", lying ? page.image.width : page.image.height},
          {"words", words}};
}

Result<json> batch_json(Desk& desk, const archive::Batch& batch, const std::string& user) {
  MAILROOM_TRY(json counters, counters_json(desk, batch));
  MAILROOM_TRY(json fault, fault_json(desk.rooms.catalogue, batch));
  return json{{"id", batch.id},
              {"number", batch.number},
              {"state", name_of(batch.state)},
              {"station", batch.station},
              {"scanner", batch.scanner},
              {"profile", batch.profile},
              {"mode", batch.mode},
              {"operator", batch.operator_id},
              {"received", batch.received.date},
              {"channel", name_of(batch.received.channel)},
              {"priority", name_of(batch.priority)},
              {"declared", or_null(batch.declared_sheets)},
              {"counters", counters},
              {"fault", std::move(fault)},
              {"opened_at", batch.opened_at},
              {"closed_at", batch.closed_at},
              {"finished_at", batch.finished_at},
              {"box", batch.box},
              {"version", batch.version},
              {"lease", desk.lease_json("batch:" + batch.id, user)}};
}

bool is_question(const archive::ClarificationRow& row, const archive::Batch& batch) {
  if (row.reason == "gate_quality_control") return false;
  return row.reason != "gate_review" || batch.mode == "unattended";
}

Result<json> clarification_json(Desk& desk, const archive::ClarificationRow& row, const std::string& user) {
  MAILROOM_TRY(const auto sight, desk.sight(row.batch));
  json evidence = json::array();
  const auto& pages = sight->look.pages;
  for (const auto& item : row.body.value("evidence", json::array())) {
    const auto id = item.value("page", std::string());
    const auto page = std::find_if(pages.begin(), pages.end(), [&](const auto& p) { return p.id == id; });
    const auto b = item.value("box", std::vector<int>{0, 0, 0, 0});
    if (page == pages.end() || b.size() != 4) continue;
    const Box box{b[0], b[1], b[2], b[3]};
    const int part = item.value("part", 0);
    json place = {{"page", id},
                  {"box", part > 0 ? on_shown_part(box, *page, part)
                                   : box_json(box, *page, rotation_of(*page, sight->look.assembly))}};
    if (part > 0) place["part"] = part;
    if (item.contains("field")) place["field"] = item["field"];
    evidence.push_back(std::move(place));
  }
  Priority priority = sight->look.batch.priority;
  for (const auto& document : sight->look.assembly.documents)
    priority = std::max(priority, document.priority);
  return json{{"id", row.id},
              {"batch", row.batch},
              {"batch_number", sight->look.batch.number},
              {"key", row.key},
              {"scope", row.scope},
              {"reason", row.reason},
              {"text_de", row.body.value("text_de", "")},
              {"text_en", row.body.value("text_en", "")},
              {"subjects", row.body.value("subjects", json::array())},
              {"evidence", evidence},
              {"values", row.body.value("values", json::object())},
              {"resolutions", row.body.value("resolutions", json::array())},
              {"state", row.state},
              {"version", row.version},
              {"priority", name_of(priority)},
              {"opened_at", row.opened_at},
              {"lease", desk.lease_json("clarification:" + row.id, user)}};
}

Result<json> batch_view_json(Desk& desk, const Visit& visit, const BatchSight& sight) {
  auto& catalogue = desk.rooms.catalogue;
  const auto& batch = sight.look.batch;
  MAILROOM_TRY(const auto rows, catalogue.clarifications().of_batch(batch.id));
  json clarifications = json::array();
  for (const auto& row : rows) {
    if (row.state != archive::kOpen || !is_question(row, batch)) continue;
    const auto about = row.body.value("subjects", Ids());
    if (!sight.allows(visit, Action::read, about)) continue;
    MAILROOM_TRY(json clarification, clarification_json(desk, row, visit.user()));
    clarifications.push_back(std::move(clarification));
  }
  MAILROOM_TRY(const auto released, catalogue.documents().of_batch(batch.id));
  MAILROOM_TRY(const auto results, catalogue.persons_work().quality_of(batch.id));
  json documents = json::array();
  for (const auto& document : sight.look.assembly.documents) {
    if (!visit.may(Action::read, {document.document_class, document.department, batch.station})) continue;
    // Of several with one key the last replaces the others.
    const auto row = std::find_if(released.rbegin(), released.rend(),
                                  [&](const auto& other) { return other.key == document.key; });
    json view = document_json(document, row == released.rend() ? nullptr : &*row, clarifications);
    view["objection"] = objection_json(document, results);
    documents.push_back(std::move(view));
  }
  MAILROOM_TRY(json head, batch_json(desk, batch, visit.user()));
  return json{{"batch", head},
              {"version", batch.version},
              {"can", can_json(visit, sight)},
              {"pages", pages_json(visit, sight)},
              {"documents", documents},
              {"clarifications", clarifications},
              {"edits", edits_json(visit, sight)}};
}

json terms_json(const Desk& desk, const Rights& rights) {
  const Configuration& configuration = desk.rooms.configuration;
  json stations = json::array();
  for (const auto& [id, station] : configuration.stations) {
    if (!rights.may_at(Action::scan, id) && !rights.may_at(Action::read, id)) continue;
    json entry = named(id, station);
    entry["scanner"] = station.scanner;
    entry["profile"] = station.profile.empty() ? configuration.default_profile : station.profile;
    stations.push_back(std::move(entry));
  }
  json classes = json::array();
  for (const auto& [id, item] : configuration.classes) {
    json entry = named(id, item);
    entry.update({{"code", item.code},
                  {"gate", name_of(item.gate)},
                  {"originals", name_of(item.originals)},
                  {"confidentiality", name_of(item.confidentiality)},
                  {"offered", is_offered_at_stations(configuration, id)}});
    classes.push_back(std::move(entry));
  }
  json departments = json::array();
  for (const auto& [id, item] : configuration.departments) {
    json entry = named(id, item);
    entry["code"] = item.code;
    departments.push_back(std::move(entry));
  }
  return {{"site", configuration.site},
          {"organisation", configuration.organisation},
          {"version", MAILROOM_VERSION},
          {"default_profile", configuration.default_profile},
          {"stations", stations},
          {"profiles", profiles_json(configuration)},
          {"classes", classes},
          {"departments", departments},
          {"channels", {"letter", "deadline_letterbox", "hand_in", "kiosk", "email", "upload", "phone_note"}},
          {"priorities", {"ordinary", "urgent", "deadline"}},
          {"roles", {"content", "envelope", "attachment", "note", "separator", "blank", "copy"}},
          {"originals", {"destroy", "keep", "forward", "return"}},
          {"resolutions", resolutions_json()}};
}

}  // namespace mailroom::station
