#pragma once

#include <leptonica/allheaders.h>

#include <memory>

#include "ocr/codec/decode.h"

// Leptonica's images, owned; not for other rooms.
namespace mailroom::ocr {

struct PixDeleter {
  void operator()(PIX* pix) const noexcept { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<PIX, PixDeleter>;

/// A bilevel copy (1 = black) of a grey page by Otsu's threshold, with its resolution set to `dpi`. Null when
/// there is no memory for it.
PixPtr bilevel_pix(const Pixels& grey, int dpi);

}  // namespace mailroom::ocr
