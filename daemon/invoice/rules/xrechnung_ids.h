#pragma once

#include <string>
#include <string_view>

#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {

inline constexpr std::string_view kXrechnung =
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
inline constexpr std::string_view kXrechnungExtension =
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0";
inline constexpr std::string_view kCleanVehicles =
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    "#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9";

/// One of the three identifiers of XRechnung 3.0.
inline bool is_current_xrechnung(std::string_view specification) {
  return specification == kXrechnung || specification == kXrechnungExtension ||
         specification == kCleanVehicles;
}

/// One '@' with something before it and a dotted name after it, no white space.
bool is_plausible_email(const std::string& address);

/// CII: net and gross price must be for the same quantity.
void check_price_quantities(Check& check);

}  // namespace mailroom::invoice::rules
