#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/delivery/outbox.h"
#include "daemon/document/terms.h"

namespace mailroom::delivery {

inline constexpr std::size_t kManifestBytes = 64U * 1024;  ///< a whole manifest at most
inline constexpr std::size_t kInlineBytes = 48U * 1024;    ///< a content inside it at most
inline constexpr std::size_t kBlockBytes = 128U * 1024;    ///< every block but the last
inline constexpr int kBlocksInFlight = 4;                  ///< per request and per recipient

/// One content of a manifest. For encrypted contents size and sha256 are those of the CMS bytes,
/// that is of the bytes as they are sent.
struct ManifestContent {
  std::string role;        ///< "document", "original", "transfer-note", "fields", "invoice"
  std::string media_type;  ///< of the plain bytes: "application/pdf"
  std::uint64_t size = 0;
  std::string sha256;                      ///< 64 lower-case hex digits
  bool encrypted = false;                  ///< the bytes are CMS AuthEnvelopedData (RFC 5083), DER
  std::optional<Bytes> inline_bytes = {};  ///< carried in the manifest, at most kInlineBytes
};

/// Where the contents of one delivery can be fetched over HTTPS too.
struct HttpsAccess {
  std::string url;    ///< a content's SHA-256 behind it names that content
  std::string token;  ///< content_token()
};

/// Everything a manifest says (docs/contract.md).
struct ManifestFacts {
  std::string id;    ///< UUIDv7 of the delivery
  std::string site;  ///< "marburg"
  std::string node;  ///< which appliance: "mailroom-1"
  Timestamp time;    ///< of sealing
  std::string recipient;
  std::string number;  ///< the document's short number
  std::string document_class;
  std::string department;
  Received received;
  Priority priority = Priority::ordinary;
  std::vector<IndexField> fields;   ///< left out when `confidential`
  std::vector<RecordLink> records;  ///< the same
  bool confidential = false;        ///< fields travel as an encrypted content (fields_content())
  bool is_invoice = false;          ///< an event of type mailroom.invoice.v1: a content holds the invoice
  std::string supersedes;           ///< id of the delivery this one replaces, or empty
  std::uint64_t audit_seq = 0;
  std::string audit_head;  ///< 64 lower-case hex digits
  std::vector<ManifestContent> contents;
  std::optional<HttpsAccess> https = {};  ///< when the recipient is offered it
};

/// Makes a detached CMS SignedData (DER) over the given bytes.
using Signer = std::function<Result<Bytes>(ByteView)>;

/// The manifest as it goes on the wire: a CloudEvents 1.0 structured JSON event, canonical, with
/// `signature`. Errc::refused when it would exceed kManifestBytes or a content kInlineBytes;
/// Errc::invalid_input when a confidential manifest has a content that is not encrypted.
/// Reentrant. Source: CloudEvents 1.0.2 JSON format §3.
Result<std::string> build_manifest(const ManifestFacts& facts, const Signer& sign);

/// The bytes of a content with role "fields" (schema fields.json).
std::string fields_content(const std::vector<IndexField>& fields);

/// What the signature of `manifest` is made over: the object without its `signature` member, keys
/// sorted, no white space (RFC 8785; all numbers of the contract are integers).
Result<std::string> canonical_without_signature(nlohmann::json manifest);

/// What a recipient reads back from a manifest. Errc::invalid_input names the member at fault.
struct ReadManifest {
  std::string id;
  std::string recipient;
  Bytes signature;  ///< CMS, DER
  std::vector<ManifestContent> contents;
  nlohmann::json json;
};
Result<ReadManifest> read_manifest(std::string_view text);

/// True when `receipt` repeats exactly the (role, sha256) pairs of the frozen manifest `text`.
bool digests_agree(std::string_view text, const Receipt& receipt);

/// A content's file name in a folder of its own: "document.pdf", "transfer-note.json". A second
/// content of the same role and type gets "-2".
std::vector<std::string> file_names(const std::vector<ManifestContent>& contents);

}  // namespace mailroom::delivery
