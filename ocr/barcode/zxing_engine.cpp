#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>

#include <algorithm>

#include "ocr/barcode/engines.h"

namespace mailroom::ocr::engines {
namespace {

using ZXing::BarcodeFormat;

constexpr int kMostLinear = 16;  // on one page

/// Debian's 1.4.0 aborts (assertion lineCount() == 1 in Result.cpp) when it compares two sightings of
/// the same linear code: one in two downscaled layers, or one printed twice on a page. So linear codes
/// are asked for one at a time and never downscaled.
ZXing::DecodeHints linear_hints(ZxingEffort effort) {
  ZXing::DecodeHints hints;
  hints.setReturnCodabarStartEnd(true);
  hints.setTryDownscale(false);
  hints.setMaxNumberOfSymbols(1);
  hints.setFormats(effort == ZxingEffort::thorough ? ZXing::BarcodeFormats(BarcodeFormat::LinearCodes)
                                                   : BarcodeFormat::Code128 | BarcodeFormat::Code39 |
                                                         BarcodeFormat::EAN13 | BarcodeFormat::UPCA);
  return hints;
}

ZXing::DecodeHints matrix_hints(ZxingEffort effort) {
  ZXing::DecodeHints hints;
  hints.setTryDownscale(effort == ZxingEffort::thorough);
  hints.setFormats(effort == ZxingEffort::thorough ? ZXing::BarcodeFormats(BarcodeFormat::MatrixCodes)
                                                   : BarcodeFormat::QRCode | BarcodeFormat::DataMatrix);
  return hints;
}

Box box_of(const ZXing::Position& corners, const Pixels& image) {
  int left = image.width;
  int top = image.height;
  int right = 0;
  int bottom = 0;
  for (const auto& corner : corners) {
    left = std::min(left, corner.x);
    top = std::min(top, corner.y);
    right = std::max(right, corner.x);
    bottom = std::max(bottom, corner.y);
  }
  left = std::clamp(left, 0, image.width - 1);
  top = std::clamp(top, 0, image.height - 1);
  right = std::clamp(right, left, image.width - 1);
  bottom = std::clamp(bottom, top, image.height - 1);
  return {left, top, right - left + 1, bottom - top + 1};
}

Sighting sighting_of(const ZXing::Result& result, const Pixels& image) {
  const auto& raw = result.bytes();
  Sighting sighting{"zxing", ZXing::ToString(result.format()), Bytes(raw.begin(), raw.end()), result.text(),
                    box_of(result.position(), image)};
  std::erase(sighting.symbology, '-');  // "EAN-13", "UPC-A"
  return sighting;
}

ZXing::ImageView view(const Pixels& grey) {
  return {grey.data.data(), grey.width, grey.height, ZXing::ImageFormat::Lum};
}

/// Paints `box` and a little around it white.
void wipe(Pixels& grey, const Box& box) {
  constexpr int kMargin = 4;
  const int left = std::max(0, box.x - kMargin);
  const int right = std::min(grey.width, box.x + box.width + kMargin);
  const int bottom = std::min(grey.height, box.y + box.height + kMargin);
  for (int y = std::max(0, box.y - kMargin); y < bottom; ++y)
    std::fill_n(grey.data.begin() + std::ptrdiff_t{y} * grey.width + left, right - left, std::uint8_t{255});
}

void find_linear(const Pixels& grey, ZxingEffort effort, Sightings& sightings) {
  Pixels rest;
  for (int i = 0; i < kMostLinear; ++i) {
    const Pixels& page = i == 0 ? grey : rest;
    const auto result = ZXing::ReadBarcode(view(page), linear_hints(effort));
    if (!result.isValid()) return;
    sightings.push_back(sighting_of(result, grey));
    if (i == 0) rest = grey;
    wipe(rest, sightings.back().box);
  }
}

}  // namespace

Sightings zxing(const Pixels& grey, ZxingEffort effort) {
  Sightings sightings;
  find_linear(grey, effort, sightings);
  for (const auto& result : ZXing::ReadBarcodes(view(grey), matrix_hints(effort)))
    if (result.isValid()) sightings.push_back(sighting_of(result, grey));
  return sightings;
}

std::string zxing_version() {
  return "zxing " + std::to_string(ZXING_VERSION_MAJOR) + "." + std::to_string(ZXING_VERSION_MINOR) + "." +
         std::to_string(ZXING_VERSION_PATCH);
}

}  // namespace mailroom::ocr::engines
