#include <algorithm>

#include "ocr/barcode/read_codes.h"
#include "ocr/image/pixels.h"
#include "ocr/image/stripes.h"

namespace mailroom::ocr {
namespace {

bool meet(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// Linear codes whose only safeguard is that their bars look right.
bool checks_itself(const Code& code) {
  return code.symbology != "Code39" && code.symbology != "ITF" && code.symbology != "Codabar";
}

bool doubtful(const Code& code) {
  return code.engines.size() < 2 && !checks_itself(code);
}

constexpr double kSizeableMm = 6.5;  // regions are reported about 1.3 mm larger than what is in them

/// Below that it is a line of bold print, unless it is as long as the shortest code that separates:
/// PATCHT in Code 128 with modules of 0.25 mm has 25 mm.
constexpr double kShortestSeparatorMm = 24;

}  // namespace

bool calls_for_full_search(const Pixels& page, const std::vector<Code>& found, bool separators_expected) {
  if (std::any_of(found.begin(), found.end(), doubtful)) return true;
  std::vector<Box> unread = code_like_regions(page);
  std::erase_if(unread, [&](const Box& region) {
    return std::any_of(found.begin(), found.end(), [&](const Code& code) { return meet(region, code.box); });
  });
  const double per_mm = working_dpi(page) / 25.4;
  return std::any_of(unread.begin(), unread.end(), [=](const Box& region) {
    return std::min(region.width, region.height) >= kSizeableMm * per_mm ||
           (separators_expected && std::max(region.width, region.height) >= kShortestSeparatorMm * per_mm);
  });
}

}  // namespace mailroom::ocr
