#pragma once

#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// By how much the text lines of an upright page lean, in degrees; positive: they rise to the right.
/// Searched between -8 and +8, found to about 0.1. 0 when the page has too little text to say.
/// Also right for a page that is upside down. Takes about 5 ms for A4 at 300 dpi.
double skew_of(const Pixels& page);

}  // namespace mailroom::ocr
