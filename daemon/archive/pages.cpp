#include "daemon/archive/pages.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

#define PAGE_COLUMNS                                                                   \
  "id, batch, sheet, side, format, width, height, dpi, channels, bits, size, sha256, " \
  "captured_at, report, failure, deaths, role"

Result<CapturedImage> read_image(const Statement& row) {
  CapturedImage image;
  image.sheet = int(row.integer(2));
  MAILROOM_TRY(image.side, side_from(row.text(3)));
  MAILROOM_TRY(image.format, image_format_from(row.text(4)));
  image.width = int(row.integer(5));
  image.height = int(row.integer(6));
  image.dpi = int(row.integer(7));
  image.channels = int(row.integer(8));
  image.bits = int(row.integer(9));
  image.sha256 = row.text(11);
  return image;
}

Result<void> read_outcome(const Statement& row, Page& page) {
  if (const auto report = row.optional_text(13)) {
    MAILROOM_TRY(page.report, page_report_from(json::parse(*report, nullptr, false)));
  }
  if (const auto failure = row.optional_text(14)) {
    const auto parsed = json::parse(*failure, nullptr, false);
    if (!parsed.is_object()) return fail(Errc::corrupt, "the catalogue holds a failure that is not JSON");
    page.failure = PageFailure{parsed.value("code", ""), parsed.value("text", "")};
  }
  if (const std::string role = row.text(16); !role.empty()) {
    MAILROOM_TRY(page.role, page_role_from(role));
  }
  return {};
}

Result<Page> read_page(const Statement& row) {
  Page page;
  page.id = row.text(0);
  page.batch = row.text(1);
  MAILROOM_TRY(page.image, read_image(row));
  page.size = std::uint64_t(row.integer(10));
  page.captured_at = row.text(12);
  page.deaths = int(row.integer(15));
  MAILROOM_TRY_VOID(read_outcome(row, page));
  return page;
}

}  // namespace

Result<void> Pages::insert(const Page& page, Timestamp now) {
  const CapturedImage& image = page.image;
  return changed_one(
      database_.run(
          "INSERT INTO page (id, batch, sheet, side, format, width, height, dpi, channels, bits, size, "
          "sha256, captured_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
          page.id, page.batch, image.sheet, name_of(image.side), media_type_of(image.format), image.width,
          image.height, image.dpi, image.channels, image.bits, std::int64_t(page.size), image.sha256,
          to_rfc3339(now)),
      "page");
}

Result<Page> Pages::get(const std::string& id) const {
  MAILROOM_TRY(
      auto found,
      row_of<Page>(database_.query("SELECT " PAGE_COLUMNS " FROM page WHERE id = ?1", id), read_page));
  if (!found) return fail(Errc::not_found, "there is no such page");
  return std::move(*found);
}

Result<std::vector<Page>> Pages::of_batch(const std::string& batch) const {
  return rows_of<Page>(database_.query("SELECT " PAGE_COLUMNS " FROM page WHERE batch = ?1 "
                                       "ORDER BY sheet, side DESC",
                                       batch),
                       read_page);
}

Result<std::vector<Page>> Pages::unread() const {
  return rows_of<Page>(
      database_.query("SELECT " PAGE_COLUMNS " FROM page WHERE report IS NULL AND failure IS NULL "
                      "ORDER BY id"),
      read_page);
}

Result<PageCount> Pages::count(const std::string& batch) const {
  MAILROOM_TRY(auto statement,
               database_.query("SELECT count(*), count(*) FILTER (WHERE report IS NOT NULL OR failure IS "
                               "NOT NULL) FROM page WHERE batch = ?1",
                               batch));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  return PageCount{int(statement.integer(0)), int(statement.integer(1))};
}

Result<void> Pages::remove(const std::string& id) {
  return changed_one(database_.run("DELETE FROM page WHERE id = ?1", id), "page");
}

Result<void> Pages::record_report(const std::string& id, const PageReport& report) {
  return changed_one(database_.run("UPDATE page SET report = ?2 WHERE id = ?1", id, to_json(report).dump()),
                     "page");
}

Result<void> Pages::record_failure(const std::string& id, const PageFailure& failure) {
  const json body = {{"code", failure.code}, {"text", failure.text}};
  return changed_one(database_.run("UPDATE page SET failure = ?2 WHERE id = ?1", id, body.dump()), "page");
}

Result<int> Pages::record_death(const std::string& id) {
  MAILROOM_TRY_VOID(
      changed_one(database_.run("UPDATE page SET deaths = deaths + 1 WHERE id = ?1", id), "page"));
  MAILROOM_TRY(const Page page, get(id));
  return page.deaths;
}

Result<void> Pages::record_role(const std::string& id, PageRole role) {
  return changed_one(database_.run("UPDATE page SET role = ?2 WHERE id = ?1", id, name_of(role)), "page");
}

Result<std::vector<PageSide>> Pages::sides_of(const std::string& batch) const {
  return rows_of<PageSide>(
      database_.query("SELECT id, sheet, side FROM page WHERE batch = ?1 ORDER BY sheet, side DESC", batch),
      [](const Statement& row) -> Result<PageSide> {
        MAILROOM_TRY(const Side side, side_from(row.text(2)));
        return PageSide{row.text(0), int(row.integer(1)), side};
      });
}

}  // namespace mailroom::archive
