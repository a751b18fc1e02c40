#include "ocr/worker/analysis/analyse_page.h"

#include <cmath>

#include "ocr/barcode/read_codes.h"
#include "ocr/image/inspection.h"
#include "ocr/image/only_codes.h"
#include "ocr/image/pixels.h"
#include "ocr/image/skew.h"

namespace mailroom::ocr {
namespace {

Result<PageCodes> codes_on(const Pixels& grey, const PageRequest& request) {
  if (!request.full_search) return read_page_codes(grey, request.patch_t || request.routing_sheets);
  MAILROOM_TRY(auto codes, read_codes(grey, Depth::full));
  std::string patch = patch_in(codes);
  return PageCodes{std::move(codes), std::move(patch), true};
}

std::vector<Box> boxes_of(const std::vector<Code>& codes) {
  std::vector<Box> boxes;
  for (const auto& code : codes) boxes.push_back(code.box);
  return boxes;
}

/// The search steps in binary fractions; nobody measures finer than this.
double to_hundredths(double degrees) {
  return std::round(degrees * 100) / 100;
}

Result<void> read_text(const Pixels& grey, Recogniser& recogniser, PageReport& report) {
  MAILROOM_TRY(Recognition read, recogniser.recognise(grey));
  report.recognised = true;
  report.engines.push_back(recogniser_version());
  report.rotation = read.rotation;
  report.words = std::move(read.words);
  report.text = std::move(read.text);
  report.confidence = read.confidence;
  return {};
}

}  // namespace

Result<PageReport> analyse_page(const Pixels& page, const PageRequest& request, Recogniser& recogniser) {
  PageReport report{.width = page.width, .height = page.height, .dpi = working_dpi(page)};
  report.engines = engine_versions();
  const Inspection surface = inspect(page);
  const Pixels grey = to_grey(page);
  MAILROOM_TRY(PageCodes found, codes_on(grey, request));
  report.codes = std::move(found.codes);
  report.patch = std::move(found.patch);
  report.ink = surface.ink;
  report.blank = surface.blank && report.codes.empty();
  report.only_codes = only_codes(page, boxes_of(report.codes));
  if (surface.low_contrast) report.remarks.emplace_back("low_contrast");
  if (report.blank) return report;

  if (request.recognise) {
    MAILROOM_TRY_VOID(read_text(grey, recogniser, report));
  } else {
    report.rotation = recogniser.rotation_of(grey);
  }
  report.skew_degrees = to_hundredths(skew_of(report.rotation == 0 ? grey : turned(grey, report.rotation)));
  return report;
}

}  // namespace mailroom::ocr
