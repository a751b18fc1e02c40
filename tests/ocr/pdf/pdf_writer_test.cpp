#include "ocr/pdf/pdf_writer.h"

#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "daemon/crypto/digest.h"
#include "ocr/codec/encode.h"
#include "tests/ocr/pdf/sample_pages.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

using pdf_test::BarPage;

const std::vector<std::vector<std::string>> kLines{{"Sehr", "geehrte", "Damen", "und", "Herren,"},
                                                   {"die", "Gebühr", "beträgt", "30,70", "€."},
                                                   {"Mit", "freundlichen", "Grüßen"}};
constexpr auto kText =
    "Sehr geehrte Damen und Herren,\ndie Gebühr beträgt 30,70 €.\nMit freundlichen Grüßen\n";

std::string folded(std::string text) {
  std::string one;
  for (const char c : text) {
    if (c == '\n' && one.ends_with('\n')) continue;
    one += c;
  }
  return one;
}

TEST_CASE("a sealed PDF passes qpdf's check and says the words in reading order") {
  const test::TemporaryFolder folder;
  const BarPage page = pdf_test::bar_page(kLines, 0, 0);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  const std::string check = pdf_test::run("qpdf --check " + pdf_test::saved(folder.path(), "a.pdf", *pdf));
  CHECK(check.find("No syntax or stream encoding errors") != std::string::npos);
  CHECK(folded(pdf_test::text_of(folder.path(), *pdf)) == kText);
  CHECK(folded(pdf_test::text_of(folder.path(), *pdf, "-raw")) == kText);
}

TEST_CASE("the captured JPEG lies in the PDF byte for byte") {
  const test::TemporaryFolder folder;
  const int channels = GENERATE(1, 3);
  const BarPage page = pdf_test::bar_page(kLines, 90, 1.5, channels);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  pdf_test::run("pdfimages -all " + pdf_test::saved(folder.path(), "a.pdf", *pdf) + " " +
                (folder.path() / "i").string());
  CHECK(read_file(folder.path() / "i-000.jpg").value() == page.image.bytes);
  CHECK(embedded_image_digests(*pdf).value() == std::vector{page.image.sha256});
}

TEST_CASE("a group 4 strip lies in the PDF byte for byte and shows black as black") {
  const test::TemporaryFolder folder;
  const BarPage page = pdf_test::bar_page(kLines, 0, 0, 1, 1);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  const auto strip = group4_strip_of(page.image.bytes).value();
  CHECK(embedded_image_digests(*pdf).value() == std::vector{sha256_hex(strip)});
  const std::string file = pdf_test::saved(folder.path(), "a.pdf", *pdf);
  pdf_test::run("pdfimages -all " + file + " " + (folder.path() / "i").string());
  CHECK(as_text(read_file(folder.path() / "i-000.ccitt").value()) == as_text(strip));
  const std::string drawn = pdf_test::run("pdftoppm -r 75 -gray " + file);
  const auto pixels = std::string_view(drawn).substr(drawn.size() - 620 * 877);
  CHECK(static_cast<unsigned char>(pixels[10 * 620 + 10]) == 255);
  CHECK(static_cast<unsigned char>(pixels[157 * 620 + 110]) == 0);
}

TEST_CASE("the same input gives the same bytes, another second other bytes") {
  const BarPage page = pdf_test::bar_page(kLines, 180, 0.7);
  const std::vector pages{pdf_test::pdf_page(page), pdf_test::pdf_page(page)};
  auto later = pdf_test::metadata();
  later.created += std::chrono::seconds(1);
  const auto first = write_pdf(pages, pdf_test::metadata());
  REQUIRE(first);
  CHECK(write_pdf(pages, pdf_test::metadata()).value() == *first);
  CHECK(write_pdf(pages, later).value() != *first);
}

TEST_CASE("any character that a word can hold is found again") {
  const test::TemporaryFolder folder;
  const std::vector<std::vector<std::string>> lines{{"Straße", "€uro", "Büro§4", "„Zitat“"},
                                                    {"oﬃziell", "Žižek", "Ελλάδα", "Київ", "naı̈f"},
                                                    {"été", "über", "𝔄ktenzeichen", "📨", "漢字"}};
  const BarPage page = pdf_test::bar_page(lines, 0, 0);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  std::string expected;
  for (const auto& line : lines) {
    for (const auto& word : line) expected += word + (&word == &line.back() ? "\n" : " ");
  }
  CHECK(folded(pdf_test::text_of(folder.path(), *pdf, "-raw")) == expected);
}

TEST_CASE("words that touch or overlap stay apart") {
  const test::TemporaryFolder folder;
  BarPage page = pdf_test::bar_page({{"eins", "zwei", "drei", "vier"}}, 0, 0);
  auto& words = page.report.words;
  words[1].box.x = words[0].box.x + words[0].box.width;      // touches
  words[2].box.x = words[1].box.x + words[1].box.width - 8;  // overlaps
  words[3].box.width = 1;                                    // squeezed
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  CHECK(folded(pdf_test::text_of(folder.path(), *pdf, "-raw")) == "eins zwei drei vier\n");
}

TEST_CASE("title, dates and producer are the same in XMP and in the Info dictionary") {
  const test::TemporaryFolder folder;
  const BarPage page = pdf_test::bar_page(kLines, 0, 0);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE(pdf);
  const std::string file = pdf_test::saved(folder.path(), "a.pdf", *pdf);
  const std::string info = pdf_test::run("TZ=UTC pdfinfo -isodates " + file);
  const std::string xmp = pdf_test::run("pdfinfo -meta " + file);
  for (const auto* text :
       {"Brief 26-00042-1 <Bürgerbüro & Co>", "Stadt Lahnfels", "mailroom ", "2026-11-24T03:14:15Z"}) {
    INFO(text);
    CHECK(info.find(text) != std::string::npos);
  }
  for (const auto* text : {"Brief 26-00042-1 &lt;Bürgerbüro &amp; Co&gt;", "<rdf:li>Stadt Lahnfels</rdf:li>",
                           "<pdf:Producer>mailroom ", "<xmp:CreateDate>2026-11-24T03:14:15Z</xmp:CreateDate>",
                           "<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>",
                           "urn:uuid:01936a3e-0000-7000-8000-000000000001", "<rdf:li>26-00042-1</rdf:li>"}) {
    INFO(text);
    CHECK(xmp.find(text) != std::string::npos);
  }
}

TEST_CASE("every page keeps its place and its label") {
  const test::TemporaryFolder folder;
  std::vector<BarPage> captured;
  for (const auto* word : {"erste", "zweite", "dritte"})
    captured.push_back(pdf_test::bar_page({{word, "Seite"}}, 0, 0));
  std::vector<PdfPage> pages;
  for (const auto& page : captured) pages.push_back(pdf_test::pdf_page(page));
  pages[1].report = nullptr;
  pages[2].label = "17 back (Anlage)";
  const auto pdf = write_pdf(pages, pdf_test::metadata());
  REQUIRE(pdf);
  CHECK(folded(pdf_test::text_of(folder.path(), *pdf)) == "erste Seite\ndritte Seite\n");
  CHECK(embedded_image_digests(*pdf)->at(2) == captured[2].image.sha256);
  const std::string json =
      pdf_test::run("qpdf --json --json-key=pagelabels " + pdf_test::saved(folder.path(), "a.pdf", *pdf));
  CHECK(json.find("17 back (Anlage)") != std::string::npos);
}

}  // namespace
}  // namespace mailroom::ocr
