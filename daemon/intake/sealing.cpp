#include "daemon/intake/sealing.h"

#include <algorithm>
#include <set>

#include "daemon/base/kill_point.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/readable_file.h"
#include "ocr/codec/encode.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::intake {
namespace {

using archive::ContentRow;
using archive::NotedPage;
using archive::Page;
using nlohmann::json;

constexpr std::size_t kInlineAtMost =
    5U * 1024;  // five of these and their base64 stay far below a manifest's limit

/// A document that never was paper: its one side is the file as received.
bool is_file(const SealOrder& order) {
  return order.pages.size() == 1 && is_received_file(order.pages.front().image.format);
}

bool is_in_pdf(PageRole role) {
  return role == PageRole::content || role == PageRole::attachment || role == PageRole::note;
}

std::string label_of(const Page& page) {
  return std::to_string(page.image.sheet) + " " + std::string(name_of(page.image.side));
}

NotedPage noted(const Page& page, PageRole role, int& pdf_pages) {
  const CapturedImage& image = page.image;
  NotedPage noted{
      image.sheet,    image.side, role, {}, image.sha256, image.format, image.width, image.height, image.dpi,
      image.channels, image.bits, 0,    {}};
  if (is_in_pdf(role) && !is_received_file(image.format)) noted.pdf_page = ++pdf_pages;
  if (page.report) {
    noted.rotation = page.report->rotation;
    noted.remarks = page.report->remarks;
  }
  if (page.failure) noted.remarks.push_back("unreadable_" + page.failure->code);
  return noted;
}

archive::NotedDevice noted_device(const archive::Batch& batch) {
  const auto& device = batch.device;
  const auto& settings = batch.settings;
  archive::NotedDevice noted;
  noted.name = batch.scanner;
  noted.vendor = device.value("vendor", "");
  noted.model = device.value("model", "");
  noted.type = device.value("type", "");
  noted.source = settings.value("source", "");
  noted.mode = settings.value("mode", "");
  noted.dpi = settings.value("dpi", 0);
  noted.width_um = settings.value("width_um", 0);
  noted.height_um = settings.value("height_um", 0);
  noted.jpeg_quality = settings.value("jpeg_quality", 0);
  return noted;
}

archive::NotedAccounting noted_accounting(const SealOrder& order) {
  const archive::Batch& batch = order.batch;
  archive::NotedAccounting accounting;
  accounting.method = batch.counted_by == "confirmed" ? "confirm" : batch.counted_by;
  accounting.sheets_captured = batch.sheets;
  accounting.sides_captured = order.batch_sides;
  accounting.sheets_declared = batch.confirmed_sheets ? batch.confirmed_sheets : batch.declared_sheets;
  accounting.sheets_by_device = batch.device_sheets;
  accounting.feeder_empty = batch.feeder_empty;
  accounting.closed = true;  // a batch whose sum does not close is never released
  accounting.confirmed_by = order.counted_by_person;
  return accounting;
}

std::vector<std::string> engines_of(const std::vector<Page>& pages) {
  std::set<std::string> engines;
  for (const Page& page : pages) {
    if (page.report) engines.insert(page.report->engines.begin(), page.report->engines.end());
  }
  return {engines.begin(), engines.end()};
}

/// The image stream a page's captured bytes become in a PDF: JPEG as it is, of a TIFF its strip.
Result<std::string> stream_digest(const Page& page, ByteView captured) {
  if (page.image.format == ImageFormat::jpeg) return page.image.sha256;
  MAILROOM_TRY(const ByteView strip, ocr::group4_strip_of(captured));
  return sha256_hex(strip);
}

/// Proves that `pdf` holds exactly the captured sides, in this order, before anybody signs that.
Result<void> check_embedded(const Bytes& pdf, const std::vector<std::string>& expected,
                            const std::string& batch) {
  MAILROOM_TRY(const auto embedded, ocr::embedded_image_digests(pdf));
  if (embedded == expected) return {};
  return fail(Errc::corrupt, "the PDF does not hold the captured sides", Place::in_batch(batch),
              "seal the document again; if that does not help, tell the maker");
}

std::vector<archive::NotedCheck> checks_of(const SealOrder& order) {
  const bool all_read =
      std::all_of(order.pages.begin(), order.pages.end(), [](const Page& page) { return bool(page.report); });
  std::vector<archive::NotedCheck> checks = {
      {"sheet_count", "passed", "software"},
      {"decoded", all_read ? "passed" : "failed", "software"},
      {is_file(order) ? "received_bytes_kept" : "captured_bytes_in_pdf", "passed", "software"}};
  if (!order.document.confirmed_by.empty())
    checks.push_back({"review", "passed", order.document.confirmed_by});
  if (!order.document.checked_by.empty())
    checks.push_back({"quality_control", "passed", order.document.checked_by});
  return checks;
}

}  // namespace

/// The readable form; drawn anew it is the same, byte for byte.
Result<Bytes> Sealing::make_readable_pdf(const SealOrder& order) const {
  const Page& page = order.pages.front();
  const bool has_data = page.report && page.report->file.contains("invoice");
  if (page.image.format == ImageFormat::pdf && !has_data)  // readable as it is
    return spool_.read({page.batch, 1, Side::front, page.image.format}, page.image.sha256);
  return readable_pdf(
      page.report ? page.report->file : json(nullptr),
      {order.document.id, order.document.number, order.file_name, page.image.sha256, page.captured_at});
}

Result<Bytes> Sealing::make_pdf(const SealOrder& order) const {
  if (is_file(order)) return make_readable_pdf(order);
  std::vector<Bytes> captured;
  std::vector<ocr::PdfPage> pages;
  std::vector<std::string> expected;
  captured.reserve(order.pages.size());
  for (std::size_t i = 0; i < order.pages.size(); ++i) {
    if (!is_in_pdf(order.document.pages.at(i).role)) continue;
    const Page& page = order.pages[i];
    const SpoolEntry entry{page.batch, page.image.sheet, page.image.side, page.image.format};
    MAILROOM_TRY(Bytes bytes, spool_.read(entry, page.image.sha256));
    MAILROOM_TRY(std::string digest, stream_digest(page, bytes));
    expected.push_back(std::move(digest));
    captured.push_back(std::move(bytes));
    pages.push_back(
        {&page.image, captured.back(), page.report ? &*page.report : nullptr, {}, label_of(page)});
  }
  const auto& document_class = configuration_.classes.at(order.document.document_class);
  const ocr::PdfMetadata metadata{order.document.id,
                                  order.document.number,
                                  document_class.name_de + " " + order.document.number,
                                  configuration_.organisation,
                                  "de-DE",
                                  order.sealed_at};
  MAILROOM_TRY(Bytes pdf, ocr::write_pdf(pages, metadata));
  MAILROOM_TRY_VOID(check_embedded(pdf, expected, order.batch.number));
  return pdf;
}

archive::TransferNote Sealing::make_note(const SealOrder& order, ByteView pdf) const {
  const archive::DocumentRow& document = order.document;
  archive::TransferNote note;
  note.received_file = is_file(order);
  note.organisation = configuration_.organisation;
  note.site = configuration_.site;
  note.operator_id = order.batch.operator_id;
  note.station = order.batch.station.empty() ? order.batch.scanner : order.batch.station;
  note.sealed_at = order.sealed_at;
  note.device = noted_device(order.batch);
  note.software = "mailroom " MAILROOM_VERSION;
  note.engines = engines_of(order.pages);
  note.profile = order.batch.profile;
  note.configuration = order.batch.config_digest;
  note.batch = order.batch.number;
  note.document = document.id;
  note.number = document.number;
  note.document_class = document.document_class;
  note.department = document.department;
  note.received = document.received;
  note.supersedes = document.supersedes;
  note.accounting = noted_accounting(order);
  note.checks = checks_of(order);
  note.anomalies = order.anomalies;
  int pdf_pages = 0;
  std::string first;
  std::string last;
  for (std::size_t i = 0; i < order.pages.size(); ++i) {
    note.pages.push_back(noted(order.pages[i], document.pages.at(i).role, pdf_pages));
    const std::string& at = order.pages[i].captured_at;
    if (first.empty() || at < first) first = at;
    if (at > last) last = at;
  }
  note.captured_from = from_rfc3339(first).value_or(order.sealed_at);
  note.captured_to = from_rfc3339(last).value_or(order.sealed_at);
  // A clock that was set back in between keeps nobody's letter waiting.
  if (note.sealed_at < note.captured_to) note.anomalies.push_back({"clock_went_back", "", "", "software"});
  note.pdf_sha256 = sha256_hex(pdf);
  note.pdf_size = pdf.size();
  return note;
}

Result<std::vector<Sealing::PlainContent>> Sealing::plain_contents(const SealOrder& order) const {
  MAILROOM_TRY(Bytes pdf, make_pdf(order));
  MAILROOM_TRY(archive::SignedNote note, archive::seal_transfer_note(make_note(order, pdf), appliance_));
  std::vector<PlainContent> contents;
  contents.push_back({"document.pdf", "document", "application/pdf", std::move(pdf)});
  if (is_file(order)) MAILROOM_TRY_VOID(add_original(order, contents));
  if (!order.invoice.empty()) {
    const auto bytes = as_bytes(order.invoice);
    contents.push_back({"invoice.json", "invoice", "application/json", Bytes(bytes.begin(), bytes.end())});
  }
  contents.push_back(
      {"transfer-note.json", "transfer-note", std::string(archive::kNoteMediaType), std::move(note.note)});
  contents.push_back({"transfer-note.p7s", "transfer-note", std::string(archive::kNoteSignatureMediaType),
                      std::move(note.signature)});
  return contents;
}

/// The bytes exactly as they came in.
Result<void> Sealing::add_original(const SealOrder& order, std::vector<PlainContent>& contents) const {
  const Page& page = order.pages.front();
  const auto format = page.image.format;
  MAILROOM_TRY(Bytes bytes, spool_.read({page.batch, 1, Side::front, format}, page.image.sha256));
  contents.push_back({"original" + std::string(suffix_of(format)), "original",
                      std::string(media_type_of(format)), std::move(bytes)});
  return {};
}

Result<SealedContent> Sealing::keep(const SealOrder& order, const PlainContent& content) {
  MAILROOM_TRY(const std::string digest, contents_.put(content.bytes));
  SealedContent sealed;
  sealed.row = {order.document.id,    "",    content.name, content.role, content.media_type,
                content.bytes.size(), digest};
  sealed.manifest = {content.role, content.media_type, content.bytes.size(), digest, false, {}};
  if (content.bytes.size() <= kInlineAtMost) sealed.manifest.inline_bytes = content.bytes;
  return sealed;
}

Result<SealedContent> Sealing::keep_encrypted(const SealOrder& order, const PlainContent& content,
                                              const std::string& recipient) {
  MAILROOM_TRY(Bytes message, encrypt_for(content.bytes, certificates_.at(recipient)));
  MAILROOM_TRY(SealedContent sealed,
               keep(order, {content.name, content.role, content.media_type, std::move(message)}));
  sealed.row.recipient = recipient;
  sealed.manifest.encrypted = true;
  return sealed;
}

Result<SealedDocument> Sealing::seal(const SealOrder& order) {
  MAILROOM_TRY(auto plain, plain_contents(order));
  kill_point("seal.before_contents");
  SealedDocument sealed{order.document.id, order.sealed_at, {}};
  for (const PlainContent& content : plain) {
    MAILROOM_TRY(SealedContent kept, keep(order, content));
    sealed.contents.push_back(std::move(kept));
    kill_point("seal.content_kept");
  }
  plain.push_back({"fields.json", "fields", "application/json", Bytes()});
  const auto fields = delivery::fields_content(order.document.fields);
  plain.back().bytes.assign(fields.begin(), fields.end());
  for (const std::string& recipient : configuration_.classes.at(order.document.document_class).recipients) {
    if (!configuration_.recipients.at(recipient).encrypt) continue;
    for (const PlainContent& content : plain) {
      MAILROOM_TRY(SealedContent kept, keep_encrypted(order, content, recipient));
      sealed.contents.push_back(std::move(kept));
    }
  }
  kill_point("seal.contents_durable");
  return sealed;
}

}  // namespace mailroom::intake
