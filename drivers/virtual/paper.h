#pragma once

#include <filesystem>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers::feeder {

/// The widest and longest paper that goes through, in millimetres: A3 across with a margin, and the
/// long paper mode of production scanners.
inline constexpr double kMaxWidth = 305;
inline constexpr double kMaxHeight = 5588;

/// One side of a sheet as the sensor sees it. Rows are packed; bilevel has eight pixels a byte, most
/// significant first, set bit = black.
struct PaperSide {
  int width = 0;
  int height = 0;
  int stride = 0;  ///< bytes a row
  Bytes rows;
};

/// Reads an image file as a side scanned in `mode` at `dpi`. An image of another resolution is scaled, one
/// that does not say is taken pixel for pixel. Errc::corrupt or refused when it cannot be decoded, is
/// wider or longer than the paper path, or holds several images. Reentrant.
Result<PaperSide> load_side(const std::filesystem::path& file, ColourMode mode, int dpi);

/// A white side of the same size.
PaperSide blank_side(const PaperSide& like, ColourMode mode);

}  // namespace mailroom::drivers::feeder
