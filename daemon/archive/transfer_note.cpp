#include "daemon/archive/transfer_note.h"

#include <algorithm>

#include "daemon/archive/transfer_note_json.h"
#include "daemon/crypto/canonical_json.h"

namespace mailroom::archive {
namespace {

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_whole(const NotedPage& page) {
  if (is_received_file(page.format)) return page.sheet > 0 && is_digest(page.sha256);
  return page.sheet > 0 && is_digest(page.sha256) && page.width > 0 && page.height > 0 && page.dpi > 0;
}

bool enters_the_pdf(PageRole role) {
  return role == PageRole::content || role == PageRole::attachment || role == PageRole::note;
}

/// The pages of the PDF are 1 to n, each shown by exactly one side, and no side that has to be set
/// aside is shown.
bool pages_add_up(const std::vector<NotedPage>& pages, bool received_file) {
  if (received_file) return pages.size() == 1 && is_received_file(pages[0].format) && !pages[0].pdf_page;
  std::vector<int> shown;
  for (const auto& page : pages) {
    if (!page.pdf_page) continue;
    if (!enters_the_pdf(page.role)) return false;
    shown.push_back(*page.pdf_page);
  }
  std::sort(shown.begin(), shown.end());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] != int(i) + 1) return false;
  }
  return !shown.empty();
}

/// First and last side, then the seal; another order only where the note itself says why.
bool tells_when(const TransferNote& note) {
  if (note.captured_from == Timestamp{} || note.captured_to < note.captured_from) return false;
  const bool set_back = std::any_of(note.anomalies.begin(), note.anomalies.end(),
                                    [](const NotedAnomaly& one) { return one.code == "clock_went_back"; });
  return note.sealed_at >= note.captured_to || (set_back && note.sealed_at != Timestamp{});
}

/// What BSI TR-03138 A.NB.4 asks for by letter and the note lacks; nullptr when it is complete.
const char* missing_in(const TransferNote& note) {
  if (note.organisation.empty() || note.operator_id.empty())
    return "who made it: organisation and person (A.NB.4 a)";
  const bool has_settings = note.device.dpi > 0 || note.received_file;
  if (note.software.empty() || note.device.name.empty() || !has_settings) {
    return "what it was made with: software, device and its settings (A.NB.4 b)";
  }
  if (note.profile.empty() || !is_digest(note.configuration)) {
    return "under which rules it was made: profile and digest of the configuration (A.NB.4 b)";
  }
  if (!tells_when(note)) {
    return "when it was made: first and last side, then the seal (A.NB.4 d)";
  }
  if (note.checks.empty()) return "the checks and their outcome (A.NB.4 e)";
  if (note.accounting.method.empty() || !note.accounting.closed)
    return "that the number of sheets is right (A.NB.3)";
  if (note.accounting.method == "confirm" && note.accounting.confirmed_by.empty()) {
    return "who confirmed the number of sheets (A.NB.3)";
  }
  if (note.batch.empty() || note.document.empty() || note.number.empty())
    return "the ids of batch and document";
  if (!std::all_of(note.pages.begin(), note.pages.end(), is_whole)) return "sheet, size or digest of a page";
  if (!pages_add_up(note.pages, note.received_file)) return "a page list that adds up to the pages of the PDF";
  if (!is_digest(note.pdf_sha256) || note.pdf_size == 0) return "digest and size of the PDF";
  return nullptr;
}

}  // namespace

Result<SignedNote> seal_transfer_note(const TransferNote& note, const Identity& appliance) {
  if (const char* missing = missing_in(note)) {
    return fail(Errc::invalid_input, std::string("the transfer note lacks ") + missing,
                Place::in_batch(note.batch));
  }
  MAILROOM_TRY(const auto text, canonical_json(to_json(note)));
  const auto bytes = as_bytes(text);
  MAILROOM_TRY(auto signature, sign_detached(bytes, appliance));
  return SignedNote{Bytes(bytes.begin(), bytes.end()), std::move(signature)};
}

Result<ProvenNote> open_transfer_note(const SignedNote& sealed, std::span<const Certificate> trusted) {
  MAILROOM_TRY(auto signature, verify_detached(sealed.note, sealed.signature, trusted));
  const auto json = nlohmann::json::parse(sealed.note, nullptr, false);
  if (json.is_discarded()) return fail(Errc::corrupt, "the signed transfer note is no JSON");
  MAILROOM_TRY(auto note, transfer_note_from(json));
  return ProvenNote{std::move(note), std::move(signature)};
}

}  // namespace mailroom::archive
