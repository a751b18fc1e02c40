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

/// As much as could be a page of text whose letters look like a code here and there.
constexpr std::size_t kFewRegions = 6;

}  // namespace

bool calls_for_full_search(const Pixels& page, const std::vector<Code>& found, bool separators_expected) {
  if (std::any_of(found.begin(), found.end(), doubtful)) return true;
  std::vector<Box> unread = code_like_regions(page);
  std::erase_if(unread, [&](const Box& region) {
    return std::any_of(found.begin(), found.end(), [&](const Code& code) { return meet(region, code.box); });
  });
  if (unread.empty()) return false;
  const double side = kSizeableMm / 25.4 * working_dpi(page);
  const bool sizeable = std::any_of(unread.begin(), unread.end(), [side](const Box& region) {
    return std::min(region.width, region.height) >= side;
  });
  return sizeable || (separators_expected && found.empty() && unread.size() <= kFewRegions);
}

}  // namespace mailroom::ocr
