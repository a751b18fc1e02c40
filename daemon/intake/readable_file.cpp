#include "daemon/intake/readable_file.h"

#include <sstream>

#include "daemon/invoice/electronic/readable.h"
#include "daemon/invoice/model/invoice_json.h"
#include "ocr/paper/text_document.h"
#include "ocr/pdf/archival.h"

namespace mailroom::intake {
namespace {

using invoice::ReadableBlock;
using nlohmann::json;

ocr::TextBlock::Kind drawn_as(ReadableBlock::Kind kind) {
  switch (kind) {
    case ReadableBlock::Kind::title: return ocr::TextBlock::Kind::title;
    case ReadableBlock::Kind::heading: return ocr::TextBlock::Kind::heading;
    case ReadableBlock::Kind::item: return ocr::TextBlock::Kind::item;
    case ReadableBlock::Kind::paragraph: break;
  }
  return ocr::TextBlock::Kind::paragraph;
}

/// The words that were read on the pages of the file, page by page.
void add_recognised(const json& file, std::vector<ReadableBlock>& blocks) {
  int number = 0;
  for (const json& page : file.value("pages", json::array())) {
    blocks.push_back(
        {ReadableBlock::Kind::heading, "Seite " + std::to_string(++number) + ", erkannter Text"});
    std::istringstream lines(page.value("text", ""));
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) blocks.push_back({ReadableBlock::Kind::paragraph, invoice::plain_words(line)});
    }
  }
}

std::vector<ReadableBlock> blocks_of(const json& file) {
  if (file.is_object() && file.contains("invoice")) {
    if (const auto read = invoice::invoice_from(file.at("invoice"))) return invoice::readable(*read);
  }
  std::vector<ReadableBlock> blocks = {
      {ReadableBlock::Kind::title, "Empfangene Datei"},
      {ReadableBlock::Kind::paragraph,
       "In dieser Datei steht keine elektronische Rechnung. Sie liegt unverändert als Original bei."}};
  if (file.is_object()) add_recognised(file, blocks);
  return blocks;
}

void add_findings(const json& file, std::vector<ReadableBlock>& blocks) {
  if (!file.is_object()) return;
  const auto findings = file.value("line", json::object()).value("findings", json::array());
  if (findings.empty()) return;
  blocks.push_back({ReadableBlock::Kind::heading, "Prüfung"});
  for (const json& finding : findings) {
    blocks.push_back({ReadableBlock::Kind::item,
                      invoice::plain_words(finding.value("rule", "") + ": " + finding.value("text", ""))});
  }
}

std::vector<ocr::TextBlock> drawn_blocks(const json& file, const FileOrigin& origin) {
  auto blocks = blocks_of(file);
  add_findings(file, blocks);
  blocks.push_back({ReadableBlock::Kind::heading, "Empfangene Datei"});
  blocks.push_back({ReadableBlock::Kind::item, invoice::plain_words("Name: " + origin.name)});
  blocks.push_back({ReadableBlock::Kind::item, "Eingang: " + origin.received_at + " (UTC)"});
  blocks.push_back({ReadableBlock::Kind::item, "SHA-256: " + origin.sha256});
  std::vector<ocr::TextBlock> drawn;
  for (const auto& block : blocks) drawn.push_back({drawn_as(block.kind), block.words});
  return drawn;
}

}  // namespace

bool may_show_an_invoice(ImageFormat format, const json& answer) {
  if (format != ImageFormat::pdf && format != ImageFormat::mail) return false;
  const auto findings = answer.value("line", json::object()).value("findings", json::array());
  return findings.size() == 1 && findings[0].value("rule", "") == "MR-NO-INVOICE";
}

PageReport report_of_file(json answer) {
  PageReport report;
  report.recognised = true;
  report.confidence = 1;
  report.engines = {"mailroom " MAILROOM_VERSION};
  if (answer.contains("invoice") || answer.contains("pages")) {
    for (const auto& block : blocks_of(answer)) report.text += block.words + "\n";
  }
  report.file = std::move(answer);
  return report;
}

Result<Bytes> readable_pdf(const json& file, const FileOrigin& origin) {
  const std::string second = origin.received_at.substr(0, 19) + "Z";
  const std::string title = "Dokument " + origin.number;
  MAILROOM_TRY(const Bytes drawn, ocr::text_document_pdf(drawn_blocks(file, origin), title, title, second));
  return ocr::as_archival(drawn, {.id = origin.id,
                                  .number = origin.number,
                                  .title = title,
                                  .created = from_rfc3339(origin.received_at).value_or(Timestamp{})});
}

}  // namespace mailroom::intake
