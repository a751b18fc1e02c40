#include "ocr/recognition/pix.h"

#include "ocr/image/pixels.h"

namespace mailroom::ocr {

PixPtr bilevel_pix(const Pixels& grey, int dpi) {
  const Pixels page = binarised(grey);
  PixPtr pix(pixCreate(page.width, page.height, 1));
  if (!pix) return pix;
  pixSetResolution(pix.get(), dpi, dpi);
  const int words_per_line = pixGetWpl(pix.get());
  for (int y = 0; y < page.height; ++y) {
    const std::uint8_t* row = page.data.data() + std::size_t(y) * std::size_t(page.width);
    l_uint32* line = pixGetData(pix.get()) + std::size_t(y) * std::size_t(words_per_line);
    for (int x = 0; x < page.width; ++x) {
      // Leptonica keeps the leftmost pixel in the highest bit of a 32-bit word.
      if (row[x] == 0) line[x >> 5] |= 0x80000000U >> unsigned(x & 31);
    }
  }
  return pix;
}

}  // namespace mailroom::ocr
