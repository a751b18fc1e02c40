#include "firmware/board/host/picture.h"

#include <array>
#include <string_view>

#include "firmware/protocol/messages.h"

namespace mailroom::panel {
namespace {

struct LampFace {
  std::string_view name;
  std::string_view terminal;  ///< colour, SGR
  std::string_view colour;    ///< for SVG
};
constexpr std::array<LampFace, kLamps> kFaces = {{{"bereit", "32", "#3fb950"},
                                                  {"arbeitet", "36", "#58c7f3"},
                                                  {"Achtung", "33", "#f2cc60"},
                                                  {"Störung", "31", "#ff6b60"},
                                                  {"getrennt", "35", "#d2a8ff"}}};

std::string rectangle(int x, int y, int width, int height, std::string_view colour) {
  return "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
         std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" fill=\"" +
         std::string(colour) + "\"/>";
}

constexpr int kScale = 3, kLeft = 24, kTop = 56;

std::string pixels(const Canvas& canvas) {
  std::string out;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const int from = x;
      while (canvas.at(x, y)) ++x;
      if (x > from)
        out += rectangle(kLeft + from * kScale, kTop + y * kScale, (x - from) * kScale, kScale, "#f0f6fc");
    }
  }
  return out;
}

std::string svg_lamp(int index, bool lit) {
  const auto& face = kFaces[std::size_t(index)];
  const std::string x = std::to_string(kLeft + 38 + index * 77);
  return "<circle cx=\"" + x + "\" cy=\"20\" r=\"9\" fill=\"" + std::string(lit ? face.colour : "#30363d") +
         "\"/><text x=\"" + x + "\" y=\"45\" text-anchor=\"middle\">" + std::string(face.name) + "</text>";
}

}  // namespace

std::string as_text(const Canvas& canvas, std::uint8_t lamps) {
  std::string out = " ";
  for (std::size_t lamp = 0; lamp < kLamps; ++lamp) {
    const bool lit = (lamps & (1U << lamp)) != 0;
    out += " \x1b[" + std::string(lit ? kFaces[lamp].terminal : "90") + "m" + (lit ? "●" : "○") + "\x1b[0m " +
           std::string(kFaces[lamp].name);
  }
  std::string edge;
  for (int x = 0; x < kWidth; ++x) edge += "─";
  out += "\n┌" + edge + "┐\n";
  for (int y = 0; y < kHeight; y += 2) {
    out += "│";
    for (int x = 0; x < kWidth; ++x) {
      const bool upper = canvas.at(x, y), lower = canvas.at(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "│\n";
  }
  return out + "└" + edge + "┘\n";
}

std::string as_svg(const Canvas& canvas, std::uint8_t lamps) {
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 432 264\" font-family=\"sans-serif\" "
      "font-size=\"12\" fill=\"#c9d1d9\"><rect width=\"432\" height=\"264\" rx=\"14\" fill=\"#21262d\"/>";
  for (int lamp = 0; lamp < int(kLamps); ++lamp) out += svg_lamp(lamp, (lamps & (1U << lamp)) != 0);
  out += rectangle(kLeft - 4, kTop - 4, kWidth * kScale + 8, kHeight * kScale + 8, "#0d1117");
  return out + pixels(canvas) + "</svg>\n";
}

}  // namespace mailroom::panel
