#include "ocr/paper/separator_sheet.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "ocr/paper/canvas.h"
#include "ocr/paper/print_codes.h"

namespace mailroom::ocr {
namespace {

constexpr double kMargin = 20;  // mm, left and right; printers reach 5
constexpr double kTextWidth = kA4Width - 2 * kMargin;
constexpr double kSmallestHeading = 14;  // points; small print counts as content on a separator
constexpr double kQrSide = 84;           // mm, without the quiet zone
constexpr int kQuietModules = 10;        // beside a Code 128 (ISO/IEC 15417 §4.3.4)
constexpr double kBarHeight = 24;        // mm
constexpr double kLoneBarHeight = 60;    // mm; the taller, the less a tilt or a blot matters
constexpr double kWidestModule = 0.75;   // mm

/// A sheet whose codes are made and whose words are known to fit.
struct Layout {
  SeparatorSheet sheet;
  QrSymbol qr;
  std::vector<int> bars;
};

void draw_qr(Canvas& canvas, const QrSymbol& qr, double top) {
  const double module = kQrSide / qr.side;
  const double left = (kA4Width - kQrSide) / 2;
  for (int y = 0; y < qr.side; ++y) {
    for (int x = 0; x < qr.side; ++x) {
      const auto dark = [&](int at) { return qr.dark[static_cast<std::size_t>(y * qr.side + at)]; };
      if (!dark(x)) continue;
      int end = x;
      while (end < qr.side && dark(end)) ++end;  // one rectangle a run: no hairlines between modules
      canvas.fill(left + x * module, top + y * module, (end - x) * module, module * 1.001);
      x = end;
    }
  }
}

void draw_bars(Canvas& canvas, const std::vector<int>& widths, double top, double height) {
  const int modules = std::accumulate(widths.begin(), widths.end(), 0);
  const double module = std::min(kTextWidth / (modules + 2 * kQuietModules), kWidestModule);
  double x = (kA4Width - modules * module) / 2;
  bool bar = true;
  for (const int width : widths) {
    if (bar) canvas.fill(x, top, width * module, height);
    x += width * module;
    bar = !bar;
  }
}

Lettering fitted(Canvas& canvas, const std::string& words, Lettering lettering) {
  const double width = canvas.width_of(words, lettering);
  if (width > kTextWidth) lettering.size *= kTextWidth / width;
  return lettering;
}

void draw_centred(Canvas& canvas, double baseline, const std::string& words, const Lettering& wished) {
  const Lettering lettering = fitted(canvas, words, wished);
  canvas.text((kA4Width - canvas.width_of(words, lettering)) / 2, baseline, words, lettering);
}

constexpr Lettering kKindLettering{18};
constexpr Lettering kTitleLettering{46, true};
constexpr Lettering kLineLettering{22};
constexpr Lettering kFooterLettering{9, false, false, 0.3};

void draw_layout(Canvas& canvas, const Layout& layout) {
  const SeparatorSheet& sheet = layout.sheet;
  draw_centred(canvas, 30, sheet.kind_label, kKindLettering);
  draw_centred(canvas, 54, sheet.title, kTitleLettering);
  double baseline = 74;
  for (const auto& line : sheet.lines) {
    draw_centred(canvas, baseline, line, kLineLettering);
    baseline += 13;
  }
  if (layout.qr.side == 0) {
    draw_bars(canvas, layout.bars, 136, kLoneBarHeight);
  } else {
    draw_qr(canvas, layout.qr, 124);
    draw_bars(canvas, layout.bars, 228, kBarHeight);
  }
  draw_centred(canvas, 280, sheet.footer, kFooterLettering);
}

Result<void> check_words(const SeparatorSheet& sheet) {
  if (sheet.lines.size() > 3) return fail(Errc::invalid_input, "a separator sheet has room for three lines");
  bool fits = true;
  const auto measured = draw_pixels(
      [&](Canvas& canvas) {
        for (const auto& line : sheet.lines)
          fits = fits && fitted(canvas, line, kLineLettering).size >= kSmallestHeading;
        fits = fits && fitted(canvas, sheet.title, kTitleLettering).size >= kLineLettering.size;
        fits = fits && fitted(canvas, sheet.kind_label, kKindLettering).size >= kSmallestHeading;
        fits = fits && fitted(canvas, sheet.footer, kFooterLettering).size >= 6;
      },
      50);
  if (!measured) return fail(measured.error());
  if (!fits) return fail(Errc::invalid_input, "the words do not fit on the sheet", {}, "shorten the name");
  return {};
}

Result<Layout> laid_out(const SeparatorSheet& sheet) {
  Layout layout{sheet, {}, {}};
  if (sheet.qr_payload.empty() && sheet.code128_payload.empty()) {
    return fail(Errc::invalid_input, "a separator sheet needs a code");
  }
  if (!sheet.qr_payload.empty()) {
    MAILROOM_TRY(layout.qr, qr_symbol(sheet.qr_payload));
  }
  if (!sheet.code128_payload.empty()) {
    MAILROOM_TRY(layout.bars, code128_widths(sheet.code128_payload));
  }
  MAILROOM_TRY_VOID(check_words(sheet));
  return layout;
}

Result<DrawSheet> drawing_of(const SeparatorSheet& sheet) {
  auto layout = laid_out(sheet);
  if (layout)
    return DrawSheet([layout = *std::move(layout)](Canvas& canvas) { draw_layout(canvas, layout); });
  Error error = std::move(layout).error();
  error.place.page = "separator sheet \"" + sheet.title + "\"";
  return fail(std::move(error));
}

}  // namespace

SeparatorSheet patch_t_sheet(std::string title, std::string hint, std::string footer) {
  return {.kind_label = "PATCHT",
          .title = std::move(title),
          .lines = {std::move(hint)},
          .qr_payload = {},
          .code128_payload = "PATCHT",
          .footer = std::move(footer)};
}

Result<Bytes> separator_sheets_pdf(std::span<const SeparatorSheet> sheets) {
  if (sheets.empty()) return fail(Errc::invalid_input, "there is no separator sheet to print");
  std::vector<DrawSheet> drawings;
  for (const auto& sheet : sheets) {
    MAILROOM_TRY(auto drawing, drawing_of(sheet));
    drawings.push_back(std::move(drawing));
  }
  return draw_pdf(drawings, sheets.front().kind_label);
}

Result<Pixels> render_separator_sheet(const SeparatorSheet& sheet, int dpi) {
  MAILROOM_TRY(const auto drawing, drawing_of(sheet));
  return draw_pixels(drawing, dpi);
}

}  // namespace mailroom::ocr
