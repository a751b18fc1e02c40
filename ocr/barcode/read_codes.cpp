#include "ocr/barcode/read_codes.h"

#include <cmath>
#include <exception>
#include <numbers>

#include "ocr/barcode/engines.h"
#include "ocr/image/pixels.h"
#include "ocr/image/stripes.h"

namespace mailroom::ocr {
namespace {

using engines::Sightings;
using engines::ZxingEffort;

constexpr int kFineDpi = 240;      // from here on half the resolution is enough for a whole page
constexpr int kSmallRegion = 700;  // pixels; below it enlarging is cheap and helps
constexpr std::chrono::milliseconds kDmtxLimit{150};
constexpr std::size_t kMostRegions = 6;        // looked at closely, the largest first
constexpr double kTilts[] = {22.5, 45, 67.5};  // degrees; engines bear about 15 each way

void append(Sightings& all, Sightings more) {
  for (auto& sighting : more) all.push_back(std::move(sighting));
}

void append_moved(Sightings& all, Sightings more, const Box& from, double scale) {
  for (auto& sighting : more) {
    Box& box = sighting.box;
    box = {from.x + static_cast<int>(box.x / scale), from.y + static_cast<int>(box.y / scale),
           static_cast<int>(box.width / scale) + 1, static_cast<int>(box.height / scale) + 1};
    all.push_back(std::move(sighting));
  }
}

bool meets(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool explained(const Box& region, const Sightings& sightings) {
  for (const auto& sighting : sightings)
    if (meets(region, sighting.box)) return true;
  return false;
}

/// The part of the page around a region that a symbol with its quiet zone fits in.
struct Cut {
  Box from;
  Pixels pixels;
};

Cut cut_around(const Pixels& grey, const Box& region) {
  const int margin = 20 + std::max(region.width, region.height) / 8;
  const int x = std::max(0, region.x - margin);
  const int y = std::max(0, region.y - margin);
  return {{x, y, 0, 0}, cut_out(grey, region, margin)};
}

/// Data Matrix is square or at most four times as long as high (ISO/IEC 16022 §5.3).
bool could_be_matrix(const Box& region) {
  return region.width < 5 * region.height && region.height < 5 * region.width;
}

/// Engines find in a cut-out what they walk past on a whole page, above all Data Matrix, which they
/// look for around the middle of the picture.
void look_closely(const Pixels& grey, const Box& region, ZxingEffort effort, Sightings& all) {
  const Cut cut = cut_around(grey, region);
  Sightings found = engines::zxing(cut.pixels, effort);
  if (!found.empty()) return append_moved(all, std::move(found), cut.from, 1);
  if (effort == ZxingEffort::quick) return;
  append_moved(all, engines::zbar(cut.pixels, 1, true), cut.from, 1);
  if (could_be_matrix(region)) append_moved(all, engines::dmtx(cut.pixels, kDmtxLimit), cut.from, 1);
  if (std::max(cut.pixels.width, cut.pixels.height) > kSmallRegion) return;
  const Pixels large = scaled(cut.pixels, 2);
  append_moved(all, engines::zxing(large, effort), cut.from, 2);
  append_moved(all, engines::zbar(large, 1, true), cut.from, 2);
}

/// How much to shrink a whole page before a search that need not see every pixel.
double page_scale(const Pixels& grey) {
  return working_dpi(grey) >= kFineDpi ? 0.5 : 1;
}

Sightings coarse_search(const Pixels& grey) {
  Sightings all = engines::zxing(grey, ZxingEffort::quick);
  const double scale = page_scale(grey);
  append_moved(all, engines::zbar(scaled(grey, scale), 2, false), {}, scale);
  for (const Box& region : code_like_regions(grey))
    if (!explained(region, all)) look_closely(grey, region, ZxingEffort::quick, all);
  return all;
}

/// A box on the tilted picture back on the page: the axis-aligned box around its corners.
Box box_before_tilt(const Box& box, const Pixels& tilted_page, const Pixels& page, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  double left = page.width;
  double top = page.height;
  double right = 0;
  double bottom = 0;
  for (const int corner : {0, 1, 2, 3}) {
    const double x = box.x + (corner % 2) * box.width - tilted_page.width / 2.0;
    const double y = box.y + (corner / 2) * box.height - tilted_page.height / 2.0;
    const double back_x = x * std::cos(angle) + y * std::sin(angle) + page.width / 2.0;
    const double back_y = -x * std::sin(angle) + y * std::cos(angle) + page.height / 2.0;
    left = std::min(left, back_x);
    right = std::max(right, back_x);
    top = std::min(top, back_y);
    bottom = std::max(bottom, back_y);
  }
  const int x = std::clamp(static_cast<int>(left), 0, page.width - 1);
  const int y = std::clamp(static_cast<int>(top), 0, page.height - 1);
  return {x, y, std::clamp(static_cast<int>(right) - x, 1, page.width - x),
          std::clamp(static_cast<int>(bottom) - y, 1, page.height - y)};
}

/// Codes that lean; `scale` is that of `page` against the page that boxes count in.
void search_tilted(const Pixels& page, double degrees, const Box& from, double scale, Sightings& all) {
  const Pixels lean = tilted(page, degrees);
  Sightings found = engines::zxing(lean, ZxingEffort::thorough);
  append(found, engines::zbar(lean, 1, true));
  for (auto& sighting : found) sighting.box = box_before_tilt(sighting.box, lean, page, degrees);
  append_moved(all, std::move(found), from, scale);
}

/// A cut-out that is hardly larger than its code: given a quiet zone and enlarged.
void search_small(const Pixels& grey, Sightings& all) {
  constexpr int kMargin = 24;
  const Pixels framed = with_margin(grey, kMargin);
  for (const double scale : {1.0, 3.0}) {
    const Pixels large = scaled(framed, scale);
    append_moved(all, engines::zxing(large, ZxingEffort::thorough), {-kMargin, -kMargin, 0, 0}, scale);
    append_moved(all, engines::dmtx(large, kDmtxLimit), {-kMargin, -kMargin, 0, 0}, scale);
  }
}

Sightings full_search(const Pixels& grey) {
  Sightings all = engines::zxing(grey, ZxingEffort::thorough);
  append(all, engines::zbar(grey, 1, true));
  std::vector<Box> regions = code_like_regions(grey);
  if (regions.size() > kMostRegions) regions.resize(kMostRegions);
  for (const Box& region : regions)
    if (!explained(region, all)) look_closely(grey, region, ZxingEffort::thorough, all);
  const Pixels reduced = scaled(grey, page_scale(grey));
  for (const double degrees : kTilts) search_tilted(reduced, degrees, {}, page_scale(grey), all);
  for (const Box& region : regions) {
    const Cut cut = cut_around(grey, region);
    for (const double degrees : kTilts)
      if (!explained(region, all)) search_tilted(cut.pixels, degrees, cut.from, 1, all);
  }
  append_moved(all, engines::zxing(scaled(grey, 0.5), ZxingEffort::thorough), {}, 0.5);
  if (grey.width < kSmallRegion && grey.height < kSmallRegion) search_small(grey, all);
  if (working_dpi(grey) <= 200 && grey.width * std::int64_t{4} * grey.height < 40'000'000) {
    const Pixels large = scaled(grey, 2);
    append_moved(all, engines::zxing(large, ZxingEffort::thorough), {}, 2);
    append_moved(all, engines::zbar(large, 1, true), {}, 2);
  }
  return all;
}

}  // namespace

Result<std::vector<Code>> read_codes(const Pixels& page, Depth depth) {
  try {
    const Pixels grey = to_grey(page);
    return engines::merged(depth == Depth::coarse ? coarse_search(grey) : full_search(grey), grey);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& wrong) {
    return fail(Errc::crashed, std::string("a barcode engine gave up: ") + wrong.what(), {},
                "Scan the page again; if that does not help, take it out and index it by hand.");
  }
}

Result<PageCodes> read_page_codes(const Pixels& page, bool separators_expected) {
  PageCodes result;
  MAILROOM_TRY(result.codes, read_codes(page, Depth::coarse));
  if (calls_for_full_search(page, result.codes, separators_expected)) {
    MAILROOM_TRY(result.codes, read_codes(page, Depth::full));
    result.searched_fully = true;
  }
  result.patch = patch_in(result.codes);
  return result;
}

std::vector<std::string> engine_versions() {
  return {engines::zxing_version(), engines::zbar_version(), engines::dmtx_version()};
}

std::string patch_in(const std::vector<Code>& codes) {
  constexpr const char* kPatch = "PATCHT";
  for (const auto& code : codes)
    if (code.text == kPatch && (code.symbology == "Code39" || code.symbology == "Code128")) return kPatch;
  return {};
}

}  // namespace mailroom::ocr
