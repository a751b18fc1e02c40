#include <cmath>

#include "daemon/config/read_files.h"
#include "daemon/crypto/canonical_json.h"

namespace mailroom::config {
namespace {

using nlohmann::json;

/// Canonical JSON has no fractions.
long micrometres(double millimetres) {
  return std::lround(millimetres * 1000);
}

json to_json(const DocumentClass& c) {
  return {{"code", c.code},
          {"name_de", c.name_de},
          {"name_en", c.name_en},
          {"confidentiality", name_of(c.confidentiality)},
          {"gate", name_of(c.gate)},
          {"reading", name_of(c.reading)},
          {"recipients", c.recipients},
          {"originals", name_of(c.originals)},
          {"retention_years", c.retention_years},
          {"working_copy_days", c.working_copy_days},
          {"quality_percent", c.quality_percent},
          {"quality_other_person", c.quality_other_person}};
}

json to_json(const Department& d) {
  return {{"code", d.code}, {"name_de", d.name_de}, {"name_en", d.name_en}};
}

json to_json(const Profile& p) {
  return {{"name_de", p.name_de},
          {"name_en", p.name_en},
          {"source", p.source},
          {"mode", p.mode},
          {"dpi", p.dpi},
          {"width_um", micrometres(p.width_mm)},
          {"height_um", micrometres(p.height_mm)},
          {"jpeg_quality", p.jpeg_quality},
          {"paper", p.measured ? "measured" : "fixed"},
          {"double_feed", p.double_feed},
          {"endorser", p.endorser},
          {"document_class", p.document_class},
          {"department", p.department},
          {"patch_t", p.patch_t},
          {"routing_sheets", p.routing_sheets},
          {"languages", p.languages},
          {"channel", name_of(p.channel)},
          {"counting", p.counting}};
}

json to_json(const Recipient& r) {
  return {{"encrypt", r.encrypt},
          {"certificate", r.certificate},
          {"window", r.window},
          {"https", r.https},
          {"deadlines", r.deadlines}};
}

json to_json(const Limits& l) {
  return {{"page_seconds", l.page_seconds},
          {"page_memory_mib", l.page_memory_mib},
          {"scanner_progress_ms", l.scanner_progress_ms},
          {"capture_queue", l.capture_queue},
          {"disk_reserve_mib", l.disk_reserve_mib},
          {"workers", l.workers},
          {"box_waiting_days", l.box_waiting_days}};
}

json to_json(const StationPlace& s) {
  const char* start = s.start == StartOn::button ? "button" : s.start == StartOn::paper ? "paper" : "nothing";
  return {{"name_de", s.name_de},
          {"name_en", s.name_en},
          {"scanner", s.scanner},
          {"profile", s.profile},
          {"start", start}};
}

json to_json(const FolderPlace& f) {
  return {{"path", f.path.string()}, {"profile", f.profile}, {"settle_seconds", f.settle_seconds}};
}

json to_json(const WebSettings& w) {
  return {{"listen", w.address + ":" + std::to_string(w.port)},
          {"certificate", w.certificate},
          {"key", w.key},
          {"names", w.names},
          {"contents", w.contents},
          {"lock_minutes", w.lock_minutes},
          {"session_hours", w.session_hours}};
}

template <typename Item>
json all_of(const std::map<std::string, Item>& items) {
  json object = json::object();
  for (const auto& [id, item] : items) object[id] = to_json(item);
  return object;
}

}  // namespace

Result<std::string> snapshot_of(const Configuration& c) {
  return canonical_json({{"site", c.site},
                         {"organisation", c.organisation},
                         {"default_profile", c.default_profile},
                         {"broker", {{"host", c.broker.host}, {"port", c.broker.port}}},
                         {"limits", to_json(c.limits)},
                         {"invoices",
                          {{"buyers", c.invoice_buyers},
                           {"holidays", c.holidays},
                           {"deadline_days", c.deadline_days},
                           {"voucher_check", c.voucher_check},
                           {"order_numbers", c.order_numbers},
                           {"asset_numbers", c.asset_numbers}}},
                         {"folders", all_of(c.folders)},
                         {"web", to_json(c.web)},
                         {"stations", all_of(c.stations)},
                         {"classes", all_of(c.classes)},
                         {"departments", all_of(c.departments)},
                         {"profiles", all_of(c.profiles)},
                         {"recipients", all_of(c.recipients)}});
}

}  // namespace mailroom::config
