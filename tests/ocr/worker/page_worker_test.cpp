#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "ocr/worker/client/page_client.h"
#include "tests/ocr/worker/small_pdf.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using test::small_image;
using test::small_pdf;

namespace {

ocr::PageWorker started() {
  auto worker = ocr::PageWorker::start({.program = MAILROOM_PAGE});
  if (!worker) FAIL(worker.error().message());
  return std::move(*worker);
}

std::vector<Result<PageReport>> pages_of(ocr::PageWorker& worker, const std::string& file) {
  std::vector<Result<PageReport>> pages;
  const auto count = worker.read_file(as_bytes(file), {}, [&](int page, Result<PageReport> report) {
    CHECK(page == int(pages.size()) + 1);
    pages.push_back(std::move(report));
  });
  if (!count) FAIL(count.error().message());
  CHECK(*count == int(pages.size()));
  return pages;
}

}  // namespace

TEST_CASE("a PDF whose fonts are not embedded is drawn and read behind the shut sandbox") {
  auto worker = started();
  const auto pages = pages_of(worker, small_pdf("Eingang der Stadt", 3));
  REQUIRE(pages.size() == 3);
  for (const auto& page : pages) {
    REQUIRE(page.has_value());
    CHECK(page->text.find("Eingang der Stadt") != std::string::npos);
    CHECK(page->dpi == 300);
    CHECK_FALSE(page->blank);
    CHECK(page->words.size() == 6);
  }
}

TEST_CASE("an empty page is blank and is not read") {
  auto worker = started();
  const auto report = worker.read_page(as_bytes(small_image(900)), {});
  REQUIRE(report.has_value());
  CHECK(report->blank);
  CHECK_FALSE(report->recognised);
  CHECK(report->width == 900);
}

TEST_CASE("text is left alone when nobody wants it") {
  auto worker = started();
  std::vector<PageReport> pages;
  REQUIRE(worker.read_file(as_bytes(small_pdf("Eingang")), {.recognise = false},
                           [&](int, Result<PageReport> page) { pages.push_back(page.value()); }));
  REQUIRE(pages.size() == 1);
  CHECK_FALSE(pages[0].recognised);
  CHECK(pages[0].text.empty());
}

TEST_CASE("an image of one pixel is a page like any other") {
  auto worker = started();
  const auto report = worker.read_page(as_bytes(small_image(1)), {});
  REQUIRE(report.has_value());
  CHECK(report->width == 1);
}

TEST_CASE("bytes that are no page give a clear error and the worker goes on") {
  auto worker = started();
  for (const std::string& bytes :
       {std::string(), std::string("hello"), std::string("%PDF-1.7 nothing follows"),
        std::string("\xff\xd8\xff\xe0 cut off"), std::string("P5\n99999999 99999999\n255\n")}) {
    const auto report = worker.read_page(as_bytes(bytes), {});
    REQUIRE_FALSE(report.has_value());
    const auto code = report.error().code;
    CHECK((code == Errc::corrupt || code == Errc::unsupported || code == Errc::refused ||
           code == Errc::invalid_input));
    CHECK_FALSE(report.error().what.empty());
    CHECK(worker.alive());
  }
}

TEST_CASE("a file of two pages is not taken for one page") {
  auto worker = started();
  const auto report = worker.read_page(as_bytes(small_pdf("zwei", 2)), {});
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == Errc::invalid_input);
}

TEST_CASE("a missing model or program is named when the worker starts") {
  const auto no_model = ocr::PageWorker::start({.program = MAILROOM_PAGE, .languages = {"klingon"}});
  REQUIRE_FALSE(no_model.has_value());
  CHECK(no_model.error().code == Errc::not_found);
  CHECK(no_model.error().what.find("klingon") != std::string::npos);
  const auto no_program = ocr::PageWorker::start({.program = "/nowhere/mailroom-page"});
  REQUIRE_FALSE(no_program.has_value());
  CHECK(no_program.error().code == Errc::not_found);
}

TEST_CASE("every broken file of the corpus gives pages or a clear error, and never kills the worker") {
  const auto corpus = test::shared_folder("corpus");
  if (!corpus) return;
  auto worker = started();
  for (const auto& entry : std::filesystem::directory_iterator(*corpus / "broken")) {
    if (entry.path().extension() != ".pdf" && entry.path().extension() != ".tif") continue;
    const auto bytes = read_file(entry.path());
    REQUIRE(bytes.has_value());
    INFO(entry.path().filename());
    const auto done = worker.read_file(*bytes, {.recognise = false}, [](int, const Result<PageReport>& page) {
      if (!page) CHECK_FALSE(page.error().what.empty());
    });
    if (!done) CHECK_FALSE(done.error().what.empty());
    CHECK(worker.alive());
    if (entry.path().filename() == "pypdf__encrypted-file.pdf") {
      REQUIRE_FALSE(done.has_value());
      CHECK(done.error().code == Errc::refused);
    }
  }
}
