#pragma once

#include "daemon/document/likeness.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// Whether two images show the same side of the same sheet, scanned twice: moved by up to 20 mm, turned by a
/// few degrees or upside down, with other noise and brightness. Two prints of one form that differ in a name
/// or a digit are never `same`. Two papers that carry the very same print are: no picture tells them apart,
/// so whoever asks needs a second reason to call one a copy. Costs about 0.3 s for A4 at 300 dpi.
///
/// How: both are reduced to 200 dpi or the lower resolution of the two, and their paper is taken away. Turn and shift are found roughly on a
/// small picture, then as an affine map fitted to where pieces of the one lie in the other, then piece by
/// piece to a dot. What is clearly ink in one and not even faint in the other within a dot is a mark that
/// differs, and so is a letter whose picture correlates with the other's by less than 0.91.
Likeness compare_sides(const Pixels& first, const Pixels& second);

}  // namespace mailroom::ocr
