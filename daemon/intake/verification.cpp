#include "daemon/intake/verification.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "daemon/archive/transfer_note.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/manifest.h"
#include "ocr/codec/encode.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::intake {
namespace {

using archive::ContentRow;
using archive::DeliveryRow;
using archive::Page;

std::string name_of_page(const Page& page) {
  return "batch " + page.batch + " sheet " + std::to_string(page.image.sheet) + " " +
         std::string(name_of(page.image.side));
}

bool is_sealed(DocumentState state) {
  return state == DocumentState::owed || state == DocumentState::receipted ||
         state == DocumentState::superseded;
}

/// The head of the audit that a manifest carries to its recipient.
archive::AuditHead head_in(const std::string& manifest) {
  const auto json = nlohmann::json::parse(manifest, nullptr, false);
  const nlohmann::json::json_pointer seq("/data/audit/seq");
  const nlohmann::json::json_pointer head("/data/audit/head");
  // A manifest that is damaged witnesses nothing; check_manifest() names it.
  if (!json.contains(seq) || !json.contains(head)) return {};
  if (!json[seq].is_number_integer() || !json[head].is_string()) return {};
  return {json[seq].get<std::int64_t>(), json[head].get<std::string>()};
}

}  // namespace

void Verification::find(const std::string& what, const std::string& where, const std::string& text) {
  report_.findings.push_back({what, where, text});
}

Result<std::vector<archive::AuditHead>> Verification::witnessed_heads() {
  MAILROOM_TRY(const auto deliveries, catalogue_.deliveries().all());
  std::vector<archive::AuditHead> heads;
  for (const DeliveryRow& delivery : deliveries) {
    archive::AuditHead head = head_in(delivery.manifest);
    if (head.seq > 0) heads.push_back(std::move(head));
  }
  return heads;
}

Result<void> Verification::check_database() {
  return core_.call([&]() -> Result<void> {
    if (const auto sound = catalogue_.database().check_integrity(); !sound) {
      find("database", "catalogue.db", sound.error().what);
    }
    MAILROOM_TRY(const auto heads, witnessed_heads());
    if (const auto head = archive::verify_audit_chain(catalogue_.database(), heads)) {
      report_.audit_entries = head->seq;
    } else {
      find("audit", "catalogue.db", head.error().what);
    }
    return {};
  });
}

/// A document that is being sealed, or whose seal failed, has files before it has rows.
Result<bool> Verification::may_have_unrecorded_contents() {
  auto documents = catalogue_.documents();
  MAILROOM_TRY(const auto released, documents.in_state(DocumentState::released));
  MAILROOM_TRY(const auto held, documents.in_state(DocumentState::held));
  return !released.empty() || !held.empty();
}

Result<void> Verification::check_content_files() {
  // In this order a document that is sealed meanwhile is either still in the second list or already in
  // the third.
  MAILROOM_TRY(const auto listing, contents_.list());
  MAILROOM_TRY(const bool sealing, core_.call([&] { return may_have_unrecorded_contents(); }));
  MAILROOM_TRY(const auto digests, core_.call([&] { return catalogue_.documents().all_digests(); }));
  for (const std::string& digest : digests) {
    ++report_.contents;
    const auto proven = contents_.verify(digest);
    if (proven) continue;
    MAILROOM_TRY(const auto still, core_.call([&] { return catalogue_.documents().all_digests(); }));
    if (!std::binary_search(still.begin(), still.end(), digest)) continue;  // erased meanwhile
    find("content", digest, proven.error().message());
  }
  for (const std::string& digest : listing.digests) {
    if (sealing) break;
    if (std::binary_search(digests.begin(), digests.end(), digest)) continue;
    if (!contents_.contains(digest)) continue;  // erased meanwhile
    find("content", digest, "this content file belongs to no document");
  }
  for (const auto& stranger : listing.strangers) find("content", stranger.string(), "this file is not ours");
  return {};
}

Result<Verification::DocumentFacts> Verification::facts_of(const std::string& id) {
  return core_.call([&]() -> Result<DocumentFacts> {
    DocumentFacts facts;
    MAILROOM_TRY(facts.document, catalogue_.documents().get(id));
    MAILROOM_TRY(facts.contents, catalogue_.documents().contents_of(id));
    MAILROOM_TRY(facts.erased, archive::Erasures(catalogue_.database()).is_erased(id));
    MAILROOM_TRY(facts.deliveries, catalogue_.deliveries().of_document(id));
    for (const auto& page : facts.document.pages) {
      MAILROOM_TRY(Page row, catalogue_.pages().get(page.page));
      facts.pages.push_back(std::move(row));
    }
    return facts;
  });
}

const Bytes* Verification::plain_content(const DocumentFacts& facts, const std::string& name, Bytes& bytes) {
  const auto row = std::find_if(facts.contents.begin(), facts.contents.end(), [&](const ContentRow& content) {
    return content.name == name && content.recipient.empty();
  });
  if (row == facts.contents.end()) {
    find("document", facts.document.number, "it has no content " + name);
    return nullptr;
  }
  auto read = contents_.get(row->sha256);
  if (!read) return nullptr;  // check_content_files() has named it
  bytes = std::move(*read);
  return &bytes;
}

void Verification::check_pdf(const DocumentFacts& facts, const Bytes& pdf) {
  const auto embedded = ocr::embedded_image_digests(pdf);
  if (!embedded) return find("pdf", facts.document.number, embedded.error().what);
  std::size_t position = 0;
  for (std::size_t i = 0; i < facts.pages.size(); ++i) {
    const PageRole role = facts.document.pages[i].role;
    if (role != PageRole::content && role != PageRole::attachment && role != PageRole::note) continue;
    const Page& page = facts.pages[i];
    if (position >= embedded->size())
      return find("pdf", facts.document.number, "it has fewer pages than the document");
    const std::string& found = embedded->at(position++);
    // A group 4 side is embedded without its TIFF wrapping: compared while the working copy is there.
    if (page.image.format == ImageFormat::jpeg && found != page.image.sha256) {
      find("pdf", facts.document.number, "page " + std::to_string(position) + " is not the captured side");
    }
    if (page.image.format != ImageFormat::tiff) continue;
    const auto captured =
        spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256);
    if (!captured) continue;
    const auto strip = ocr::group4_strip_of(*captured);
    if (!strip || sha256_hex(*strip) != found) {
      find("pdf", facts.document.number, "page " + std::to_string(position) + " is not the captured side");
    }
  }
  if (position != embedded->size()) find("pdf", facts.document.number, "it has more pages than the document");
}

/// A document that came as a file has it as a content, as it came.
void Verification::check_original(const DocumentFacts& facts) {
  const bool kept = std::any_of(facts.contents.begin(), facts.contents.end(), [&](const ContentRow& content) {
    return content.role == "original" && content.recipient.empty() &&
           content.sha256 == facts.pages[0].image.sha256;
  });
  if (!kept) find("document", facts.document.number, "its original is not the file that came in");
}

void Verification::check_note(const DocumentFacts& facts) {
  Bytes pdf;
  archive::SignedNote sealed;
  if (plain_content(facts, "document.pdf", pdf) == nullptr ||
      plain_content(facts, "transfer-note.json", sealed.note) == nullptr ||
      plain_content(facts, "transfer-note.p7s", sealed.signature) == nullptr) {
    return;
  }
  if (facts.pages.size() == 1 && is_received_file(facts.pages[0].image.format)) {
    check_original(facts);
  } else {
    check_pdf(facts, pdf);
  }
  const auto proven = archive::open_transfer_note(sealed, trusted_);
  if (!proven) return find("signature", facts.document.number, proven.error().message());
  const archive::TransferNote& note = proven->note;
  if (note.pdf_sha256 != sha256_hex(pdf))
    find("note", facts.document.number, "the transfer note speaks of another PDF");
  if (note.document != facts.document.id)
    find("note", facts.document.number, "the transfer note speaks of another document");
  if (note.pages.size() != facts.pages.size()) {
    return find("note", facts.document.number,
                "the transfer note has another number of sides than the catalogue");
  }
  for (std::size_t i = 0; i < facts.pages.size(); ++i) {
    if (note.pages[i].sha256 != facts.pages[i].image.sha256) {
      find("note", facts.document.number,
           name_of_page(facts.pages[i]) + " is not the side the transfer note names");
    }
  }
}

void Verification::check_manifest(const DocumentFacts& facts, const DeliveryRow& delivery) {
  const auto manifest = delivery::read_manifest(delivery.manifest);
  if (!manifest) return find("delivery", delivery.id, manifest.error().message());
  const auto text = delivery::canonical_without_signature(manifest->json);
  if (!text) return find("delivery", delivery.id, text.error().message());
  if (const auto proven = verify_detached(as_bytes(*text), manifest->signature, trusted_); !proven) {
    find("signature", delivery.id, proven.error().message());
  }
  for (const auto& content : manifest->contents) {
    const bool known = std::any_of(facts.contents.begin(), facts.contents.end(), [&](const ContentRow& row) {
      return row.sha256 == content.sha256 && (row.recipient.empty() || row.recipient == delivery.recipient);
    });
    if (!known) find("delivery", delivery.id, "its manifest names a content that the document does not have");
  }
}

void Verification::check_document(const DocumentFacts& facts) {
  ++report_.documents;
  if (!is_sealed(facts.document.state) || facts.erased) return;
  check_note(facts);
  for (const DeliveryRow& delivery : facts.deliveries) check_manifest(facts, delivery);
  if (facts.deliveries.empty()) find("delivery", facts.document.number, "it is sealed, but owed to nobody");
  const bool all_stored = std::all_of(facts.deliveries.begin(), facts.deliveries.end(),
                                      [](const DeliveryRow& row) { return row.state == archive::kStored; });
  if (facts.document.state == DocumentState::receipted && !all_stored) {
    find("delivery", facts.document.number, "it counts as receipted, but a recipient has not confirmed it");
  }
}

Result<void> Verification::check_documents() {
  MAILROOM_TRY(const auto documents, core_.call([&] { return catalogue_.documents().all(); }));
  for (const auto& document : documents) {
    MAILROOM_TRY(const DocumentFacts facts, facts_of(document.id));
    check_document(facts);
  }
  return {};
}

Result<void> Verification::check_spool() {
  MAILROOM_TRY(const auto batches, core_.call([&] { return catalogue_.batches().latest(1'000'000); }));
  for (const auto& batch : batches) MAILROOM_TRY_VOID(check_batch_in_spool(batch));
  return {};
}

Result<void> Verification::check_batch_in_spool(const archive::Batch& batch) {
  MAILROOM_TRY(const bool expired, is_expired(batch));
  if (expired) return {};
  MAILROOM_TRY(const auto pages, core_.call([&] { return catalogue_.pages().of_batch(batch.id); }));
  for (const Page& page : pages) {
    MAILROOM_TRY(const bool erased, is_erased(page.id));
    if (erased) continue;  // check_tombstone() looks that it is gone
    ++report_.pages;
    const auto bytes =
        spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256);
    if (bytes) continue;
    MAILROOM_TRY(const bool expired_meanwhile, is_expired(batch));
    MAILROOM_TRY(const bool erased_meanwhile, is_erased(page.id));
    if (expired_meanwhile) return {};
    if (erased_meanwhile) continue;
    find("page",
         "batch " + batch.number + " sheet " + std::to_string(page.image.sheet) + " " +
             std::string(name_of(page.image.side)),
         bytes.error().message());
  }
  return {};
}

Result<VerificationReport> Verification::run(Depth depth) {
  MAILROOM_TRY_VOID(check_database());
  MAILROOM_TRY_VOID(check_content_files());
  MAILROOM_TRY_VOID(check_documents());
  MAILROOM_TRY_VOID(check_spool());
  MAILROOM_TRY_VOID(check_erasures());
  if (depth == Depth::deep) {
    MAILROOM_TRY_VOID(check_rows());
    MAILROOM_TRY_VOID(check_leftovers());
  }
  return std::move(report_);
}

}  // namespace mailroom::intake
