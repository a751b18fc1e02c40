#include <algorithm>
#include <array>
#include <numeric>

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

constexpr double kGlanceDpi = 100;
constexpr double kFullestSheet = 0.012;  // dark share of a separator; a short letter has 1.5 % and more

/// Whether there is no more on the page than a code and a few words: a separator acts only there.
bool as_good_as_empty(const Pixels& page) {
  const Pixels small = scaled(to_grey(page), std::min(1.0, kGlanceDpi / working_dpi(page)));
  std::array<std::size_t, 256> levels{};
  for (const std::uint8_t level : small.data) ++levels[level];
  std::size_t above = 0;
  std::size_t paper = 255;
  while (paper > 0 && (above += levels[paper]) < small.data.size() / 5) --paper;
  const auto end = levels.begin() + static_cast<std::ptrdiff_t>(paper * 62 / 100);
  const auto dark = std::accumulate(levels.begin(), end, std::size_t{0});
  return static_cast<double>(dark) <= kFullestSheet * static_cast<double>(small.data.size());
}

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
  return sizeable || (separators_expected && found.empty() && as_good_as_empty(page));
}

}  // namespace mailroom::ocr
