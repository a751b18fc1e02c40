#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "daemon/crypto/digest.h"
#include "tests/ocr/pdf/sample_pages.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

using pdf_test::BarPage;

BarPage good_page() {
  return pdf_test::bar_page({{"ein", "Wort"}}, 0, 0);
}

Errc refusal(const BarPage& page) {
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE_FALSE(pdf);
  CHECK(pdf.error().place.page == "page 1 of the document");
  return pdf.error().code;
}

/// Changes the captured bytes and makes the digest fit, as if they had been captured so.
template <typename Change>
BarPage changed(Change change) {
  BarPage page = good_page();
  change(page.image.bytes);
  page.image.sha256 = sha256_hex(page.image.bytes);
  return page;
}

std::size_t frame_header(const Bytes& jpeg) {
  for (std::size_t i = 2; i + 1 < jpeg.size();
       i += 2 + (static_cast<std::size_t>(jpeg[i + 2]) << 8U | jpeg[i + 3])) {
    if (jpeg[i + 1] == 0xC0) return i;
  }
  throw std::runtime_error("no baseline frame");
}

TEST_CASE("bytes that changed since capture are not sealed") {
  BarPage page = good_page();
  page.image.bytes[page.image.bytes.size() / 2] ^= 1U;
  CHECK(refusal(page) == Errc::corrupt);
}

TEST_CASE("a damaged or cut JPEG is corrupt wherever the cut is") {
  const std::size_t size = good_page().image.bytes.size();
  for (const std::size_t keep :
       {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{20}, size / 2, size - 1}) {
    INFO(keep);
    CHECK(refusal(changed([keep](Bytes& bytes) { bytes.resize(keep); })) == Errc::corrupt);
  }
  CHECK(refusal(changed([](Bytes& bytes) { bytes[2] = 0; })) == Errc::corrupt);
  CHECK(refusal(changed([](Bytes& bytes) { bytes[4] = 0xFF; })) == Errc::corrupt);  // endless segment
}

TEST_CASE("a JPEG that PDF viewers decode differently is refused") {
  const auto arithmetic = [](Bytes& bytes) { bytes[frame_header(bytes) + 1] = 0xC9; };
  const auto twelve_bits = [](Bytes& bytes) { bytes[frame_header(bytes) + 4] = 12; };
  const auto cmyk = [](Bytes& bytes) {
    const std::size_t at = frame_header(bytes);
    bytes[at + 3] = 20;
    bytes[at + 9] = 4;
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 13, {2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0});
  };
  CHECK(refusal(changed(arithmetic)) == Errc::unsupported);
  CHECK(refusal(changed(twelve_bits)) == Errc::unsupported);
  CHECK(refusal(changed(cmyk)) == Errc::unsupported);
}

TEST_CASE("a description that contradicts the bytes is refused") {
  BarPage page = good_page();
  SECTION("width") {
    page.image.width += 1;
  }
  SECTION("channels") {
    page.image.channels = 3;
  }
  SECTION("depth") {
    page.image.bits = 1;
  }
  SECTION("resolution") {
    page.image.dpi = 0;
  }
  SECTION("rotation") {
    page.report.rotation = 45;
  }
  SECTION("skew") {
    page.report.skew_degrees = std::nan("");
  }
  SECTION("word") {
    page.report.words[0].text = "\xC3\x28";
  }
  SECTION("overlong word") {
    page.report.words[0].text = "\xC0\xAF";
  }
  CHECK(refusal(page) == Errc::invalid_input);
}

TEST_CASE("a TIFF that is none is refused as a group 4 page") {
  BarPage page = pdf_test::bar_page({{"ein", "Wort"}}, 0, 0, 1, 1);
  page.image.bytes.resize(page.image.bytes.size() / 2);
  page.image.sha256 = sha256_hex(page.image.bytes);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata());
  REQUIRE_FALSE(pdf);
}

TEST_CASE("a page of more than five metres is refused, one of one pixel is not") {
  BarPage page = good_page();
  page.image.dpi = 4;  // 877 pixels become 5.57 m
  CHECK(refusal(page) == Errc::unsupported);
  page.image.dpi = 2400;
  page.report.words.clear();
  CHECK(write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata()));
}

TEST_CASE("a document without pages is refused") {
  CHECK(write_pdf({}, pdf_test::metadata()).error().code == Errc::invalid_input);
}

TEST_CASE("every damage to a sealed PDF shows: no digests or other digests") {
  const BarPage page = good_page();
  const Bytes pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata()).value();
  const std::vector expected{page.image.sha256};
  CHECK(embedded_image_digests(as_bytes("%PDF-1.4 not really")).error().code == Errc::corrupt);
  CHECK(embedded_image_digests({}).error().code == Errc::corrupt);
  for (std::size_t keep = 0; keep < pdf.size(); keep += 997) {
    INFO(keep);
    CHECK_FALSE(embedded_image_digests(ByteView(pdf).first(keep)));
  }
  Bytes swapped = pdf;
  const auto image =
      std::search(swapped.begin(), swapped.end(), page.image.bytes.begin(), page.image.bytes.end());
  REQUIRE(image != swapped.end());
  *(image + 400) ^= 1U;
  CHECK(embedded_image_digests(swapped).value() != expected);
}

TEST_CASE("an encrypted PDF has no digests to show") {
  const test::TemporaryFolder folder;
  const BarPage page = good_page();
  const Bytes pdf = write_pdf(std::vector{pdf_test::pdf_page(page)}, pdf_test::metadata()).value();
  const std::string out = (folder.path() / "locked.pdf").string();
  pdf_test::run("qpdf --encrypt a b 256 -- " + pdf_test::saved(folder.path(), "open.pdf", pdf) + " " + out);
  CHECK(embedded_image_digests(as_bytes(pdf_test::run("cat " + out))).error().code == Errc::corrupt);
}

}  // namespace
}  // namespace mailroom::ocr
