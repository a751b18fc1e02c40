#include "drivers/card/eid/software_pin.h"

#ifndef MAILROOM_SOFTWARE_PIN
#error "this file belongs to builds for tests"
#endif

namespace mailroom::card {

PacePassword SoftwarePin::pin(std::string digits) { return {PasswordKind::pin, std::move(digits)}; }

}  // namespace mailroom::card
