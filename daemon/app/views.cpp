#include "daemon/app/views.h"

#include <algorithm>

namespace mailroom::app {
namespace {

using archive::Catalogue;
using nlohmann::json;

json optional_json(const auto& value) {
  return value ? json(*value) : json(nullptr);
}

int pdf_pages(const archive::DocumentRow& document) {
  return int(
      std::count_if(document.pages.begin(), document.pages.end(), [](const archive::DocumentPage& page) {
        return page.role == PageRole::content || page.role == PageRole::attachment ||
               page.role == PageRole::note;
      }));
}

Result<json> document_view(Catalogue& catalogue, const archive::DocumentRow& document) {
  MAILROOM_TRY(const auto deliveries, catalogue.deliveries().of_document(document.id));
  json list = json::array();
  for (const auto& delivery : deliveries) {
    list.push_back({{"id", delivery.id},
                    {"recipient", delivery.recipient},
                    {"state", delivery.state},
                    {"record", delivery.record.empty() ? json(nullptr) : json(delivery.record)},
                    {"attempts", delivery.attempts}});
  }
  return json{
      {"number", document.number},
      {"id", document.id},
      {"class", document.document_class},
      {"department", document.department},
      {"priority", name_of(document.priority)},
      {"received", {{"date", document.received.date}, {"channel", name_of(document.received.channel)}}},
      {"originals", name_of(document.originals)},
      {"state", name_of(document.state)},
      {"pages", pdf_pages(document)},
      {"supersedes", document.supersedes},
      {"deliveries", list}};
}

Result<json> documents_view(Catalogue& catalogue, const std::string& batch) {
  MAILROOM_TRY(const auto documents, catalogue.documents().of_batch(batch));
  json list = json::array();
  for (const auto& document : documents) {
    MAILROOM_TRY(json view, document_view(catalogue, document));
    list.push_back(std::move(view));
  }
  return list;
}

Result<json> held_view(Catalogue& catalogue, const std::string& batch) {
  MAILROOM_TRY(const auto clarifications, catalogue.clarifications().of_batch(batch));
  json list = json::array();
  for (const auto& row : clarifications) {
    if (row.state == archive::kOpen) list.push_back(clarification_view(row));
  }
  return list;
}

json page_view(const archive::Page& page) {
  json view = {{"sheet", page.image.sheet},   {"side", name_of(page.image.side)},
               {"sha256", page.image.sha256}, {"role", page.role ? json(name_of(*page.role)) : json(nullptr)},
               {"width", page.image.width},   {"height", page.image.height},
               {"dpi", page.image.dpi}};
  if (page.failure) view["failure"] = {{"code", page.failure->code}, {"text", page.failure->text}};
  if (page.report) {
    view["blank"] = page.report->blank;
    view["rotation"] = page.report->rotation;
    view["confidence"] = page.report->confidence;
    view["codes"] = page.report->codes.size();
  }
  return view;
}

Result<json> audit_view(Catalogue& catalogue, const std::string& subject) {
  MAILROOM_TRY(const auto entries, archive::read_audit(catalogue.database(), subject));
  json list = json::array();
  for (const auto& entry : entries) {
    list.push_back({{"seq", entry.seq},
                    {"time", entry.time},
                    {"actor", entry.record.actor},
                    {"action", entry.record.action},
                    {"details", entry.record.details}});
  }
  return list;
}

Result<json> batch_details(Catalogue& catalogue, const archive::Batch& batch) {
  json view = batch_view(batch);
  MAILROOM_TRY(view["documents"], documents_view(catalogue, batch.id));
  MAILROOM_TRY(view["held"], held_view(catalogue, batch.id));
  MAILROOM_TRY(view["audit"], audit_view(catalogue, batch.id));
  MAILROOM_TRY(const auto pages, catalogue.pages().of_batch(batch.id));
  view["pages"] = json::array();
  for (const auto& page : pages) view["pages"].push_back(page_view(page));
  return view;
}

Result<json> document_details(Catalogue& catalogue, const archive::DocumentRow& document) {
  MAILROOM_TRY(json view, document_view(catalogue, document));
  MAILROOM_TRY(const auto contents, catalogue.documents().contents_of(document.id));
  view["contents"] = json::array();
  for (const auto& content : contents) {
    view["contents"].push_back({{"name", content.name},
                                {"recipient", content.recipient},
                                {"size", content.size},
                                {"sha256", content.sha256}});
  }
  MAILROOM_TRY(view["audit"], audit_view(catalogue, document.id));
  return view;
}

}  // namespace

json batch_view(const archive::Batch& batch) {
  return {{"id", batch.id},
          {"number", batch.number},
          {"state", name_of(batch.state)},
          {"scanner", batch.scanner},
          {"operator", batch.operator_id},
          {"profile", batch.profile},
          {"config_digest", batch.config_digest},
          {"sheets", batch.sheets},
          {"declared", optional_json(batch.declared_sheets)},
          {"device_counter", optional_json(batch.device_sheets)},
          {"feed_end", batch.feed_end},
          {"fault", batch.fault},
          {"counted_by", batch.counted_by},
          {"opened_at", batch.opened_at},
          {"closed_at", batch.closed_at},
          {"finished_at", batch.finished_at}};
}

json clarification_view(const archive::ClarificationRow& row) {
  json view = row.body;
  view["clarification"] = row.id;
  view["text"] = row.body.value("text_de", "");
  view["scope"] = row.scope;
  view["reason"] = row.reason;
  view["state"] = row.state;
  view["version"] = row.version;
  return view;
}

Result<json> progress_view(Catalogue& catalogue, const archive::Batch& batch) {
  MAILROOM_TRY(const auto pages, catalogue.pages().count(batch.id));
  MAILROOM_TRY(const auto deliveries, catalogue.deliveries().count(batch.id));
  return json{{"state", name_of(batch.state)},
              {"sheets", batch.sheets},
              {"pages", pages.taken},
              {"read", pages.read},
              {"documents", deliveries.documents},
              {"deliveries", deliveries.deliveries},
              {"receipted", deliveries.stored}};
}

Result<json> summary_view(Catalogue& catalogue, const archive::Batch& batch) {
  json view = {{"version", 1},
               {"batch",
                {{"number", batch.number},
                 {"id", batch.id},
                 {"state", name_of(batch.state)},
                 {"profile", batch.profile},
                 {"operator", batch.operator_id},
                 {"config_digest", batch.config_digest},
                 {"opened_at", batch.opened_at},
                 {"closed_at", batch.closed_at},
                 {"finished_at", batch.finished_at},
                 {"sheets",
                  {{"fed", batch.sheets},
                   {"declared", optional_json(batch.declared_sheets)},
                   {"device_counter", optional_json(batch.device_sheets)}}}}}};
  MAILROOM_TRY(view["documents"], documents_view(catalogue, batch.id));
  MAILROOM_TRY(view["held"], held_view(catalogue, batch.id));
  view["exit"] = batch.state == BatchState::finished ? 0 : 3;
  return view;
}

Result<json> details_view(Catalogue& catalogue, const std::string& id) {
  if (const auto batch = catalogue.batches().get(id)) return batch_details(catalogue, *batch);
  if (const auto document = catalogue.documents().get(id)) return document_details(catalogue, *document);
  if (const auto row = catalogue.clarifications().get(id)) return clarification_view(*row);
  return fail(Errc::not_found, "there is no batch, document or clarification '" + id + "'", {},
              "see: mailroomctl batches");
}

json verification_view(const intake::VerificationReport& report) {
  json findings = json::array();
  for (const auto& finding : report.findings) {
    findings.push_back({{"what", finding.what}, {"where", finding.where}, {"text", finding.text}});
  }
  return {{"audit_entries", report.audit_entries},
          {"documents", report.documents},
          {"contents", report.contents},
          {"pages", report.pages},
          {"findings", findings}};
}

Result<bool> is_settled(Catalogue& catalogue, const archive::Batch& batch) {
  using enum BatchState;
  if (batch.state == finished || batch.state == discarded || batch.state == held) return true;
  if (batch.state == feeding || batch.state == closed) return false;
  MAILROOM_TRY(const auto pages, catalogue.pages().count(batch.id));
  MAILROOM_TRY(const int open, catalogue.clarifications().open_count(batch.id));
  if (batch.state == interrupted) return pages.read == pages.taken && open > 0;
  return open > 0;  // released: a recipient sent something back
}

}  // namespace mailroom::app
