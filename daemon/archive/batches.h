#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/states.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

/// A row of `batch` (docs/formats/catalogue.md).
struct Batch {
  std::string id;
  std::string number;  ///< "26-00042"
  BatchState state = BatchState::feeding;
  std::string scanner;
  nlohmann::json device = nlohmann::json::object();
  nlohmann::json settings = nlohmann::json::object();
  std::string operator_id;
  std::string profile;
  std::string config_digest;
  Received received;
  std::optional<int> declared_sheets;
  std::optional<int> device_sheets;
  std::optional<bool> feeder_empty;
  std::optional<int> confirmed_sheets;
  std::string feed_end;             ///< "feeder_empty", "stopped", an error code; empty while feeding
  std::string fault;                ///< in the operator's words
  int sheets = 0;                   ///< taken so far
  std::string station = {};         ///< id of the workplace; empty: fed without one
  std::string mode = "unattended";  ///< "attended", "capture_only", "unattended"
  Priority priority = Priority::ordinary;
  int version = 0;       ///< +1 with each change by a person
  std::string box = {};  ///< id of the box its paper lies in
  std::string counted_by;
  std::string opened_at;
  std::string closed_at;
  std::string finished_at;
};

/// The table `batch` and the configurations its rows point to. Thread-bound to the database.
class Batches {
 public:
  explicit Batches(Database& database) : database_(database) {}

  /// Enters a new batch; gives its number from the counter of the year of `now`.
  Result<std::string> insert(const Batch& batch, Timestamp now);
  Result<void> keep_configuration(const std::string& digest, const std::string& json, Timestamp now);

  /// By id or by number; Errc::not_found.
  [[nodiscard]] Result<Batch> get(const std::string& id_or_number) const;
  [[nodiscard]] Result<std::vector<Batch>> in_state(BatchState state) const;
  [[nodiscard]] Result<std::vector<Batch>> latest(int limit) const;
  /// Newest first, beginning behind the batch with number `before` when it is given.
  [[nodiscard]] Result<std::vector<Batch>> latest_before(const std::string& before, int limit) const;
  [[nodiscard]] Result<std::vector<Batch>> in_box(const std::string& box) const;

  /// Checked against states.h; stamps closed_at and finished_at.
  Result<void> step(const std::string& id, BatchState to, Timestamp now);

  Result<int> bump_version(const std::string& id);  ///< the version now
  Result<void> set_box(const std::string& id, const std::string& box);

  Result<void> set_configuration(const std::string& id, const std::string& digest);

  /// Writes all that the feed told: device, settings, accounting, end, fault, sheets.
  Result<void> update_feed(const Batch& batch);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
