#include "tests/e2e/small_stack.h"

#include <array>
#include <fstream>
#include <stdexcept>

#include "daemon/assembly/routing_sheet.h"
#include "daemon/crypto/routing_key.h"
#include "ocr/codec/encode.h"
#include "ocr/paper/canvas.h"
#include "ocr/paper/separator_sheet.h"

namespace mailroom::e2e {
namespace {

constexpr int kDpi = 150;

template <typename Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}

/// "kind:CLASS:DEPT" into its three parts.
assembly::RoutingSheet sheet_of(const std::string& words) {
  const auto first = words.find(':');
  const auto second = words.find(':', first + 1);
  assembly::RoutingSheet sheet;
  sheet.kind = must(assembly::routing_kind_from(words.substr(0, first)));
  sheet.class_code = words.substr(first + 1, second - first - 1);
  sheet.department_code = words.substr(second + 1);
  return sheet;
}

ocr::Pixels draw_routing(const std::string& words, const RoutingKey& key) {
  const auto payloads = must(assembly::encode_routing_sheet(sheet_of(words), key));
  ocr::SeparatorSheet sheet;
  sheet.kind_label = "Trennblatt";
  sheet.title = "Trennblatt";
  sheet.qr_payload = payloads.qr;
  sheet.code128_payload = payloads.code128;
  return must(ocr::render_separator_sheet(sheet, kDpi));
}

ocr::Pixels draw_words(const std::string& words) {
  const auto draw = [&](ocr::Canvas& canvas) {
    double y = 40;
    std::size_t from = 0;
    while (from < words.size()) {
      const auto end = std::min(words.find('\n', from), words.size());
      canvas.text(25, y, words.substr(from, end - from), {.size = 14});
      from = end + 1;
      y += 10;
    }
  };
  return must(ocr::draw_pixels(draw, kDpi));
}

ocr::Pixels draw(const DrawnSide& side, const std::filesystem::path& routing_key) {
  if (side.routing.empty()) return draw_words(side.words);
  auto key = must(read_routing_keys(routing_key)).front();
  if (!side.routing.starts_with("foreign ")) return draw_routing(side.routing, key);
  key.key.assign(key.key.size(), 7);
  return draw_routing(side.routing.substr(8), key);
}

}  // namespace

void draw_stack(const std::filesystem::path& folder, const std::vector<DrawnSide>& sides,
                const std::filesystem::path& routing_key) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const DrawnSide& side : sides) {
    const ocr::Pixels pixels = draw(side, routing_key);
    const auto image = must(ocr::encode_capture({.width = pixels.width,
                                                 .height = pixels.height,
                                                 .dpi = kDpi,
                                                 .channels = pixels.channels,
                                                 .bits = 8,
                                                 .stride = pixels.width * pixels.channels,
                                                 .pixels = pixels.data},
                                                90));
    char name[16];
    std::snprintf(name, sizeof name, "%04d.jpg", ++number);
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.bytes.data()), std::streamsize(image.bytes.size()));
  }
}

std::vector<DrawnSide> two_documents() {
  return {{"", "document:LET:3300"},
          {},
          {"Sehr geehrte Damen und Herren,\nhiermit beantrage ich einen Ausweis.", ""},
          {"Mit freundlichen Grüßen\nErna Muster", ""},
          {"", "document:INV:2000"},
          {},
          {"Rechnung Nummer 4711\nBetrag 120,00 Euro", ""},
          {}};
}

std::string matter_of(int sheet) {
  static constexpr std::array kMatters = {"Hundesteuer", "Wohngeld",     "Sperrholz", "Parkausweis",
                                          "Bauantrag",   "Kindergarten", "Gewerbe",   "Friedhof"};
  return kMatters[std::size_t(sheet) % kMatters.size()];
}

std::vector<DrawnSide> plain_letters(int sheets, const std::string& mark) {
  // No two sheets look alike: what is taken for a sheet fed again in a resumed feed then is one.
  std::vector<DrawnSide> sides;
  for (int i = 1; i <= sheets; ++i) {
    const std::string lower(std::size_t(i / 8 % 4), '\n');
    sides.push_back({mark + "\nSeite " + std::to_string(i) + " von " + std::to_string(sheets) + "\n" + lower +
                         matter_of(i) + " " + matter_of(i),
                     ""});
    sides.push_back({});
  }
  return sides;
}

const char* const kQuickProfile =
    "\n[quick]\nname_de = \"Schnell\"\nname_en = \"Quick\"\ndocument_class = \"letter\"\n"
    "department = \"poststelle\"\ndpi = 150\ncounting = \"feeder_empty\"\n";

}  // namespace mailroom::e2e
