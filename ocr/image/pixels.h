#pragma once

#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// What the functions of this room have in common: they are pure and reentrant, take Pixels as
/// decode.h describes them (grey or RGB, packed rows) and never fail on any size, one pixel included.

/// Luma of an RGB image (ITU-R BT.601); grey is returned as it is.
Pixels to_grey(const Pixels& image);

/// Per pixel the darkest channel: a pale red, blue or yellow stamp stands out here where luma hides
/// it. Grey is returned as it is.
Pixels darkest_channel(const Pixels& image);

/// Turned clockwise by 0, 90, 180 or 270 degrees (other values count as 0), without loss.
Pixels turned(const Pixels& image, int degrees_clockwise);

/// Turned clockwise by any angle about the centre, enlarged so that nothing is cut off; the corners
/// become white. Interpolated linearly: for engines to read, never to be stored.
Pixels tilted(const Pixels& image, double degrees_clockwise);

/// Scaled by `factor` (0.05 to 4): area mean when smaller, cubic when larger. dpi follows.
Pixels scaled(const Pixels& image, double factor);

/// With a white frame of `margin` pixels around it.
Pixels with_margin(const Pixels& image, int margin);

/// Black (0) and white (255) by one threshold over the whole page: Otsu's, or below the paper's grain where
/// that lies within it. RGB is made grey first.
Pixels binarised(const Pixels& image);

/// The resolution to reckon with: the file's own, or for a file that does not say, or says
/// something a scanner cannot mean (below 50, above 2400), that of A4 paper of this size.
int working_dpi(const Pixels& image);

}  // namespace mailroom::ocr
