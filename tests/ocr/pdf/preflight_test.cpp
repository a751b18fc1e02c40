#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <regex>

#include "ocr/paper/text_document.h"
#include "ocr/pdf/archival.h"
#include "tests/ocr/pdf/sample_pages.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

using pdf_test::BarPage;

constexpr auto kValidator =
    "java -cp /usr/share/java/preflight.jar:/usr/share/java/pdfbox2.jar:/usr/share/java/fontbox2.jar:"
    "/usr/share/java/xmpbox.jar:/usr/share/java/commons-logging.jar:/usr/share/java/javax.activation.jar:/"
    "usr/share/java/jaxb-api.jar "
    "org.apache.pdfbox.preflight.Validator_A1b ";

bool can_validate() {
  const bool can = std::filesystem::exists("/usr/share/java/preflight.jar") &&
                   std::filesystem::exists("/usr/share/java/javax.activation.jar") &&
                   std::filesystem::exists("/usr/share/java/jaxb-api.jar") &&
                   std::system("java -version >/dev/null 2>&1") == 0;
  if (!can)
    std::cout
        << "[skipped] java, libpdfbox2-java, libactivation-java and libjaxb-api-java are not all here\n";
  return can;
}

// PDFBox judges PDF/A-1b only; the objects are 1b-compatible, so the same file claiming part 1 must
// pass. The two digits are equally long: no offset moves.
Bytes claiming_part_1(Bytes pdf) {
  const std::string_view claim = "<pdfaid:part>2";
  const auto found = std::search(pdf.begin(), pdf.end(), claim.begin(), claim.end());
  REQUIRE(found != pdf.end());
  *(found + static_cast<std::ptrdiff_t>(claim.size()) - 1) = '1';
  return pdf;
}

/// The validator's exit code tells how many failed; its words are what a failed check should show.
std::string judged(const std::filesystem::path& folder) {
  return pdf_test::run(kValidator + ("batch '" + folder.string() + "' 2>&1 || true"));
}

TEST_CASE("PDFBox preflight finds nothing to object to in what the house draws for people") {
  if (!can_validate()) return;
  const test::TemporaryFolder folder;
  const std::vector<TextBlock> blocks{{TextBlock::Kind::title, "Rechnung RE-1"},
                                      {TextBlock::Kind::heading, "Beträge"},
                                      {TextBlock::Kind::paragraph, "Zahlbetrag 119,00 € · Größe „Ω“"},
                                      {TextBlock::Kind::item, "erstens"}};
  const auto drawn = text_document_pdf(blocks, "Rechnung", "26-00001-1", "2026-11-05T09:00:00Z").value();
  const auto archival = as_archival(drawn, pdf_test::metadata()).value();
  CHECK(archival == as_archival(drawn, pdf_test::metadata()).value());
  pdf_test::saved(folder.path(), "drawn.pdf", claiming_part_1(archival));
  const std::string report = judged(folder.path());
  INFO(report);
  // Part 1 wants the glyphs of a subset listed (ISO 19005-1 §6.3.5), part 2 does not: nothing else may be wrong.
  const std::regex objection("(^|\n)[0-9]+[.][0-9.]+ : ");
  CHECK(std::distance(std::sregex_iterator(report.begin(), report.end(), objection), {}) == 1);
  CHECK(report.find("3.1.11 : ") != std::string::npos);
}

TEST_CASE("what is no PDF is not made archival") {
  CHECK(as_archival(as_bytes("hello"), pdf_test::metadata()).error().code == Errc::corrupt);
}

TEST_CASE("PDFBox preflight finds nothing to object to in any kind of page") {
  if (!can_validate()) return;
  const test::TemporaryFolder folder;
  const std::vector<std::vector<std::string>> lines{
      {"Gr\xC3\xBC\xC3\x9F"
       "e",
       "\xE2\x82\xAC", "\xF0\x9D\x94\x84"}};
  const BarPage grey = pdf_test::bar_page(lines, 90, 1.5);
  const BarPage colour = pdf_test::bar_page(lines, 180, -2, 3);
  const BarPage bilevel = pdf_test::bar_page(lines, 0, 0, 1, 1);
  auto without_text = pdf_test::pdf_page(grey);
  without_text.report = nullptr;
  auto cropped = pdf_test::pdf_page(colour);
  cropped.crop = Box{10, 10, 300, 300};
  const std::vector<std::vector<PdfPage>> documents{{pdf_test::pdf_page(grey)},
                                                    {pdf_test::pdf_page(colour), cropped},
                                                    {pdf_test::pdf_page(bilevel)},
                                                    {without_text}};
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto pdf = write_pdf(documents[i], pdf_test::metadata());
    REQUIRE(pdf);
    pdf_test::saved(folder.path(), std::to_string(i) + ".pdf", claiming_part_1(*pdf));
  }
  const auto claiming_part_2 = write_pdf(documents[0], pdf_test::metadata());
  pdf_test::saved(folder.path(), "judge.pdf", *claiming_part_2);  // the judge must object to this one

  const std::string report = judged(folder.path());
  INFO(report);
  int valid = 0;
  for (auto at = report.find("is a valid PDF/A-1b"); at != std::string::npos;
       at = report.find("is a valid PDF/A-1b", at + 1)) {
    ++valid;
  }
  CHECK(valid == 4);
  CHECK(report.find("judge.pdf is not a valid PDF/A-1b") != std::string::npos);
  CHECK(report.find("not a valid") == report.rfind("not a valid"));
}

}  // namespace
}  // namespace mailroom::ocr
