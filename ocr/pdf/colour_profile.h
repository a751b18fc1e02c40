#pragma once

#include "daemon/base/bytes.h"

namespace mailroom::ocr {

/// An sRGB display profile (IEC 61966-2-1) as ICC version 2.1, written here so that its bytes never
/// depend on a library's release or on the clock.
Bytes srgb_profile();

}  // namespace mailroom::ocr
