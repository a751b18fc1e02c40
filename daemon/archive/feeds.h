#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/feed_fault.h"
#include "daemon/document/likeness.h"

namespace mailroom::archive {

/// A row of `feed` (docs/formats/catalogue.md): one feed of a batch, which has another after each fault.
struct Feed {
  std::string batch;
  int number = 1;       ///< within the batch
  int first_sheet = 1;  ///< number of its first sheet in the batch
  /// The sheet that lay on top according to the operator, when sheets that were safe went in again.
  std::optional<int> stated_from;
  std::string begun_at;
  std::string ended_at;            ///< empty while it runs, and for ever when the daemon died meanwhile
  std::optional<FeedFault> fault;  ///< what ended it
  int sheets = 0;                  ///< whole sheets it gave
  std::optional<int> counted;      ///< sheets by the device's counter
  std::optional<int> endorsed;     ///< sheets that got a number printed on
};

/// A comparison of two captured sides; `page` was fed later than `other`.
struct PageLikeness {
  std::string page;
  std::string other;
  Likeness likeness;
};

/// The tables `feed` and `likeness`. Thread-bound to the database.
class Feeds {
 public:
  explicit Feeds(Database& database) : database_(database) {}

  Result<void> begin(const std::string& batch, int first_sheet, std::optional<int> stated_from,
                     Timestamp now);

  /// Ends the latest feed of `feed.batch`: fault, sheets, counts.
  Result<void> end(const Feed& feed, Timestamp now);

  [[nodiscard]] Result<std::vector<Feed>> of_batch(const std::string& batch) const;  ///< in order

  /// Enters a comparison; the one that is there already stays.
  Result<void> record(const PageLikeness& compared);
  [[nodiscard]] Result<std::vector<PageLikeness>> likenesses_of(const std::string& batch) const;

 private:
  Database& database_;
};

}  // namespace mailroom::archive
