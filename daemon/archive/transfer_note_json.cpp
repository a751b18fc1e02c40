#include "daemon/archive/transfer_note_json.h"

#include <stdexcept>

namespace mailroom::archive {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "mailroom-transfer-note/1";

// A.NB.4 f asks for the statement itself, so it is part of what is signed.
constexpr const char* kStatement =
    "Dieses Scanprodukt wurde durch Einscannen hergestellt und stimmt bildlich und inhaltlich mit der "
    "Papiervorlage überein; Abweichungen sind unter \"anomalies\" vermerkt.";

constexpr const char* kFileStatement =
    "Diese Datei ist elektronisch eingegangen und wird unverändert als Original aufbewahrt und übergeben; das "
    "PDF ist eine daraus erzeugte lesbare Fassung.";

/// Leaves empty texts out: absent means "none", in one way only.
void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

template <typename T>
void put(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

json page_to_json(const NotedPage& page) {
  json object = {{"sheet", page.sheet},
                 {"side", name_of(page.side)},
                 {"role", name_of(page.role)},
                 {"sha256", page.sha256},
                 {"media_type", media_type_of(page.format)}};
  if (!is_received_file(page.format)) {
    object.update({{"width", page.width},
                   {"height", page.height},
                   {"dpi", page.dpi},
                   {"channels", page.channels},
                   {"bits", page.bits},
                   {"rotation", page.rotation}});
  }
  put(object, "pdf_page", page.pdf_page);
  if (!page.remarks.empty()) object["remarks"] = page.remarks;
  return object;
}

json device_to_json(const NotedDevice& device) {
  json settings = {{"source", device.source}};
  if (device.dpi > 0) {
    settings.update({{"mode", device.mode},
                     {"dpi", device.dpi},
                     {"width_um", device.width_um},
                     {"height_um", device.height_um}});
  }
  if (device.jpeg_quality > 0) settings["jpeg_quality"] = device.jpeg_quality;
  json object = {{"name", device.name}, {"settings", settings}};
  put(object, "vendor", device.vendor);
  put(object, "model", device.model);
  put(object, "type", device.type);
  return object;
}

json accounting_to_json(const NotedAccounting& accounting) {
  json object = {{"method", accounting.method},
                 {"sheets_captured", accounting.sheets_captured},
                 {"sides_captured", accounting.sides_captured},
                 {"closed", accounting.closed}};
  put(object, "sheets_declared", accounting.sheets_declared);
  put(object, "sheets_by_device", accounting.sheets_by_device);
  put(object, "feeder_empty", accounting.feeder_empty);
  put(object, "confirmed_by", accounting.confirmed_by);
  return object;
}

json anomaly_to_json(const NotedAnomaly& anomaly) {
  json object = {{"code", anomaly.code}};
  put(object, "page", anomaly.page);
  put(object, "resolution", anomaly.resolution);
  put(object, "by", anomaly.by);
  return object;
}

json document_to_json(const TransferNote& note) {
  json object = {{"id", note.document},
                 {"number", note.number},
                 {"class", note.document_class},
                 {"received", {{"date", note.received.date}, {"channel", name_of(note.received.channel)}}},
                 {"pdf", {{"sha256", note.pdf_sha256}, {"size", note.pdf_size}}}};
  put(object, "department", note.department);
  put(object, "supersedes", note.supersedes);
  return object;
}

template <typename T, typename Write>
json array_of(const std::vector<T>& values, Write write) {
  json array = json::array();
  for (const auto& value : values) array.push_back(write(value));
  return array;
}

// Reading. Within these functions a wrong shape throws; transfer_note_from() catches.

template <typename T>
T unwrap(Result<T> result) {
  if (!result) throw std::invalid_argument(result.error().what);
  return *std::move(result);
}

std::string text_at(const json& object, const char* key) {
  return object.value(key, std::string());
}

template <typename T>
std::optional<T> optional_at(const json& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  return object.at(key).get<T>();
}

NotedPage page_from(const json& object) {
  NotedPage page;
  page.sheet = object.at("sheet");
  page.side = unwrap(side_from(object.at("side").get<std::string>()));
  page.role = unwrap(page_role_from(object.at("role").get<std::string>()));
  page.pdf_page = optional_at<int>(object, "pdf_page");
  page.sha256 = object.at("sha256");
  page.format = unwrap(image_format_from(object.at("media_type").get<std::string>()));
  if (is_received_file(page.format)) return page;
  page.width = object.at("width");
  page.height = object.at("height");
  page.dpi = object.at("dpi");
  page.channels = object.at("channels");
  page.bits = object.at("bits");
  page.rotation = object.at("rotation");
  page.remarks = object.value("remarks", std::vector<std::string>());
  return page;
}

NotedDevice device_from(const json& object) {
  const auto& settings = object.at("settings");
  return {object.at("name"),        text_at(object, "vendor"),
          text_at(object, "model"), text_at(object, "type"),
          settings.at("source"),    settings.value("mode", ""),
          settings.value("dpi", 0), settings.value("width_um", 0),
          settings.value("height_um", 0), settings.value("jpeg_quality", 0)};
}

NotedAccounting accounting_from(const json& object) {
  return {object.at("method"),
          object.at("sheets_captured"),
          object.at("sides_captured"),
          optional_at<int>(object, "sheets_declared"),
          optional_at<int>(object, "sheets_by_device"),
          optional_at<bool>(object, "feeder_empty"),
          object.at("closed"),
          text_at(object, "confirmed_by")};
}

void read_making(const json& object, TransferNote& note) {
  const auto& made = object.at("made");
  note.organisation = made.at("organisation");
  note.site = text_at(made, "site");
  note.operator_id = made.at("operator");
  note.station = text_at(made, "station");
  note.captured_from = unwrap(from_rfc3339(made.at("captured_from").get<std::string>()));
  note.captured_to = unwrap(from_rfc3339(made.at("captured_to").get<std::string>()));
  note.sealed_at = unwrap(from_rfc3339(made.at("sealed_at").get<std::string>()));
  note.software = made.at("software");
  note.engines = made.at("engines").get<std::vector<std::string>>();
  note.profile = made.at("profile");
  note.configuration = made.at("configuration");
  note.batch = made.at("batch");
  note.device = device_from(object.at("device"));
}

void read_document(const json& object, TransferNote& note) {
  note.document = object.at("id");
  note.number = object.at("number");
  note.document_class = object.at("class");
  note.department = text_at(object, "department");
  note.supersedes = text_at(object, "supersedes");
  note.received.date = object.at("received").at("date");
  note.received.channel = unwrap(channel_from(object.at("received").at("channel").get<std::string>()));
  note.pdf_sha256 = object.at("pdf").at("sha256");
  note.pdf_size = object.at("pdf").at("size");
}

TransferNote read_note(const json& object) {
  TransferNote note;
  read_making(object, note);
  read_document(object.at("document"), note);
  note.accounting = accounting_from(object.at("accounting"));
  for (const auto& check : object.at("checks")) {
    note.checks.push_back({check.at("name"), check.at("outcome"), check.at("by")});
  }
  for (const auto& anomaly : object.at("anomalies")) {
    note.anomalies.push_back({anomaly.at("code"), text_at(anomaly, "page"), text_at(anomaly, "resolution"),
                              text_at(anomaly, "by")});
  }
  for (const auto& page : object.at("pages")) note.pages.push_back(page_from(page));
  note.received_file = note.pages.size() == 1 && is_received_file(note.pages[0].format);
  return note;
}

}  // namespace

json to_json(const TransferNote& note) {
  json made = {{"organisation", note.organisation},
               {"operator", note.operator_id},
               {"captured_from", to_rfc3339(note.captured_from)},
               {"captured_to", to_rfc3339(note.captured_to)},
               {"sealed_at", to_rfc3339(note.sealed_at)},
               {"software", note.software},
               {"engines", note.engines},
               {"profile", note.profile},
               {"configuration", note.configuration},
               {"batch", note.batch}};
  put(made, "site", note.site);
  put(made, "station", note.station);
  const auto check_to_json = [](const NotedCheck& check) {
    return json{{"name", check.name}, {"outcome", check.outcome}, {"by", check.by}};
  };
  return {{"format", kFormat},
          {"statement", note.received_file ? kFileStatement : kStatement},
          {"made", made},
          {"device", device_to_json(note.device)},
          {"document", document_to_json(note)},
          {"accounting", accounting_to_json(note.accounting)},
          {"checks", array_of(note.checks, check_to_json)},
          {"anomalies", array_of(note.anomalies, anomaly_to_json)},
          {"pages", array_of(note.pages, page_to_json)}};
}

Result<TransferNote> transfer_note_from(const json& object) {
  if (!object.is_object() || !object.contains("format") || !object["format"].is_string()) {
    return fail(Errc::corrupt, "this is no transfer note");
  }
  if (object["format"] != kFormat)
    return fail(Errc::unsupported, "the transfer note has a format this program does not know");
  try {
    return read_note(object);
  } catch (const json::exception& wrong) {
    return fail(Errc::corrupt, std::string("the transfer note breaks its format: ") + wrong.what());
  } catch (const std::invalid_argument& wrong) {
    return fail(Errc::corrupt, std::string("the transfer note breaks its format: ") + wrong.what());
  }
}

}  // namespace mailroom::archive
