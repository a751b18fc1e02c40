#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/archive/audit.h"
#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

/// What outlives the daemon about the panel of a station: rows "panel.STATION" of the table `meta`
/// (docs/formats/catalogue.md). Thread-bound to the database.
namespace mailroom::archive {

struct PanelMemo {
  std::string station;
  std::uint32_t memory = 0;  ///< of the press that was recorded last
  std::uint32_t number = 0;
  std::string person;      ///< who was logged in at the station last
  std::string next_class;  ///< chosen for the first document of the next batch; empty: as the profile says
  bool next_urgent = false;
  std::string acknowledged;  ///< the fault that somebody has acknowledged
};

/// A key of a panel as it is recorded, in the transaction of what it does: it acts once or not at all.
struct PanelPress {
  PanelMemo after;      ///< the memo from then on
  std::string action;   ///< "start", "new_document", ...
  std::string outcome;  ///< "done", or why it was not
};

Result<PanelMemo> panel_memo(Database& database, const std::string& station);
Result<void> keep_panel_memo(Database& database, const PanelMemo& memo);

/// Keeps the memo and writes the audit entry "panel.pressed".
Result<void> record_press(Database& database, Transaction& transaction, const PanelPress& press,
                          Timestamp now);

}  // namespace mailroom::archive
