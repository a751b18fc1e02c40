#include "ocr/paper/separator_sheet.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "daemon/base/durable_file.h"
#include "ocr/barcode/read_codes.h"
#include "ocr/image/only_codes.h"
#include "ocr/image/pixels.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

constexpr auto kPayload = "1D-LET-3300-7-K3JQ2MZ5XWYTR4ABCD";

SeparatorSheet routing_sheet() {
  return {.kind_label = "Trennblatt: neues Dokument",
          .title = "Personalangelegenheit",
          .lines = {"Fachdienst Brand- und Katastrophenschutz", "vertraulich"},
          .qr_payload = kPayload,
          .code128_payload = kPayload,
          .footer = "mailroom 0.1.0, gedruckt am 24.11.2026"};
}

SeparatorSheet patch_sheet() {
  return patch_t_sheet("Neues Dokument", "gleiche Art, gleiches Amt", "mailroom");
}

bool has(const std::vector<Code>& codes, const std::string& symbology, const std::string& text) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](const Code& code) { return code.symbology == symbology && code.text == text; });
}

std::vector<Box> boxes_of(const std::vector<Code>& codes) {
  std::vector<Box> boxes;
  for (const auto& code : codes) boxes.push_back(code.box);
  return boxes;
}

Pixels laid_askew(const Pixels& sheet, int quarter, double degrees) {
  const Pixels lying = turned(sheet, quarter);
  return degrees == 0 ? lying : tilted(lying, degrees);
}

TEST_CASE("a routing sheet is read at 300 and 150 dpi, upside down and askew") {
  const int dpi = GENERATE(300, 150);
  const int quarter = GENERATE(0, 180);
  const double askew = GENERATE(0.0, 2.0, -2.0);
  INFO(dpi << " dpi, turned by " << quarter << " and " << askew);
  const auto sheet = render_separator_sheet(routing_sheet(), dpi);
  REQUIRE(sheet);
  const Pixels page = laid_askew(*sheet, quarter, askew);
  const auto read = read_page_codes(page, true);
  REQUIRE(read);
  CHECK(has(read->codes, "QRCode", kPayload));
  CHECK(read->patch.empty());
  CHECK(only_codes(page, boxes_of(read->codes)));
}

TEST_CASE("the Code 128 alone carries the sheet when the QR code is spoilt") {
  const int dpi = GENERATE(300, 150);
  const double askew = GENERATE(0.0, 2.0);
  INFO(dpi << " dpi, askew by " << askew);
  auto sheet = render_separator_sheet(routing_sheet(), dpi);
  REQUIRE(sheet);
  const std::size_t row = static_cast<std::size_t>(sheet->width);
  const auto middle = static_cast<std::size_t>(sheet->height) * 2 / 5;
  std::fill_n(sheet->data.begin() + static_cast<std::ptrdiff_t>(row * middle), row * (row / 4),
              std::uint8_t{255});
  const auto read = read_page_codes(laid_askew(*sheet, 0, askew), true);
  REQUIRE(read);
  CHECK(has(read->codes, "Code128", kPayload));
  CHECK_FALSE(has(read->codes, "QRCode", kPayload));
}

TEST_CASE("a PATCHT sheet is one upside down and askew, too") {
  const int dpi = GENERATE(300, 150);
  const int quarter = GENERATE(0, 180);
  const double askew = GENERATE(0.0, 2.0);
  INFO(dpi << " dpi, turned by " << quarter << " and " << askew);
  const auto sheet = render_separator_sheet(patch_sheet(), dpi);
  REQUIRE(sheet);
  const Pixels page = laid_askew(*sheet, quarter, askew);
  const auto read = read_page_codes(page, true);
  REQUIRE(read);
  CHECK(read->patch == "PATCHT");
  CHECK(only_codes(page, boxes_of(read->codes)));
}

TEST_CASE("the Code 128 carries every printable character") {
  for (int first = ' '; first <= '~'; first += 24) {
    SeparatorSheet sheet = routing_sheet();
    sheet.code128_payload = "#";
    for (int c = first; c < first + 24 && c <= '~'; ++c) sheet.code128_payload += static_cast<char>(c);
    sheet.code128_payload += "#";
    INFO(sheet.code128_payload);
    const auto pixels = render_separator_sheet(sheet, 300);
    REQUIRE(pixels);
    CHECK(has(read_codes(*pixels, Depth::coarse).value(), "Code128", sheet.code128_payload));
  }
}

TEST_CASE("printed sheets are A4 with embedded fonts and codes that are read from the print") {
  const test::TemporaryFolder folder;
  const std::vector sheets{routing_sheet(), patch_sheet()};
  const auto pdf = separator_sheets_pdf(sheets);
  REQUIRE(pdf);
  const std::string file = (folder.path() / "sheets.pdf").string();
  std::ofstream(file, std::ios::binary) << as_text(*pdf);
  const auto read = [&](const std::string& command, const std::string& output) {
    REQUIRE(std::system((command + " > '" + (folder.path() / output).string() + "'").c_str()) == 0);
    return read_file(folder.path() / output).value();
  };
  const Bytes info = read("pdfinfo '" + file + "'", "info");
  CHECK(as_text(info).find("(A4)") != std::string_view::npos);
  CHECK(as_text(read("pdftotext '" + file + "' -", "text")).find("Personalangelegenheit") !=
        std::string_view::npos);
  const Bytes fonts = read("pdffonts '" + file + "' | tail -n +3", "fonts");
  CHECK(as_text(fonts).find(" yes yes yes ") != std::string_view::npos);
  CHECK(as_text(fonts).find(" no ") == std::string_view::npos);
  const auto print = decode_images(read("pdftoppm -r 150 -gray -f 1 -l 1 '" + file + "'", "one.pgm"));
  REQUIRE(print);
  CHECK(has(read_codes(print->front(), Depth::coarse).value(), "QRCode", kPayload));
  const auto patch = decode_images(read("pdftoppm -r 150 -gray -f 2 -l 2 '" + file + "'", "two.pgm"));
  REQUIRE(patch);
  CHECK(read_page_codes(patch->front(), true)->patch == "PATCHT");
}

TEST_CASE("a sheet that cannot be printed as wished is named, not printed badly") {
  SeparatorSheet sheet = routing_sheet();
  SECTION("payload beyond ASCII") {
    sheet.qr_payload = "Büro";
  }
  SECTION("bars beyond ASCII") {
    sheet.code128_payload = "Büro";
  }
  SECTION("line feed in the bars") {
    sheet.code128_payload = "a\nb";
  }
  SECTION("too long for the bars") {
    sheet.code128_payload = std::string(41, 'A');
  }
  SECTION("too long for the QR code") {
    sheet.qr_payload = std::string(201, 'A');
  }
  SECTION("no code at all") {
    sheet.qr_payload = sheet.code128_payload = "";
  }
  SECTION("an endless name") {
    sheet.lines[0] = std::string(120, 'W');
  }
  SECTION("an endless title") {
    sheet.title = std::string(60, 'W');
  }
  SECTION("too many lines") {
    sheet.lines.resize(4);
  }
  const std::vector sheets{patch_sheet(), sheet};
  const auto pdf = separator_sheets_pdf(sheets);
  REQUIRE_FALSE(pdf);
  CHECK(pdf.error().code == Errc::invalid_input);
  CHECK(pdf.error().place.page == "separator sheet \"" + sheet.title + "\"");
  CHECK_FALSE(render_separator_sheet(sheet, 300));
}

TEST_CASE("nothing to print is an error") {
  CHECK(separator_sheets_pdf({}).error().code == Errc::invalid_input);
  CHECK(render_separator_sheet(patch_sheet(), 5000).error().code == Errc::invalid_input);
}

}  // namespace
}  // namespace mailroom::ocr
