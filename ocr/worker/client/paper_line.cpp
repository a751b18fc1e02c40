#include "ocr/worker/client/paper_line.h"

#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/paper/to_invoice.h"
#include "daemon/invoice/reading/reading.h"

namespace mailroom::ocr {
namespace {

using nlohmann::json;

/// Without the daemon nothing is remembered.
struct NoMemory : invoice::InvoiceMemory {
  std::vector<invoice::EarlierInvoice> alike(const std::string&, const std::string&,
                                             std::uint64_t) const override {
    return {};
  }
  std::vector<std::string> numbers_of(const std::string&) const override { return {}; }
  std::vector<invoice::Anchor> anchors_of(const std::string&) const override { return {}; }
};

json field_json(const invoice::PaperField& field) {
  return {{"name", field.name},
          {"value", field.value},
          {"confidence", field.confidence},
          {"source", field.source},
          {"page", field.page},
          {"box", {field.box.x, field.box.y, field.box.width, field.box.height}}};
}

json finding(std::string_view rule, std::string_view severity, const std::string& text) {
  return {{"rule", rule}, {"severity", severity}, {"text", text}};
}

/// What the paper alone leaves in doubt; buyer and creditor are judged by the daemon.
json findings_of(const invoice::PaperInvoice& paper) {
  json findings = json::array();
  findings.push_back(
      finding("MR-PAPER", "information", "Von Papier gelesen; ob sie gezahlt wird, entscheidet der Dienst"));
  for (const auto& doubt : invoice::judge(paper, {}, {}, {}, NoMemory(), "").doubts) {
    const auto& values = doubt.values;
    if (doubt.reason == "invoice_fields")
      findings.push_back(finding("MR-PAPER-FIELDS", "warning", "Bitte prüfen: " + values.at("fields")));
    if (doubt.reason == "invoice_kind")
      findings.push_back(
          finding("MR-PAPER-KIND", "warning", "Keine Rechnung, sondern: " + values.at("kind")));
    if (doubt.reason == "invoice_several")
      findings.push_back(finding("MR-PAPER-SEVERAL", "warning", "Eine weitere Rechnung scheint zu beginnen"));
    if (doubt.reason == "invoice_code_differs")
      findings.push_back(finding("MR-PAPER-CODE", "warning", "Der Zahlungscode sagt anderes als der Druck"));
  }
  return findings;
}

}  // namespace

std::optional<json> paper_line(PageWorker& worker, ByteView file) {
  std::vector<PageReport> reports;
  bool words = false;
  const auto read =
      worker.read_file(file, {.recognise = true, .full_search = true}, [&](int, Result<PageReport> report) {
        reports.push_back(report ? std::move(*report) : PageReport());
        words = words || !reports.back().words.empty();
      });
  if (!read || !words) return std::nullopt;
  std::vector<invoice::PaperPage> pages;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ids.push_back(std::to_string(i + 1));
    pages.push_back({ids.back(), &reports[i]});
  }
  const auto paper = invoice::read_paper(pages);
  invoice::Reading reading;
  reading.invoice = invoice::to_invoice(paper, ids);
  json line = invoice::line_of(reading);
  line["kind"] = name_of(paper.kind);
  line["fields"] = json::array();
  for (const auto& field : paper.fields) line["fields"].push_back(field_json(field));
  line["findings"] = findings_of(paper);
  line["verdict"] = "unknown";
  line["decision"] = "clarify";
  return line;
}

}  // namespace mailroom::ocr
