#include "daemon/kiosk/package.h"

#include <nlohmann/json.hpp>

#include "daemon/crypto/canonical_json.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "ocr/paper/text_document.h"
#include "ocr/pdf/join.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::kiosk {
namespace {

using nlohmann::json;
using ocr::TextBlock;

std::string second_of(Timestamp time) {
  return to_rfc3339(time).substr(0, 19) + "Z";
}

Bytes bytes_of(const std::string& text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

TextBlock item(const std::string& name, const std::string& value) {
  return {TextBlock::Kind::item, name + ": " + value};
}

const std::string& in_german(const Texts& texts) {
  return texts.at("de");
}

/// The first page inside: what was typed, and what comes behind it.
Result<Bytes> application_of(const Visit& visit, const PackageFacts& facts) {
  std::vector<TextBlock> blocks = {
      {TextBlock::Kind::title, in_german(visit.matter->title)},
      item("Vorgangsnummer", facts.tracking),
      item("Eingegangen am Bürgerterminal", facts.kiosk + ", " + second_of(facts.at))};
  if (!visit.details.empty()) blocks.push_back({TextBlock::Kind::heading, "Angaben"});
  for (const auto& asked : visit.matter->details) {
    const auto given = visit.details.find(asked.id);
    if (given != visit.details.end()) blocks.push_back(item(in_german(asked.title), given->second));
  }
  blocks.push_back({TextBlock::Kind::heading, "Nachweise"});
  for (const Proof& proof : visit.proofs) {
    const bool earlier = proof.state == ProofState::earlier;
    blocks.push_back(
        item(in_german(proof.asked->title), earlier ? "liegt bereits vor, Vorgang " + proof.on_file->tracking
                                                    : std::to_string(proof.sides.size()) + " Seiten"));
  }
  blocks.push_back(
      {TextBlock::Kind::paragraph,
       "Die Identität wurde mit dem Online-Ausweis festgestellt; die ausgelesenen Daten und die signierte "
       "Erklärung darüber liegen als Anlagen in dieser Datei."});
  return ocr::text_document_pdf(blocks, in_german(visit.matter->title), facts.tracking, second_of(facts.at));
}

Result<Bytes> scanned_pages(const Visit& visit, const PackageFacts& facts) {
  std::vector<ocr::PdfPage> pages;
  for (const Proof& proof : visit.proofs) {
    for (const ScannedSide& side : proof.sides)
      pages.push_back({&side.image, side.image.bytes, &side.report, {}, proof.asked->id});
  }
  if (pages.empty()) return Bytes();
  return ocr::write_pdf(pages, {facts.tracking, facts.tracking, in_german(visit.matter->title),
                                facts.organisation, "de-DE", facts.at});
}

json side_json(const ScannedSide& side, int page) {
  return {{"page", page},
          {"sha256", side.image.sha256},
          {"width", side.image.width},
          {"height", side.image.height},
          {"dpi", side.image.dpi},
          {"turned", side.report.rotation}};
}

json proofs_json(const Visit& visit, int first_page) {
  json proofs = json::array();
  for (const Proof& proof : visit.proofs) {
    json entry = {{"id", proof.asked->id}};
    if (proof.state == ProofState::earlier) {
      entry["earlier"] = {{"tracking", proof.on_file->tracking},
                          {"date", proof.on_file->row.on},
                          {"digest", proof.on_file->row.digest}};
    } else {
      entry["sides"] = json::array();
      for (const ScannedSide& side : proof.sides) entry["sides"].push_back(side_json(side, first_page++));
    }
    proofs.push_back(std::move(entry));
  }
  return proofs;
}

json matter_json(const Visit& visit, const PackageFacts& facts, int first_page) {
  json body = {{"version", 1},
               {"matter", visit.matter->id},
               {"tracking", facts.tracking},
               {"kiosk", facts.kiosk},
               {"consent_at", visit.consent_at},
               {"reading", visit.identity->row.id},
               {"details", visit.details},
               {"proofs", proofs_json(visit, first_page)}};
  if (visit.identity->old_enough) body["old_enough"] = *visit.identity->old_enough;
  if (visit.identity->in_community) body["in_community"] = *visit.identity->in_community;
  if (!visit.device.name.empty()) {
    body["capture"] = {{"scanner", facts.scanner},
                       {"vendor", visit.device.vendor},
                       {"model", visit.device.model},
                       {"mode", facts.capture_mode},
                       {"dpi", facts.capture_dpi}};
  }
  return body;
}

Result<std::vector<ocr::EnclosedFile>> enclosures(const Visit& visit, const PackageFacts& facts) {
  constexpr int kFirstScannedPage = 2;  // behind the application
  MAILROOM_TRY(const auto text, canonical_json(matter_json(visit, facts, kFirstScannedPage)));
  return std::vector<ocr::EnclosedFile>{
      {"matter.json", "application/json", bytes_of(text)},
      {"identity.p7m", "application/pkcs7-mime", visit.identity->record},
      {"identity-statement.json", "application/json", bytes_of(visit.identity->statement)},
      {"identity-statement.p7s", "application/pkcs7-signature", visit.identity->signature}};
}

Result<Bytes> cover_sheet(const Visit& visit, const PackageFacts& facts, ocr::EnclosedFile sealed) {
  const std::vector<TextBlock> blocks = {{TextBlock::Kind::title, "Vorgang " + facts.tracking},
                                         item("Anliegen", in_german(visit.matter->title)),
                                         item("Bürgerterminal", facts.kiosk),
                                         item("Eingegangen", second_of(facts.at)),
                                         item("SHA-256 der Anlage", sha256_hex(sealed.bytes)),
                                         {TextBlock::Kind::paragraph,
                                          "Angaben, Nachweise und Identitätsdaten liegen verschlüsselt in "
                                          "der Anlage matter.p7m. Nur die Empfänger des "
                                          "Vorgangs können sie öffnen (CMS AuthEnvelopedData, RFC 5083)."}};
  MAILROOM_TRY(const auto page, ocr::text_document_pdf(blocks, "Vorgang " + facts.tracking, facts.tracking,
                                                       second_of(facts.at)));
  const std::vector<ocr::EnclosedFile> files = {std::move(sealed)};
  return ocr::join_pdfs(std::vector<ByteView>{page}, files);
}

}  // namespace

std::string euros(int cents) {
  const std::string rest = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "," + (rest.size() < 2 ? "0" : "") + rest;
}

std::string digest_of(const Proof& proof) {
  std::string digests;
  for (const ScannedSide& side : proof.sides) digests += side.image.sha256 + "\n";
  return sha256_hex(as_bytes(digests));
}

Result<Bytes> make_package(const Visit& visit, const PackageFacts& facts,
                           std::span<const Certificate> recipients) {
  MAILROOM_TRY(const Bytes application, application_of(visit, facts));
  MAILROOM_TRY(const Bytes scanned, scanned_pages(visit, facts));
  std::vector<ByteView> parts = {application};
  if (!scanned.empty()) parts.emplace_back(scanned);
  MAILROOM_TRY(const auto files, enclosures(visit, facts));
  MAILROOM_TRY(const Bytes inside, ocr::join_pdfs(parts, files));
  MAILROOM_TRY(Bytes sealed, encrypt_for(inside, recipients));
  return cover_sheet(visit, facts, {"matter.p7m", "application/pkcs7-mime", std::move(sealed)});
}

Result<Bytes> make_receipt(const archive::MatterRow& row, const Matter& matter, const Payment& payment,
                           const PackageFacts& facts, const std::string& language) {
  const bool german = language != "en";
  const auto& title = german ? matter.title.at("de") : matter.title.at("en");
  const auto say = [&](const char* in_german, const char* in_english) {
    return german ? in_german : in_english;
  };
  std::vector<TextBlock> blocks = {
      {TextBlock::Kind::title, say("Quittung", "Receipt")},
      item(say("Behörde", "Authority"), facts.organisation),
      item(say("Anliegen", "Matter"), title),
      item(say("Vorgangsnummer", "Tracking number"), row.tracking),
      item(say("Abgegeben", "Handed in"), row.handed_in_at),
  };
  if (row.fee_cents > 0) {
    blocks.push_back(item(say("Gebühr", "Fee"), euros(row.fee_cents) + " EUR"));
    blocks.push_back(item(say("Kassenzeichen", "Payment reference"), row.reference));
    const bool paid = payment.state == PaymentState::paid;
    blocks.push_back(
        item(say("Zahlung", "Payment"), paid ? say("mit Karte bezahlt", "paid by card")
                                             : say("noch offen, per Überweisung", "still due, by transfer")));
  }
  blocks.push_back(
      {TextBlock::Kind::paragraph,
       say("Mit der Vorgangsnummer sehen Sie an jedem Bürgerterminal den Stand und holen Antworten ab.",
           "With the tracking number any kiosk shows you the status and keeps answers for you.")});
  return ocr::text_document_pdf(blocks, title, row.tracking, row.handed_in_at.substr(0, 19) + "Z");
}

Result<Bytes> make_payment_record(const json& record, const std::string& organisation) {
  std::vector<TextBlock> blocks = {{TextBlock::Kind::title, "Zahlung am Bürgerterminal"},
                                   item("Behörde", organisation)};
  for (const auto& [name, value] : record.items()) {
    if (value.is_string()) blocks.push_back(item(name, value.get<std::string>()));
  }
  const std::string at = record.value("at", "1970-01-01T00:00:00Z").substr(0, 19) + "Z";
  MAILROOM_TRY(const auto page, ocr::text_document_pdf(blocks, "Zahlung", record.value("tracking", ""), at));
  MAILROOM_TRY(const auto text, canonical_json(record));
  const std::vector<ocr::EnclosedFile> files = {{"payment.json", "application/json", bytes_of(text)}};
  return ocr::join_pdfs(std::vector<ByteView>{page}, files);
}

}  // namespace mailroom::kiosk
