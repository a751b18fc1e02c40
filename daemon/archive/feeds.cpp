#include "daemon/archive/feeds.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

std::optional<int> optional_int(const Statement& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional<int>(int(*value)) : std::nullopt;
}

Result<Feed> read_feed(const Statement& row) {
  Feed feed;
  feed.batch = row.text(0);
  feed.number = int(row.integer(1));
  feed.first_sheet = int(row.integer(2));
  feed.stated_from = optional_int(row, 3);
  feed.begun_at = row.text(4);
  feed.ended_at = row.text(5);
  if (const std::string fault = row.text(6); !fault.empty()) {
    MAILROOM_TRY(feed.fault, feed_fault_from(json::parse(fault, nullptr, false)));
  }
  feed.sheets = int(row.integer(7));
  feed.counted = optional_int(row, 8);
  feed.endorsed = optional_int(row, 9);
  return feed;
}

Result<PageLikeness> read_likeness(const Statement& row) {
  PageLikeness compared{row.text(0), row.text(1), {}};
  MAILROOM_TRY(compared.likeness, likeness_from(json::parse(row.text(2), nullptr, false)));
  return compared;
}

}  // namespace

Result<void> Feeds::begin(const std::string& batch, int first_sheet, std::optional<int> stated_from,
                          Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO feed (batch, number, first_sheet, stated_from, begun_at) SELECT ?1, "
                    "1 + coalesce(max(number), 0), ?2, ?3, ?4 FROM feed WHERE batch = ?1",
                    batch, first_sheet, stated_from, to_rfc3339(now)),
      "batch");
}

Result<void> Feeds::end(const Feed& feed, Timestamp now) {
  const std::string fault = feed.fault ? to_json(*feed.fault).dump() : "";
  return changed_one(
      database_.run("UPDATE feed SET ended_at = ?2, fault = ?3, sheets = ?4, counted = ?5, endorsed = ?6 "
                    "WHERE batch = ?1 AND number = (SELECT max(number) FROM feed WHERE batch = ?1)",
                    feed.batch, to_rfc3339(now), fault, feed.sheets, feed.counted, feed.endorsed),
      "feed");
}

Result<std::vector<Feed>> Feeds::of_batch(const std::string& batch) const {
  return rows_of<Feed>(
      database_.query(
          "SELECT batch, number, first_sheet, stated_from, begun_at, ended_at, fault, sheets, counted, "
          "endorsed FROM feed WHERE batch = ?1 ORDER BY number",
          batch),
      read_feed);
}

Result<void> Feeds::record(const PageLikeness& compared) {
  MAILROOM_TRY(
      [[maybe_unused]] const int rows,
      database_.run("INSERT INTO likeness (page, other, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    compared.page, compared.other, to_json(compared.likeness).dump()));
  return {};
}

Result<std::vector<PageLikeness>> Feeds::likenesses_of(const std::string& batch) const {
  return rows_of<PageLikeness>(
      database_.query("SELECT likeness.page, other, body FROM likeness JOIN page ON page.id = likeness.page "
                      "WHERE page.batch = ?1 ORDER BY likeness.page, other",
                      batch),
      read_likeness);
}

}  // namespace mailroom::archive
