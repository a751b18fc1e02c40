#pragma once

#include <string>

#include "daemon/base/clock.h"

namespace mailroom::intake {

/// The calendar day of the city, ISO: the receipt stamp follows the clock on the wall, not UTC.
std::string local_day(Timestamp time);

}  // namespace mailroom::intake
