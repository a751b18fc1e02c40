#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"

namespace mailroom::delivery {

/// A manifest that a recipient has not receipted yet.
struct OwedManifest {
  std::string id;        ///< UUIDv7; the key by which the recipient drops duplicates
  std::string manifest;  ///< the JSON text as frozen at sealing, sent byte for byte each time
  int attempts = 0;      ///< times the broker has taken it so far
};

enum class ReceiptStatus { stored, rejected, returned };

/// One content as the recipient recomputed it.
struct ContentDigest {
  std::string role;    ///< "document", "original", "transfer-note", "fields", "invoice"
  std::string sha256;  ///< 64 lower-case hex digits
};

/// A recipient's answer to a manifest, already checked for its form.
struct Receipt {
  std::string id;
  ReceiptStatus status = ReceiptStatus::stored;
  std::string record;                   ///< stored: the recipient's own id of the document
  std::vector<ContentDigest> contents;  ///< stored: every content of the manifest
  std::string reason;                   ///< rejected, returned: in the recipient's words
  std::int64_t seq = 0;                 ///< returned: what `noted` answers by
};

enum class ReceiptOutcome {
  accepted,         ///< durably recorded now
  duplicate,        ///< the delivery was concluded before; nothing changed
  unknown_id,       ///< no such delivery was ever owed to this recipient
  digest_mismatch,  ///< the digests are not those of the manifest; the delivery stays owed
};

/// A step in the recipient's own work, for the status line.
struct Progress {
  std::string id;
  std::int64_t seq = 0;  ///< unique per delivery
  std::string step;
  std::string text;
};

/// What a recipient answers to the citizen of a matter, for their mailbox.
struct Reply {
  std::string id;
  std::int64_t seq = 0;  ///< unique per delivery, together with those of progress
  std::string title;     ///< shown to the citizen
  Bytes pdf;             ///< at most kReplyBytes
};

inline constexpr std::size_t kReplyBytes = 180U * 1024;

/// Something that arrived and cannot be acted upon.
struct DeadLetter {
  std::string recipient;  ///< whose topic it came by
  std::string topic;
  std::string reason;      ///< "invalid_json", "unknown_id", "digest_mismatch", "refused_request", ...
  std::string sha256;      ///< of the whole payload
  std::uint64_t size = 0;  ///< of the whole payload
  Bytes payload;           ///< its first kDeadLetterBytes bytes
  Timestamp at;
};

inline constexpr std::size_t kDeadLetterBytes = 4096;

/// What is owed, as the delivery sees it; implemented over the catalogue.
///
/// Thread-safe: called from the delivery's own thread and from the MQTT callback thread. Every
/// record_*() and dead_letter() returns only once its change is durable, because the message is
/// acknowledged to the broker right after it. Methods take `recipient` wherever one recipient
/// must not see or touch what is owed to another. No method may wait for the delivery.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// What to send now: every manifest that was attempted, is not concluded, and whose next_due is
  /// not after `now`, and at most `fresh` that were never attempted. Higher priority first, then
  /// the older (by id).
  virtual Result<std::vector<OwedManifest>> due(const std::string& recipient, Timestamp now, int fresh) = 0;

  /// When the next attempted manifest comes due; nullopt when none waits.
  virtual Result<std::optional<Timestamp>> next_due(const std::string& recipient) = 0;

  /// How many were attempted at least once and are not concluded by a receipt.
  virtual Result<int> unreceipted(const std::string& recipient) = 0;

  /// The broker took the manifest at `at`; it must not be sent again before `next_due`.
  virtual Result<void> record_attempt(const std::string& id, Timestamp at, Timestamp next_due) = 0;

  /// Concludes the delivery. `stored` is accepted only if digests_agree() (manifest.h); `returned`
  /// opens a clarification.
  virtual Result<ReceiptOutcome> record_receipt(const std::string& recipient, const Receipt& receipt,
                                                Timestamp at) = 0;

  /// Idempotent by (id, seq). False: no such delivery was ever owed to this recipient.
  virtual Result<bool> record_progress(const std::string& recipient, const Progress& progress,
                                       Timestamp at) = 0;

  /// Idempotent by (id, seq). False: no such delivery was ever owed to this recipient, or its document has no mailbox.
  virtual Result<bool> record_reply(const std::string& recipient, const Reply& reply, Timestamp at) = 0;

  virtual Result<void> dead_letter(const DeadLetter& letter) = 0;

  /// Size in bytes of the content with digest `sha256` in the manifest `id` of `recipient`;
  /// nullopt when that manifest has no such content or is not this recipient's.
  virtual Result<std::optional<std::uint64_t>> content_size(const std::string& recipient,
                                                            const std::string& id,
                                                            const std::string& sha256) = 0;

  /// Up to `length` bytes from `offset` of that content; Errc::not_found as for content_size().
  virtual Result<Bytes> content_block(const std::string& recipient, const std::string& id,
                                      const std::string& sha256, std::uint64_t offset,
                                      std::size_t length) = 0;
};

}  // namespace mailroom::delivery
