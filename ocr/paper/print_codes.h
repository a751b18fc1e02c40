#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::ocr {

/// A Code 128 symbol (ISO/IEC 15417, code set B) as the widths of its bars and spaces in modules,
/// beginning and ending with a bar, without quiet zones. Errc::invalid_input for anything but 1 to
/// 40 printable ASCII characters.
Result<std::vector<int>> code128_widths(std::string_view text);

/// A QR symbol (ISO/IEC 18004) without its quiet zone.
struct QrSymbol {
  int side = 0;            ///< modules
  std::vector<bool> dark;  ///< side * side, top row first
};

/// Error level Q: a quarter of the symbol may be lost. Errc::invalid_input for anything but 1 to 200
/// printable ASCII characters.
Result<QrSymbol> qr_symbol(std::string_view text);

/// Error level M, as the GiroCode wants it (EPC069-12); 1 to 331 bytes of any kind.
Result<QrSymbol> qr_symbol_of_bytes(ByteView bytes);

/// The symbol with its quiet zone of four modules as an SVG image, black on white.
std::string svg_of(const QrSymbol& symbol);

}  // namespace mailroom::ocr
