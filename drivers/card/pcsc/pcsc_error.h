#pragma once

#include "daemon/base/result.h"

namespace mailroom::card {

/// Puts what PC/SC returned into our words: Errc::device_lost when the card is gone, Errc::unreachable when the
/// reader or pcscd is, busy, timed_out, cancelled, else io.
tl::unexpected<Error> fail_pcsc(long code, const char* what, const std::string& reader = {});

}  // namespace mailroom::card
