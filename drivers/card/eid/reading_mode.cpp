#include "drivers/card/eid/reading_mode.h"

namespace mailroom::card {

std::string_view name_of(ReadingMode mode) { return mode == ReadingMode::kiosk ? "kiosk" : "counter"; }

std::optional<ReadingMode> mode_from(std::string_view name) {
  if (name == "kiosk") return ReadingMode::kiosk;
  if (name == "counter") return ReadingMode::counter;
  return std::nullopt;
}

std::string_view assurance_of(ReadingMode mode) {
  return mode == ReadingMode::kiosk ? "eidas_high" : "on_site_18a";
}

}  // namespace mailroom::card
