#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/crypto/cms.h"
#include "daemon/document/image.h"
#include "daemon/document/terms.h"

/// The Transfervermerk of one document (BSI TR-03138 1.5, A.NB.4; docs/formats/transfer-note.md).
namespace mailroom::archive {

/// One captured side that belongs to the document, in the order of the feed.
struct NotedPage {
  int sheet = 0;
  Side side = Side::front;
  PageRole role = PageRole::content;
  std::optional<int> pdf_page;  ///< 1-based; empty: set aside, not part of the PDF
  std::string sha256;           ///< of the captured bytes
  ImageFormat format = ImageFormat::jpeg;
  int width = 0;  ///< pixels
  int height = 0;
  int dpi = 0;
  int channels = 1;
  int bits = 8;
  int rotation = 0;                  ///< degrees clockwise the PDF shows it turned by
  std::vector<std::string> remarks;  ///< codes of anomalies of this side
};

/// What the scanner is and how it was set (A.NB.4 b).
struct NotedDevice {
  std::string name;
  std::string vendor;
  std::string model;
  std::string type;
  std::string source;  ///< as in the profile: "feeder_duplex", ...
  std::string mode;    ///< "bilevel", "grey", "colour"
  int dpi = 0;
  int width_um = 0;  ///< scanned area, micrometres
  int height_um = 0;
  int jpeg_quality = 0;  ///< 0 when nothing was JPEG
};

/// How it was made sure that every sheet of the batch was taken (A.NB.3).
struct NotedAccounting {
  std::string method;  ///< "declared", "device_counter", "feeder_empty" or "confirm"
  int sheets_captured = 0;
  int sides_captured = 0;
  std::optional<int> sheets_declared;
  std::optional<int> sheets_by_device;
  std::optional<bool> feeder_empty;
  bool closed = false;       ///< the sum closes
  std::string confirmed_by;  ///< the person, when method is "confirm"
};

/// A check of quality or completeness and how it came out (A.NB.4 e).
struct NotedCheck {
  std::string name;     ///< "sheet_count", "decoded", "blank", "review", "quality_control", "pdf", ...
  std::string outcome;  ///< "passed", "failed", "not_required"
  std::string by;       ///< "software" or the person
};

/// Something out of the ordinary and what was decided (A.NB.4 c).
struct NotedAnomaly {
  std::string code;        ///< from the catalogue of clarifications or remarks
  std::string page;        ///< "17 front", or empty
  std::string resolution;  ///< as chosen, or empty
  std::string by;
};

struct TransferNote {
  bool received_file = false;  ///< the document never was paper: its one side is the file as received
  std::string organisation;  ///< A.NB.4 a: with the person, never alone
  std::string site;
  std::string operator_id;  ///< the person at the scanner, name or pseudonym as the city decides
  std::string station;
  Timestamp captured_from{};  ///< A.NB.4 d: first and last side of the document
  Timestamp captured_to{};
  Timestamp sealed_at{};
  NotedDevice device;
  std::string software;              ///< "mailroom 0.1.0"
  std::vector<std::string> engines;  ///< "tesseract 5.3.0", ... that had a part in it
  std::string profile;
  std::string configuration;  ///< digest of the snapshot the batch ran under
  std::string batch;
  std::string document;  ///< id
  std::string number;    ///< the short one
  std::string document_class;
  std::string department;
  Received received;
  std::string supersedes;  ///< id of the document it corrects, or empty
  NotedAccounting accounting;
  std::vector<NotedCheck> checks;
  std::vector<NotedAnomaly> anomalies;
  std::vector<NotedPage> pages;
  std::string pdf_sha256;
  std::uint64_t pdf_size = 0;
};

/// The note as it is signed and sent: two contents of role transfer-note.
struct SignedNote {
  Bytes note;       ///< application/json, canonical
  Bytes signature;  ///< application/pkcs7-signature, DER, detached, over `note`
};

inline constexpr std::string_view kNoteMediaType = "application/json";
inline constexpr std::string_view kNoteSignatureMediaType = "application/pkcs7-signature";

/// Errc::invalid_input names what A.NB.4 demands and `note` lacks (a person, times, device, a
/// digest per page, the PDF's digest, ...): an incomplete note is never signed.
Result<SignedNote> seal_transfer_note(const TransferNote& note, const Identity& appliance);

/// Proves the signature and reads the note. Errors as of verify_detached(); Errc::corrupt also for
/// signed bytes that are no note, Errc::unsupported for a newer format.
struct ProvenNote {
  TransferNote note;
  Signature signature;
};
Result<ProvenNote> open_transfer_note(const SignedNote& sealed, std::span<const Certificate> trusted);

}  // namespace mailroom::archive
