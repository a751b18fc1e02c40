#include <dmtx.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "ocr/barcode/engines.h"

namespace mailroom::ocr::engines {
namespace {

/// libdmtx's handles are freed through a pointer to the pointer.
template <typename T, DmtxPassFail (*Destroy)(T**)>
struct Free {
  void operator()(T* handle) const { Destroy(&handle); }
};
using ImagePtr = std::unique_ptr<DmtxImage, Free<DmtxImage, dmtxImageDestroy>>;
using DecodePtr = std::unique_ptr<DmtxDecode, Free<DmtxDecode, dmtxDecodeDestroy>>;
using RegionPtr = std::unique_ptr<DmtxRegion, Free<DmtxRegion, dmtxRegionDestroy>>;
using MessagePtr = std::unique_ptr<DmtxMessage, Free<DmtxMessage, dmtxMessageDestroy>>;

/// The region's unit square on the image; libdmtx counts rows from the bottom.
Box box_of(const DmtxRegion& region, const Pixels& image) {
  double left = image.width;
  double top = image.height;
  double right = 0;
  double bottom = 0;
  for (const auto& [x, y] : {std::pair{0.0, 0.0}, {1.0, 0.0}, {0.0, 1.0}, {1.0, 1.0}}) {
    DmtxVector2 corner{x, y};
    auto& transform = const_cast<DmtxRegion&>(region).fit2raw;
    dmtxMatrix3VMultiplyBy(&corner, transform);
    left = std::min(left, corner.X);
    right = std::max(right, corner.X);
    top = std::min(top, image.height - 1 - corner.Y);
    bottom = std::max(bottom, image.height - 1 - corner.Y);
  }
  const int x = std::clamp(static_cast<int>(left), 0, image.width - 1);
  const int y = std::clamp(static_cast<int>(top), 0, image.height - 1);
  const int x2 = std::clamp(static_cast<int>(std::ceil(right)), x, image.width - 1);
  const int y2 = std::clamp(static_cast<int>(std::ceil(bottom)), y, image.height - 1);
  return {x, y, x2 - x + 1, y2 - y + 1};
}

}  // namespace

Sightings dmtx(const Pixels& grey, std::chrono::milliseconds limit) {
  const ImagePtr image(
      dmtxImageCreate(const_cast<std::uint8_t*>(grey.data.data()), grey.width, grey.height, DmtxPack8bppK));
  const DecodePtr decode(image ? dmtxDecodeCreate(image.get(), 1) : nullptr);
  if (!decode) return {};
  DmtxTime deadline = dmtxTimeAdd(dmtxTimeNow(), static_cast<long>(limit.count()));
  Sightings sightings;
  while (const RegionPtr region{dmtxRegionFindNext(decode.get(), &deadline)}) {
    const MessagePtr message(dmtxDecodeMatrixRegion(decode.get(), region.get(), DmtxUndefined));
    if (!message || message->outputIdx <= 0) continue;
    Bytes bytes(message->output, message->output + message->outputIdx);
    std::string text = text_of(bytes);
    sightings.push_back({"dmtx", "DataMatrix", std::move(bytes), std::move(text), box_of(*region, grey)});
  }
  return sightings;
}

std::string dmtx_version() {
  return std::string("dmtx ") + ::dmtxVersion();
}

}  // namespace mailroom::ocr::engines
