#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// States of a row of `matter`; persistent.
inline constexpr std::string_view kPaying = "paying";
inline constexpr std::string_view kHandedIn = "handed_in";
inline constexpr std::string_view kReceived = "received";

/// A row of `matter` (docs/formats/matter.md).
struct MatterRow {
  std::string id;
  std::string tracking;
  std::string kiosk;
  std::string matter;
  std::string state;
  std::string pseudonym = {};
  std::string reading = {};
  std::string begun_at = {};
  std::string handed_in_at = {};
  int fee_cents = 0;
  std::string way = {};
  std::string reference = {};
  std::string batch = {};
  std::string payment_batch = {};
  std::string mailbox_certificate = {};
  Bytes mailbox_key = {};
};

struct MatterProofRow {
  std::string matter;
  std::string proof;
  std::string digest;
  int sides = 0;
  std::string on;       ///< ISO day it was first handed in
  std::string earlier;  ///< tracking number it is taken from, or empty
};

/// States of a row of `payment_attempt`; persistent.
inline constexpr std::string_view kAttemptRunning = "running";
inline constexpr std::string_view kAttemptPaid = "paid";
inline constexpr std::string_view kAttemptNotPaid = "not_paid";
inline constexpr std::string_view kAttemptUnknown = "unknown";

struct PaymentAttemptRow {
  std::string id;
  std::string matter;
  std::string terminal;
  std::string state;
  std::string record;        ///< JSON: what the terminal's driver needs to find out what became of it
  std::string outcome = {};  ///< JSON, once it is known
  std::string begun_at = {};
};

struct MatterReplyRow {
  std::string matter;
  int number = 0;  ///< from 1
  std::string delivery;
  std::int64_t seq = 0;  ///< of the recipient
  std::string at = {};
  Bytes sealed = {};
};

/// Something that happened to a matter, for its citizen.
struct MatterStep {
  std::string at;
  std::string step;  ///< "handed_in", "on_its_way", "arrived", "answered", or the recipient's own
  std::string text;  ///< the recipient's words
};

/// The tables of the kiosks. Thread-bound to the database.
class Matters {
 public:
  explicit Matters(Database& database) : database_(database) {}

  Result<void> insert(const MatterRow& matter, Timestamp now);
  Result<void> insert_proof(const MatterProofRow& proof);
  Result<void> hand_in(const std::string& id, const std::string& way,
                       Timestamp now);  ///< paying to handed_in
  Result<void> receive(const std::string& id, const std::string& batch, const std::string& payment_batch);
  Result<void> remove(const std::string& id);  ///< one that is being paid, with its proofs and attempts

  [[nodiscard]] Result<std::optional<MatterRow>> find(const std::string& id) const;
  [[nodiscard]] Result<std::optional<MatterRow>> find_tracking(const std::string& tracking) const;
  [[nodiscard]] Result<std::optional<MatterRow>> of_batch(const std::string& batch) const;
  [[nodiscard]] Result<std::vector<MatterRow>> in_state(std::string_view state) const;
  [[nodiscard]] Result<std::vector<MatterProofRow>> proofs_of(const std::string& matter) const;

  /// The latest proof of that kind for the same matter of the same person, first handed in on `since` or
  /// later.
  [[nodiscard]] Result<std::optional<MatterProofRow>> earlier_proof(const std::string& pseudonym,
                                                                    const std::string& matter,
                                                                    const std::string& proof,
                                                                    const std::string& since) const;
  /// The tracking number that `proof` was handed in under.
  [[nodiscard]] Result<std::string> tracking_of(const std::string& matter) const;

  Result<void> insert_attempt(const PaymentAttemptRow& attempt, Timestamp now);
  Result<void> end_attempt(const std::string& id, std::string_view state, const std::string& outcome);
  [[nodiscard]] Result<std::vector<PaymentAttemptRow>> attempts_of(const std::string& matter) const;
  [[nodiscard]] Result<std::vector<PaymentAttemptRow>> open_attempts() const;  ///< running or unknown

  Result<void> insert_reply(const MatterReplyRow& reply, Timestamp now);  ///< idempotent by delivery and seq
  [[nodiscard]] Result<std::vector<MatterReplyRow>> replies_to(const std::string& matter) const;

  [[nodiscard]] Result<std::vector<MatterStep>> steps_of(const std::string& matter) const;  ///< oldest first

  Result<void> count_opinion(const std::string& kiosk, const std::string& month, int easy);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
