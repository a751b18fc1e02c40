#include "ocr/paper/canvas.h"

#include <cairo-pdf.h>

#include <cmath>
#include <memory>
#include <numbers>

namespace mailroom::ocr {
namespace {

constexpr double kPointsPerMillimetre = 72.0 / 25.4;

struct SurfaceCloser {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceCloser>;

struct ContextCloser {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Context = std::unique_ptr<cairo_t, ContextCloser>;

tl::unexpected<Error> cannot_draw(cairo_status_t status) {
  return fail(Errc::io, std::string("a sheet could not be drawn: ") + cairo_status_to_string(status));
}

// Hinting would give the same words another width on screen, in print and at every resolution.
void choose_exact_text(cairo_t* context) {
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options(context, options);
  cairo_font_options_destroy(options);
}

cairo_status_t append(void* target, const unsigned char* data, unsigned length) {
  auto& bytes = *static_cast<Bytes*>(target);
  bytes.insert(bytes.end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

Pixels grey_pixels(cairo_surface_t* surface, int dpi) {
  cairo_surface_flush(surface);
  Pixels pixels{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), dpi, 1, {}};
  const unsigned char* row = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  pixels.data.reserve(static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(pixels.height));
  for (int y = 0; y < pixels.height; ++y, row += stride) {
    for (int x = 0; x < pixels.width; ++x) pixels.data.push_back(row[4 * x]);  // all channels are alike
  }
  return pixels;
}

}  // namespace

void Canvas::use(const Lettering& lettering) {
  cairo_select_font_face(context_, lettering.serif ? "DejaVu Serif" : "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         lettering.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context_, lettering.size / kPointsPerMillimetre);
  cairo_set_source_rgb(context_, lettering.grey, lettering.grey, lettering.grey);
}

void Canvas::text(double x, double baseline, const std::string& words, const Lettering& lettering) {
  use(lettering);
  cairo_move_to(context_, x, baseline);
  cairo_show_text(context_, words.c_str());
}

double Canvas::width_of(const std::string& words, const Lettering& lettering) {
  use(lettering);
  cairo_text_extents_t extents{};
  cairo_text_extents(context_, words.c_str(), &extents);
  return extents.x_advance;
}

void Canvas::fill(double x, double y, double width, double height) {
  cairo_set_antialias(context_, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb(context_, 0, 0, 0);
  cairo_rectangle(context_, x, y, width, height);
  cairo_fill(context_);
  cairo_set_antialias(context_, CAIRO_ANTIALIAS_DEFAULT);
}

void Canvas::rule(double x1, double x2, double y, double thickness, double grey) {
  cairo_set_source_rgb(context_, grey, grey, grey);
  cairo_set_line_width(context_, thickness);
  cairo_move_to(context_, x1, y);
  cairo_line_to(context_, x2, y);
  cairo_stroke(context_);
}

void Canvas::stroke(std::span<const std::pair<double, double>> points, double thickness) {
  if (points.size() < 4) return;
  cairo_set_source_rgb(context_, 0.15, 0.15, 0.15);
  cairo_set_line_width(context_, thickness);
  cairo_set_line_cap(context_, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to(context_, points[0].first, points[0].second);
  for (std::size_t i = 1; i + 2 < points.size(); i += 3) {
    cairo_curve_to(context_, points[i].first, points[i].second, points[i + 1].first, points[i + 1].second,
                   points[i + 2].first, points[i + 2].second);
  }
  cairo_stroke(context_);
}

Result<Bytes> draw_pdf(std::span<const DrawSheet> sheets, const std::string& title,
                       const std::string& created) {
  Bytes pdf;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &pdf, kA4Width * kPointsPerMillimetre,
                                                            kA4Height * kPointsPerMillimetre));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  if (!created.empty())
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  const Context context(cairo_create(surface.get()));
  choose_exact_text(context.get());
  cairo_scale(context.get(), kPointsPerMillimetre, kPointsPerMillimetre);
  Canvas canvas(context.get());
  for (const DrawSheet& sheet : sheets) {
    sheet(canvas);
    cairo_show_page(context.get());
  }
  cairo_surface_finish(surface.get());
  const auto status = cairo_status(context.get());
  if (status != CAIRO_STATUS_SUCCESS) return cannot_draw(status);
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return cannot_draw(cairo_surface_status(surface.get()));
  }
  return pdf;
}

Result<Pixels> draw_pixels(const DrawSheet& sheet, int dpi, double turn) {
  if (dpi < 50 || dpi > 1200) return fail(Errc::invalid_input, "sheets are drawn at 50 to 1200 dpi");
  const double scale = dpi / 25.4;
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                   static_cast<int>(std::lround(kA4Width * scale)),
                                                   static_cast<int>(std::lround(kA4Height * scale))));
  const Context context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  choose_exact_text(context.get());
  cairo_scale(context.get(), scale, scale);
  cairo_translate(context.get(), kA4Width / 2, kA4Height / 2);
  cairo_rotate(context.get(), turn * std::numbers::pi / 180);
  cairo_translate(context.get(), -kA4Width / 2, -kA4Height / 2);
  Canvas canvas(context.get());
  sheet(canvas);
  const auto status = cairo_status(context.get());
  if (status != CAIRO_STATUS_SUCCESS) return cannot_draw(status);
  return grey_pixels(surface.get(), dpi);
}

}  // namespace mailroom::ocr
