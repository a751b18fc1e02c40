#pragma once

#include <cairo.h>

#include <functional>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

inline constexpr double kA4Width = 210;   // mm
inline constexpr double kA4Height = 297;  // mm

/// How words look. The faces are those every Debian with fontconfig has.
struct Lettering {
  double size = 11;  ///< points
  bool bold = false;
  bool serif = false;
  double grey = 0;  ///< 0 black to 1 white
};

/// A sheet of A4 to draw on: millimetres from the top left corner. Thin skin over a cairo context it
/// does not own; lives inside one drawing function.
class Canvas {
 public:
  explicit Canvas(cairo_t* context) : context_(context) {}

  void text(double x, double baseline, const std::string& words, const Lettering& lettering);
  [[nodiscard]] double width_of(const std::string& words, const Lettering& lettering);
  void fill(double x, double y, double width, double height);  ///< black, edges not softened
  void rule(double x1, double x2, double y, double thickness, double grey);
  void stroke(std::span<const std::pair<double, double>> points, double thickness);  ///< a pen's curve

 private:
  void use(const Lettering& lettering);

  cairo_t* context_;
};

using DrawSheet = std::function<void(Canvas&)>;

/// The drawings as pages of one PDF with embedded fonts. With `created` (RFC 3339, UTC, whole seconds) as
/// the date it carries, the same drawings give the same bytes; empty: now.
Result<Bytes> draw_pdf(std::span<const DrawSheet> sheets, const std::string& title,
                       const std::string& created = {});

/// A drawing as grey pixels, turned clockwise by `turn` degrees about the middle of the sheet.
Result<Pixels> draw_pixels(const DrawSheet& sheet, int dpi, double turn = 0);

}  // namespace mailroom::ocr
