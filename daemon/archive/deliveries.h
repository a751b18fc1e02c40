#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

/// States of a row of `outbox`; persistent.
inline constexpr std::string_view kOwed = "owed";
inline constexpr std::string_view kStored = "stored";
inline constexpr std::string_view kRejected = "rejected";
inline constexpr std::string_view kReturned = "returned";

/// A row of `outbox`: what is owed to one recipient, and what it answered.
struct DeliveryRow {
  std::string id;
  std::string document;
  std::string recipient;
  std::string state = std::string(kOwed);
  Priority priority = Priority::ordinary;
  std::string manifest;
  int attempts = 0;
  std::string next_due;
  std::string last_attempt;
  std::string record;
  std::string answered_at;
  std::string answer;
};

/// How far the documents of a batch are.
struct DeliveryCount {
  int documents = 0;
  int deliveries = 0;
  int stored = 0;
};

struct ProgressRow {
  std::string delivery;
  std::int64_t seq = 0;
  std::string step;
  std::string text;
};

struct DeadLetterRow {
  std::string recipient;
  std::string topic;
  std::string reason;
  std::string sha256;
  std::uint64_t size = 0;
  Bytes payload;
};

/// The tables `outbox`, `progress`, `dead_letter`. Thread-bound to the database.
class Deliveries {
 public:
  explicit Deliveries(Database& database) : database_(database) {}

  Result<void> insert(const DeliveryRow& delivery, Timestamp now);
  [[nodiscard]] Result<std::optional<DeliveryRow>> find(const std::string& id) const;
  [[nodiscard]] Result<std::vector<DeliveryRow>> of_document(const std::string& document) const;
  [[nodiscard]] Result<std::vector<DeliveryRow>> all() const;

  /// Owed, attempted before and due again at `now`; highest priority first, then oldest.
  [[nodiscard]] Result<std::vector<DeliveryRow>> due_again(const std::string& recipient, Timestamp now) const;
  /// Owed and never attempted, at most `limit`, in the same order.
  [[nodiscard]] Result<std::vector<DeliveryRow>> fresh(const std::string& recipient, int limit) const;
  [[nodiscard]] Result<std::optional<Timestamp>> next_due(const std::string& recipient) const;
  [[nodiscard]] Result<int> unreceipted(const std::string& recipient) const;
  [[nodiscard]] Result<DeliveryCount> count(const std::string& batch) const;
  [[nodiscard]] Result<int> owed() const;  ///< to all recipients

  Result<void> record_attempt(const std::string& id, Timestamp at, Timestamp next_due);
  Result<void> conclude(const std::string& id, std::string_view state, const std::string& record,
                        const std::string& answer, Timestamp at);
  Result<void> insert_progress(const ProgressRow& progress, Timestamp at);  ///< idempotent by (delivery, seq)
  Result<void> insert_dead_letter(const std::string& id, const DeadLetterRow& letter, Timestamp at);
  [[nodiscard]] Result<int> dead_letters() const;

 private:
  Database& database_;
};

}  // namespace mailroom::archive
