#include "daemon/app/setup.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "daemon/app/arguments.h"
#include "daemon/app/foundation.h"
#include "daemon/app/separators.h"
#include "tests/support/places.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::app;
using nlohmann::json;

namespace {

const Configuration& shipped() {
  static const auto configuration = load_configuration(source_path("config"));
  return configuration.value();
}

std::map<std::string, std::string> files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string()] = test::text_of(entry.path());
  }
  return files;
}

int pages_of(const test::TemporaryFolder& folder, const Bytes& pdf) {
  const auto file = folder.path() / "sheets.pdf";
  std::ofstream(file, std::ios::binary) << as_text(pdf);
  const auto told = test::shell("pdfinfo " + file.string() + " | sed -n 's/^Pages: *//p'");
  REQUIRE(told.code == 0);
  return std::stoi(told.output);
}

}  // namespace

TEST_CASE("setting up twice keeps every file of the first time") {
  test::TemporaryFolder folder;
  const Folders folders{source_path("config"), folder.path() / "data", folder.path() / "runtime"};
  CHECK(lay_foundation(folders).error().code == Errc::not_found);
  CHECK(lay_foundation(folders).error().remedy.find("mailroomctl setup") != std::string::npos);
  std::ostringstream first;
  REQUIRE(set_up(folders, shipped(), first));
  CHECK(first.str().find("identity ca: made") != std::string::npos);
  const auto before = files_in(folders.data);
  std::ostringstream second;
  REQUIRE(set_up(folders, shipped(), second));
  CHECK(second.str().find("made,") == std::string::npos);
  CHECK(files_in(folders.data) == before);
  const auto foundation = lay_foundation(folders);
  if (!foundation) FAIL(foundation.error().message());
  CHECK(foundation->certificates.count("hr") == 1);
  const auto other = lay_foundation(folders);
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Errc::busy);
}

TEST_CASE("routing sheets are printed for every class and department, and by wish") {
  test::TemporaryFolder folder;
  const auto key = new_routing_key();
  const int targets = int(shipped().classes.size() * shipped().departments.size());
  CHECK(pages_of(folder, separators_pdf(shipped(), key, {}).value()) == targets + 5);
  CHECK(pages_of(folder,
                 separators_pdf(shipped(), key,
                                {.document_class = "letter", .department = "bauamt", .kind = "document"})
                     .value()) == 1);
  CHECK(pages_of(folder, separators_pdf(shipped(), key, {.kind = "patch_t"}).value()) == 1);
  CHECK(pages_of(folder, separators_pdf(shipped(), key, {.kind = "count", .count = 12}).value()) == 1);
}

TEST_CASE("routing sheets that cannot be made are refused with a reason") {
  const auto key = new_routing_key();
  CHECK(separators_pdf(shipped(), key, {.document_class = "nonsense"}).error().code == Errc::not_found);
  CHECK(separators_pdf(shipped(), key, {.department = "nonsense"}).error().code == Errc::not_found);
  CHECK(separators_pdf(shipped(), key, {.kind = "nonsense"}).error().code == Errc::invalid_input);
  CHECK(separators_pdf(shipped(), key, {.kind = "count"}).error().code == Errc::invalid_input);
}

TEST_CASE("arguments of a command are read or refused by name, whatever they hold") {
  const json words = {{"text", "a"},
                      {"number", 7},
                      {"list", json::array()},
                      {"huge", 18446744073709551615ULL},
                      {"below", -1}};
  CHECK(text_of(words, "text").value() == "a");
  CHECK(text_of(words, "missing").value().empty());
  CHECK(text_of(words, "number").error().code == Errc::invalid_input);
  CHECK(needed(words, "missing").error().what.find("'missing'") != std::string::npos);
  CHECK(number_of(words, "number", 1, 9).value() == 7);
  CHECK(number_of(words, "missing", 1, 9).value() == 1);
  for (const char* name : {"text", "list", "huge", "below"}) {
    CHECK(number_of(words, name, 1, 9).error().code == Errc::invalid_input);
  }
  CHECK(check_known(words, {"text", "number", "list", "huge", "below"}));
  CHECK(check_known(words, {"text"}).error().code == Errc::invalid_input);
}
