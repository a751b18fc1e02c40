#include "daemon/archive/panels.h"

#include <nlohmann/json.hpp>

#include "daemon/archive/meta.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

std::string row_of(const std::string& station) {
  return "panel." + station;
}

}  // namespace

Result<PanelMemo> panel_memo(Database& database, const std::string& station) {
  MAILROOM_TRY(const std::string text, meta(database, row_of(station)));
  PanelMemo memo;
  memo.station = station;
  if (text.empty()) return memo;
  const json row = json::parse(text, nullptr, false);
  if (!row.is_object())
    return fail(Errc::corrupt, "the catalogue's memo of the panel at " + station + " is no JSON");
  memo.memory = row.value("memory", 0U);
  memo.number = row.value("number", 0U);
  memo.person = row.value("person", "");
  memo.next_class = row.value("next_class", "");
  memo.next_urgent = row.value("next_urgent", false);
  memo.acknowledged = row.value("acknowledged", "");
  return memo;
}

Result<void> keep_panel_memo(Database& database, const PanelMemo& memo) {
  const json row = {{"memory", memo.memory},           {"number", memo.number},
                    {"person", memo.person},           {"next_class", memo.next_class},
                    {"next_urgent", memo.next_urgent}, {"acknowledged", memo.acknowledged}};
  return set_meta(database, row_of(memo.station), row.dump());
}

Result<void> record_press(Database& database, Transaction& transaction, const PanelPress& press,
                          Timestamp now) {
  MAILROOM_TRY_VOID(keep_panel_memo(database, press.after));
  MAILROOM_TRY([[maybe_unused]] const auto head,
               append_audit(transaction, now,
                            {press.after.person.empty() ? "panel" : "operator:" + press.after.person,
                             "panel.pressed",
                             {},
                             {{"station", press.after.station},
                              {"memory", press.after.memory},
                              {"number", press.after.number},
                              {"key", press.action},
                              {"outcome", press.outcome}}}));
  return {};
}

}  // namespace mailroom::archive
