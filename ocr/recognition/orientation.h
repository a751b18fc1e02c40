#pragma once

#include <optional>

#include "ocr/recognition/pix.h"

// Not for other rooms.
namespace mailroom::ocr {

/// The degrees clockwise that bring a bilevel page upright, told by its letters: more of them have
/// ascenders than descenders (Leptonica, "flipdetect"). nullopt when the vote is not clear. `dpi` of `page`.
std::optional<int> rotation_by_ascenders(PIX* page, int dpi);

}  // namespace mailroom::ocr
