#include "ocr/render/pdf_pages.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "tests/ocr/worker/small_pdf.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;

TEST_CASE("a PDF page becomes pixels at the resolution asked for") {
  const auto pdf = ocr::PdfPages::open(as_bytes(test::small_pdf("Rathaus", 2)));
  REQUIRE(pdf.has_value());
  CHECK(pdf->count() == 2);
  const auto page = pdf->page(2, 100);
  REQUIRE(page.has_value());
  CHECK(page->dpi == 100);
  CHECK(std::abs(page->width - 583) <= 1);
  CHECK(std::abs(page->height - 826) <= 1);
  CHECK(page->data.size() == std::size_t(page->width) * std::size_t(page->height) * 3);
  CHECK(std::count(page->data.begin(), page->data.end(), 0) > 300);
}

TEST_CASE("a page that would be too large is drawn smaller, one of impossible size is refused") {
  const auto pdf = ocr::PdfPages::open(as_bytes(test::small_pdf("A")), {.max_pixels = 1'000'000});
  REQUIRE(pdf.has_value());
  const auto page = pdf->page(1, 300);
  REQUIRE(page.has_value());
  CHECK(page->dpi < 300);
  CHECK(std::uint64_t(page->width) * std::uint64_t(page->height) <= 1'010'000);
  const auto tiny = ocr::PdfPages::open(as_bytes(test::small_pdf("A")), {.max_pixels = 1'000});
  REQUIRE(tiny.has_value());
  CHECK(tiny->page(1).error().code == Errc::refused);
}

TEST_CASE("a page number outside the PDF and too many pages are errors") {
  const auto pdf = ocr::PdfPages::open(as_bytes(test::small_pdf("A")));
  CHECK(pdf->page(2).error().code == Errc::corrupt);
  CHECK(pdf->page(0).error().code == Errc::corrupt);
  const auto long_one = ocr::PdfPages::open(as_bytes(test::small_pdf("A", 5)), {.max_pages = 4});
  REQUIRE_FALSE(long_one.has_value());
  CHECK(long_one.error().code == Errc::refused);
}

TEST_CASE("what is no PDF is corrupt, what is encrypted is refused") {
  CHECK(ocr::PdfPages::open({}).error().code == Errc::corrupt);
  CHECK(ocr::PdfPages::open(as_bytes("%PDF-1.7 nothing")).error().code == Errc::corrupt);
  CHECK_FALSE(ocr::looks_like_pdf(as_bytes("a letter")));
  const auto corpus = test::shared_folder("corpus");
  if (!corpus) return;
  const auto bytes = read_file(*corpus / "broken" / "pypdf__encrypted-file.pdf").value();
  CHECK(ocr::PdfPages::open(bytes).error().code == Errc::refused);
}

TEST_CASE("the fonts and character maps for drawing are known after the warm-up") {
  REQUIRE(ocr::warm_up_fonts());
  CHECK_FALSE(ocr::files_for_drawing().empty());
}
