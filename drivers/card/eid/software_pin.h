#pragma once

#include "drivers/card/eid/pace.h"

namespace mailroom::card {

/// PINs given by software, for tests with cards of our own. Builds without MAILROOM_SOFTWARE_PIN have none of it.
struct SoftwarePin {
  static PacePassword pin(std::string digits);
};

}  // namespace mailroom::card
