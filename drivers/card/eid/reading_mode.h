#pragma once

#include <optional>
#include <string_view>

namespace mailroom::card {

/// How a card is read. Each has certificates of its own, and never the other's password.
enum class ReadingMode {
  kiosk,    ///< the holder enters the PIN (PAuswG § 18)
  counter,  ///< staff compared the photo and enter the CAN (PAuswG § 18a)
};
std::string_view name_of(ReadingMode mode);
std::optional<ReadingMode> mode_from(std::string_view name);

/// How sure one may be of the person: "eidas_high" for card and PIN, "on_site_18a" for what staff vouch for.
std::string_view assurance_of(ReadingMode mode);

}  // namespace mailroom::card
