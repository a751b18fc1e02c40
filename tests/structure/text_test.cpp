#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <regex>
#include <set>

#include "daemon/base/error.h"
#include "tests/structure/source_tree.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

namespace fs = std::filesystem;
using namespace mailroom::test;

namespace {

const fs::path kRoot = source_path();

std::vector<fs::path> pages_below(const fs::path& folder) {
  std::vector<fs::path> pages;
  if (!fs::is_directory(folder)) return pages;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  return pages;
}

std::set<std::string> matches_in(const std::string& text, const char* pattern) {
  std::set<std::string> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

void require_none(const std::vector<std::string>& findings) {
  std::string text;
  for (const auto& finding : findings) text += "\n  " + finding;
  INFO("Found:" << text);
  CHECK(findings.empty());
}

}  // namespace

TEST_CASE("no source file is longer than 600 lines", "[structure]") {
  std::vector<std::string> findings;
  for (const auto& file : read_sources(kRoot, {"daemon", "drivers", "ocr", "firmware", "tests"}))
    if (file.lines >= 600) findings.push_back(file.path + " has " + std::to_string(file.lines) + " lines");
  require_none(findings);
}

TEST_CASE("no source promises work instead of doing it", "[structure]") {
  // The third one counts in comments only: ISO 4217 has a code of that name.
  const std::regex promise(
      "\\b(TO"
      "DO|FIX"
      "ME)\\b|//\\s*XX"
      "X\\b");
  std::vector<std::string> findings;
  for (const auto& file : read_sources(kRoot, {"daemon", "drivers", "ocr", "firmware", "tests"}))
    if (std::regex_search(file.text, promise)) findings.push_back(file.path);
  require_none(findings);
}

TEST_CASE("the architecture page leads to every format page", "[structure]") {
  const auto architecture = text_of(kRoot / "docs/architecture.md");
  std::vector<std::string> findings;
  for (const auto& page : pages_below(kRoot / "docs/formats"))
    if (architecture.find("(formats/" + page.filename().string()) == std::string::npos)
      findings.push_back(page.filename().string() + " is not linked from docs/architecture.md");
  require_none(findings);
}

TEST_CASE("every link between our pages leads somewhere", "[structure]") {
  auto pages = pages_below(kRoot / "docs");
  pages.push_back(kRoot / "README.md");
  std::vector<std::string> findings;
  for (const auto& page : pages)
    for (const auto& target : matches_in(text_of(page), "\\]\\(([^)#:]+)(#[^)]*)?\\)"))
      if (!fs::exists(page.parent_path() / target))
        findings.push_back(fs::relative(page, kRoot).string() + " links to " + target);
  require_none(findings);
}

TEST_CASE("every error code is explained with its remedy", "[structure]") {
  const auto page = text_of(kRoot / "docs/errors.md");
  std::vector<std::string> findings;
  const auto last = static_cast<int>(mailroom::Errc::unreachable);
  for (int code = 0; code <= last; ++code) {
    const std::string name(mailroom::name_of(static_cast<mailroom::Errc>(code)));
    if (page.find("| `" + name + "` |") == std::string::npos) findings.push_back(name);
  }
  require_none(findings);
}

TEST_CASE("every kill point is listed, and nothing else is", "[structure]") {
  std::set<std::string> in_code;
  for (const auto& file : read_sources(kRoot, {"daemon", "drivers", "ocr"})) {
    const auto here = matches_in(file.text, "kill_point\\(\"([a-z0-9_.-]+)\"\\)");
    in_code.insert(here.begin(), here.end());
  }
  const auto page = text_of(kRoot / "docs/invariants.md");
  const auto list = page.substr(std::min(page.size(), page.find("## Kill points")));
  const auto in_page = matches_in(list, "\n\\| `([a-z0-9_.-]+)` \\|");
  std::vector<std::string> findings;
  std::set_symmetric_difference(in_code.begin(), in_code.end(), in_page.begin(), in_page.end(),
                                std::back_inserter(findings));
  require_none(findings);
}
