#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/image.h"
#include "daemon/document/page_report.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

/// Why a page could not be read.
struct PageFailure {
  std::string code;  ///< name of an Errc
  std::string text;  ///< in the operator's words
};

/// A row of `page` (docs/formats/catalogue.md).
struct Page {
  std::string id;
  std::string batch;
  CapturedImage image;  ///< all but the bytes
  std::uint64_t size = 0;
  std::string captured_at;
  std::optional<PageReport> report;
  std::optional<PageFailure> failure;
  int deaths = 0;  ///< page workers that died on it
  std::optional<PageRole> role;

  [[nodiscard]] bool is_read() const { return report || failure; }
};

/// Which side a page is, without all else.
struct PageSide {
  std::string id;
  int sheet = 0;
  Side side = Side::front;
};

/// How far a batch is.
struct PageCount {
  int taken = 0;
  int read = 0;  ///< with a report or a failure
};

/// The table `page`. Thread-bound to the database.
class Pages {
 public:
  explicit Pages(Database& database) : database_(database) {}

  /// Enters a side that is durable in the spool. Errc::conflict for a side that is there already.
  Result<void> insert(const Page& page, Timestamp now);

  /// Takes a side back: its sheet was never complete. No document may have it yet.
  Result<void> remove(const std::string& id);

  [[nodiscard]] Result<Page> get(const std::string& id) const;
  [[nodiscard]] Result<std::vector<Page>> of_batch(const std::string& batch) const;      ///< in feed order
  [[nodiscard]] Result<std::vector<PageSide>> sides_of(const std::string& batch) const;  ///< in feed order
  [[nodiscard]] Result<std::vector<Page>> unread() const;                 ///< of all batches, oldest first
  [[nodiscard]] Result<PageCount> count(const std::string& batch) const;  ///< without reading any report

  Result<void> record_report(const std::string& id, const PageReport& report);
  Result<void> record_failure(const std::string& id, const PageFailure& failure);
  Result<int> record_death(const std::string& id);  ///< how many workers have died on it now
  Result<void> record_role(const std::string& id, PageRole role);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
