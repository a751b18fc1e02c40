#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "daemon/base/durable_file.h"
#include "ocr/barcode/read_codes.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

/// `text="..."` of the samples' table, its escapes resolved.
std::string quoted_text(const std::string& expected) {
  std::string text;
  for (std::size_t i = expected.find('"') + 1; i < expected.size() && expected[i] != '"'; ++i) {
    if (expected[i] != '\\') {
      text += expected[i];
      continue;
    }
    const char escaped = expected[++i];
    text += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
  }
  return text;
}

std::map<std::string, std::string> expectations(const std::filesystem::path& table) {
  std::map<std::string, std::string> found;
  std::ifstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    const auto tab = line.find('\t');
    if (line.starts_with("barcode/") && tab != std::string::npos)
      found[line.substr(8, tab - 8)] = line.substr(tab + 1);
  }
  return found;
}

std::vector<Code> codes_of(const std::filesystem::path& file) {
  const auto images = decode_grey(*read_file(file));
  if (!images) FAIL(images.error().message());
  auto codes = read_codes(images->front(), Depth::full);
  if (!codes) FAIL(codes.error().message());
  return *std::move(codes);
}

bool has_text(const std::vector<Code>& codes, const std::string& text) {
  return std::any_of(codes.begin(), codes.end(), [&](const Code& code) { return code.text == text; });
}

/// Cut-outs of 8 to 11 rows that no engine of Debian 12 reads, and Code 32, which none knows.
const std::vector<std::string> kBeyondTheEngines = {"ean13-1__#526.webp", "rss14-1__0120358468019312.webp",
                                                    "code39-1__code32-1.png"};

}  // namespace

TEST_CASE("full depth reads the sample codes exactly and sees none where there is none") {
  const auto corpus = mailroom::test::shared_folder("corpus");
  if (!corpus) return;
  int checked = 0;
  for (const auto& [name, expected] : expectations(*corpus / "EXPECTED.tsv")) {
    if (name.ends_with(".pdf")) continue;
    if (std::count(kBeyondTheEngines.begin(), kBeyondTheEngines.end(), name) != 0) continue;
    const auto codes = codes_of(*corpus / "barcode" / name);
    INFO(name << ": " << expected);
    if (expected.starts_with("text=")) {
      CHECK(has_text(codes, quoted_text(expected)));
      CHECK(codes.size() == 1);
      ++checked;
    } else if (expected.starts_with("no barcode")) {
      CHECK(codes.empty());
      ++checked;
    }
  }
  CHECK(checked >= 30);
}

TEST_CASE("bytes of a GiroCode come back as they are printed") {
  const auto corpus = mailroom::test::shared_folder("corpus");
  if (!corpus) return;
  const auto codes = codes_of(*corpus / "barcode" / "py-epc-qr__qr_wikimedia.png");
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].text.find("Wikimedia F\xC3\xB6rdergesellschaft") != std::string::npos);
  const Bytes bytes = *from_base64(codes[0].bytes);
  CHECK(as_text(bytes).find("F\xC3\xB6rder") != std::string_view::npos);
}

TEST_CASE("letters without codes are not suspicious and show none, even where separators may come") {
  const auto pages = mailroom::test::shared_folder("pages");
  if (!pages) return;
  for (const char* name : {"p01.jpg", "p06.jpg", "p09.jpg", "p10.jpg", "p11.jpg"}) {
    const auto images = decode_grey(*read_file(*pages / name));
    const auto read = read_page_codes(images->front(), true);
    REQUIRE(read);
    INFO(name);
    CHECK(read->codes.empty());
    CHECK_FALSE(read->searched_fully);
  }
}
