#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

/// States of a row of `box`; persistent.
inline constexpr std::string_view kBoxOpen = "open";
inline constexpr std::string_view kBoxClosed = "closed";
inline constexpr std::string_view kBoxDestroyed = "destroyed";

/// A row of `box`: a box of paper that has one fate. `batch.box` says what lies in it.
struct Box {
  std::string id;
  std::string number;  ///< "K-26-0001"
  Originals fate = Originals::destroy;
  std::string label;
  std::string state = std::string(kBoxOpen);
  std::string opened_at;
  std::string closed_at;
  nlohmann::json destruction = nlohmann::json::object();  ///< who, when, ISO/IEC 21964 class and level
};

/// The table `box`. Thread-bound to the database.
class Boxes {
 public:
  explicit Boxes(Database& database) : database_(database) {}

  Result<std::string> insert(const Box& box, Timestamp now);  ///< gives its number
  [[nodiscard]] Result<Box> get(const std::string& id_or_number) const;
  [[nodiscard]] Result<std::vector<Box>> all() const;  ///< newest first
  Result<void> close(const std::string& id, Timestamp now);
  Result<void> record_destruction(const std::string& id, const nlohmann::json& destruction);

  /// When the latest backup was finished, or empty.
  [[nodiscard]] Result<std::string> last_backup() const;

 private:
  Database& database_;
};

}  // namespace mailroom::archive
