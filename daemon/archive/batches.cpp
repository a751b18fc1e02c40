#include "daemon/archive/batches.h"

#include <cstdio>

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define BATCH_COLUMNS                                                                        \
  "id, number, state, scanner, device, settings, operator, profile, config_digest, "         \
  "received_date, channel, declared_sheets, device_sheets, feeder_empty, confirmed_sheets, " \
  "feed_end, fault, sheets, counted_by, opened_at, closed_at, finished_at, "                 \
  "station, mode, priority, version, box"

std::optional<int> optional_int(const Statement& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional<int>(int(*value)) : std::nullopt;
}

std::optional<bool> optional_bool(const Statement& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional<bool>(*value != 0) : std::nullopt;
}

Result<Batch> read_batch(const Statement& row) {
  Batch batch;
  batch.id = row.text(0);
  batch.number = row.text(1);
  MAILROOM_TRY(batch.state, batch_state_from(row.text(2)));
  batch.scanner = row.text(3);
  batch.device = nlohmann::json::parse(row.text(4), nullptr, false);
  batch.settings = nlohmann::json::parse(row.text(5), nullptr, false);
  batch.operator_id = row.text(6);
  batch.profile = row.text(7);
  batch.config_digest = row.text(8);
  batch.received.date = row.text(9);
  MAILROOM_TRY(batch.received.channel, channel_from(row.text(10)));
  batch.declared_sheets = optional_int(row, 11);
  batch.device_sheets = optional_int(row, 12);
  batch.feeder_empty = optional_bool(row, 13);
  batch.confirmed_sheets = optional_int(row, 14);
  batch.feed_end = row.text(15);
  batch.fault = row.text(16);
  batch.sheets = int(row.integer(17));
  batch.counted_by = row.text(18);
  batch.opened_at = row.text(19);
  batch.closed_at = row.text(20);
  batch.finished_at = row.text(21);
  batch.station = row.text(22);
  batch.mode = row.text(23);
  MAILROOM_TRY(batch.priority, priority_from(row.text(24)));
  batch.version = int(row.integer(25));
  batch.box = row.text(26);
  return batch;
}

Result<std::int64_t> next_count(Database& database, const std::string& name) {
  MAILROOM_TRY(auto statement,
               database.query("INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name) "
                              "DO UPDATE SET value = value + 1 RETURNING value",
                              name));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  const std::int64_t value = statement.integer(0);
  MAILROOM_TRY([[maybe_unused]] const bool more, statement.next());  // to its end, or it stays open
  return value;
}

}  // namespace

Result<std::string> Batches::insert(const Batch& batch, Timestamp now) {
  const std::string year = to_iso_date(now).substr(2, 2);
  MAILROOM_TRY(const std::int64_t count, next_count(database_, "batch-" + year));
  char number[24];
  std::snprintf(number, sizeof number, "%s-%05lld", year.c_str(), static_cast<long long>(count));
  auto inserted = database_.run(
      "INSERT INTO batch (id, number, state, scanner, operator, profile, config_digest, received_date, "
      "channel, "
      "declared_sheets, opened_at, station, mode, priority) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
      batch.id, std::string_view(number), name_of(batch.state), batch.scanner, batch.operator_id,
      batch.profile, batch.config_digest, batch.received.date, name_of(batch.received.channel),
      batch.declared_sheets, to_rfc3339(now), batch.station, batch.mode, name_of(batch.priority));
  MAILROOM_TRY_VOID(changed_one(std::move(inserted), "batch"));
  return std::string(number);
}

Result<void> Batches::keep_configuration(const std::string& digest, const std::string& json, Timestamp now) {
  MAILROOM_TRY([[maybe_unused]] const int rows,
               database_.run("INSERT INTO config_snapshot (digest, json, first_used) VALUES (?1, ?2, ?3) "
                             "ON CONFLICT (digest) DO NOTHING",
                             digest, json, to_rfc3339(now)));
  return {};
}

Result<Batch> Batches::get(const std::string& id_or_number) const {
  MAILROOM_TRY(auto found, row_of<Batch>(database_.query("SELECT " BATCH_COLUMNS
                                                         " FROM batch WHERE id = ?1 OR number = ?1",
                                                         id_or_number),
                                         read_batch));
  if (!found) return fail(Errc::not_found, "there is no such batch", Place::in_batch(id_or_number));
  return std::move(*found);
}

Result<std::vector<Batch>> Batches::in_state(BatchState state) const {
  return rows_of<Batch>(
      database_.query("SELECT " BATCH_COLUMNS " FROM batch WHERE state = ?1 ORDER BY id", name_of(state)),
      read_batch);
}

Result<std::vector<Batch>> Batches::latest(int limit) const {
  return rows_of<Batch>(
      database_.query("SELECT " BATCH_COLUMNS " FROM batch ORDER BY id DESC LIMIT ?1", limit), read_batch);
}

Result<void> Batches::step(const std::string& id, BatchState to, Timestamp now) {
  MAILROOM_TRY(const Batch batch, get(id));
  MAILROOM_TRY_VOID(check_step(batch.state, to));
  const bool closes = to == BatchState::closed;
  const bool finishes = to == BatchState::finished || to == BatchState::discarded;
  return changed_one(database_.run("UPDATE batch SET state = ?2, closed_at = iif(?3, ?5, closed_at), "
                                   "finished_at = iif(?4, ?5, finished_at) WHERE id = ?1",
                                   id, name_of(to), int(closes), int(finishes), to_rfc3339(now)),
                     "batch");
}

Result<void> Batches::set_configuration(const std::string& id, const std::string& digest) {
  return changed_one(database_.run("UPDATE batch SET config_digest = ?2 WHERE id = ?1", id, digest), "batch");
}

Result<void> Batches::update_feed(const Batch& batch) {
  const auto feeder_empty = batch.feeder_empty ? std::optional<int>(*batch.feeder_empty) : std::nullopt;
  return changed_one(
      database_.run("UPDATE batch SET device = ?2, settings = ?3, declared_sheets = ?4, device_sheets = ?5, "
                    "feeder_empty = ?6, confirmed_sheets = ?7, feed_end = ?8, fault = ?9, sheets = ?10, "
                    "counted_by = ?11 WHERE id = ?1",
                    batch.id, batch.device.dump(), batch.settings.dump(), batch.declared_sheets,
                    batch.device_sheets, feeder_empty, batch.confirmed_sheets, batch.feed_end, batch.fault,
                    batch.sheets, batch.counted_by),
      "batch");
}

Result<std::vector<Batch>> Batches::latest_before(const std::string& before, int limit) const {
  return rows_of<Batch>(database_.query("SELECT " BATCH_COLUMNS " FROM batch WHERE ?1 = '' OR id < "
                                        "(SELECT id FROM batch WHERE number = ?1) ORDER BY id DESC LIMIT ?2",
                                        before, limit),
                        read_batch);
}

Result<std::vector<Batch>> Batches::in_box(const std::string& box) const {
  return rows_of<Batch>(
      database_.query("SELECT " BATCH_COLUMNS " FROM batch WHERE box = ?1 AND box <> '' ORDER BY id", box),
      read_batch);
}

Result<int> Batches::bump_version(const std::string& id) {
  MAILROOM_TRY_VOID(
      changed_one(database_.run("UPDATE batch SET version = version + 1 WHERE id = ?1", id), "batch"));
  MAILROOM_TRY(const Batch batch, get(id));
  return batch.version;
}

Result<void> Batches::set_box(const std::string& id, const std::string& box) {
  return changed_one(database_.run("UPDATE batch SET box = ?2 WHERE id = ?1", id, box), "batch");
}

}  // namespace mailroom::archive
