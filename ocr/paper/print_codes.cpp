#include "ocr/paper/print_codes.h"

#include <qrencode.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace mailroom::ocr {
namespace {

constexpr int kStartB = 104;
constexpr int kStop = 106;

// ISO/IEC 15417 table 1: bar, space, bar, space, bar, space; the stop pattern has one more bar.
constexpr std::array<std::string_view, 107> kPatterns{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112"};

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

tl::unexpected<Error> cannot_code(const char* symbology, std::size_t most) {
  return fail(Errc::invalid_input, std::string("a ") + symbology + " carries 1 to " + std::to_string(most) +
                                       " printable ASCII characters");
}

struct QrFree {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

Result<QrSymbol> symbol_of(QRcode* made) {
  const std::unique_ptr<QRcode, QrFree> code(made);
  if (!code) return fail(Errc::io, "the QR code could not be made");
  QrSymbol symbol{code->width, {}};
  const auto modules = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
  for (std::size_t i = 0; i < modules; ++i) symbol.dark.push_back((code->data[i] & 1U) != 0);
  return symbol;
}

}  // namespace

Result<std::vector<int>> code128_widths(std::string_view text) {
  constexpr std::size_t kMost = 40;
  if (text.empty() || text.size() > kMost || !printable(text)) return cannot_code("Code 128", kMost);
  std::vector<int> symbols{kStartB};
  int sum = kStartB;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = text[i] - ' ';
    symbols.push_back(value);
    sum += static_cast<int>(i + 1) * value;
  }
  symbols.push_back(sum % 103);
  symbols.push_back(kStop);
  std::vector<int> widths;
  for (const int symbol : symbols) {
    for (const char width : kPatterns[static_cast<std::size_t>(symbol)]) widths.push_back(width - '0');
  }
  return widths;
}

Result<QrSymbol> qr_symbol(std::string_view text) {
  constexpr std::size_t kMost = 200;
  if (text.empty() || text.size() > kMost || !printable(text)) return cannot_code("QR code", kMost);
  return symbol_of(QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1));
}

Result<QrSymbol> qr_symbol_of_bytes(ByteView bytes) {
  constexpr std::size_t kMost = 331;
  if (bytes.empty() || bytes.size() > kMost)
    return fail(Errc::invalid_input, "such a code carries 1 to 331 bytes");
  return symbol_of(QRcode_encodeData(int(bytes.size()), bytes.data(), 0, QR_ECLEVEL_M));
}

std::string svg_of(const QrSymbol& symbol) {
  constexpr int kQuiet = 4;
  const std::string side = std::to_string(symbol.side + 2 * kQuiet);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" + side +
                    "H0z\"/><path fill=\"#000\" d=\"";
  for (int i = 0; i < symbol.side * symbol.side; ++i) {
    if (!symbol.dark[std::size_t(i)]) continue;
    svg += "M" + std::to_string(i % symbol.side + kQuiet) + " " + std::to_string(i / symbol.side + kQuiet) + "h1v1h-1z";
  }
  return svg + "\"/></svg>";
}

}  // namespace mailroom::ocr
