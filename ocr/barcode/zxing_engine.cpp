#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>

#include "ocr/barcode/engines.h"

namespace mailroom::ocr::engines {
namespace {

using ZXing::BarcodeFormat;

/// Never downscale together with linear symbologies: Debian's 1.4.0 aborts when it meets the same
/// linear code in two layers (assertion lineCount() == 1 in Result.cpp).
ZXing::DecodeHints hints_for(ZXing::BarcodeFormats formats, bool downscale) {
  ZXing::DecodeHints hints;
  hints.setReturnCodabarStartEnd(true);
  hints.setFormats(formats);
  hints.setTryDownscale(downscale);
  return hints;
}

std::vector<ZXing::DecodeHints> searches_for(ZxingEffort effort) {
  if (effort == ZxingEffort::thorough)
    return {hints_for(BarcodeFormat::LinearCodes, false), hints_for(BarcodeFormat::MatrixCodes, true)};
  return {hints_for(BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::Code128 |
                        BarcodeFormat::Code39 | BarcodeFormat::EAN13 | BarcodeFormat::UPCA,
                    false)};
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

}  // namespace

Sightings zxing(const Pixels& grey, ZxingEffort effort) {
  const ZXing::ImageView view(grey.data.data(), grey.width, grey.height, ZXing::ImageFormat::Lum);
  Sightings sightings;
  for (const auto& hints : searches_for(effort)) {
    for (const auto& result : ZXing::ReadBarcodes(view, hints)) {
      if (!result.isValid()) continue;
      const auto& raw = result.bytes();
      Sighting sighting{"zxing", ZXing::ToString(result.format()), Bytes(raw.begin(), raw.end()),
                        result.text(), box_of(result.position(), grey)};
      std::erase(sighting.symbology, '-');  // "EAN-13", "UPC-A"
      sightings.push_back(std::move(sighting));
    }
  }
  return sightings;
}

}  // namespace mailroom::ocr::engines
