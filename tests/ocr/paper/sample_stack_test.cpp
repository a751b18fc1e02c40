#include "ocr/paper/sample_stack.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/base/durable_file.h"
#include "ocr/barcode/read_codes.h"
#include "ocr/image/inspection.h"
#include "ocr/image/only_codes.h"
#include "ocr/image/skew.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

SampleStackRequest request_in(const std::filesystem::path& folder) {
  SampleStackRequest request{.folder = folder / "stack", .truth = folder / "truth.json"};
  request.letter = {"letter", "LET", "Brief"};
  request.invoice = {"invoice", "INV", "Rechnung"};
  request.personnel = {"personnel", "PER", "Personalangelegenheit"};
  request.first_department = {"citizens", "3300", "Bürgerbüro"};
  request.second_department = {"order", "3200", "Ordnungsamt"};
  request.finance_department = {"finance", "2000", "Fachdienst Finanzen"};
  request.personnel_department = {"staff", "1100", "Fachdienst Personal"};
  request.payload = [](std::string_view kind, std::string_view document_class, std::string_view department) {
    return "T1-" + std::string(kind) + "-" + std::string(document_class) + "-" + std::string(department);
  };
  return request;
}

/// Drawing takes a second or two: the sections of one test case share the stack.
struct Drawn {
  test::TemporaryFolder folder;
  SampleStackRequest request = request_in(folder.path());
  SampleStack stack = draw_sample_stack(request).value();

  [[nodiscard]] Pixels pixels(const SampleSide& side) const {
    return decode_images(read_file(request.folder / side.file).value()).value().front();
  }
};

const Drawn& drawn() {
  static const Drawn kDrawn;
  return kDrawn;
}

std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

void check_files() {
  const auto& sides = drawn().stack.sides;
  CHECK(sides.size() >= 24);
  const auto files = files_in(drawn().request.folder);
  REQUIRE(files.size() == sides.size());
  auto file = files.begin();
  for (std::size_t i = 0; i < sides.size(); ++i, ++file) {
    CHECK(sides[i].file == *file);
    CHECK(sides[i].sheet == static_cast<int>(i / 2) + 1);
    CHECK(sides[i].side == (i % 2 == 0 ? Side::front : Side::back));
  }
}

void check_documents() {
  const auto& stack = drawn().stack;
  std::set<std::string> letters_to;
  int invoices = 0;
  int personnel = 0;
  int urgent = 0;
  for (const auto& document : stack.documents) {
    if (document.document_class == "letter") letters_to.insert(document.department);
    if (document.document_class == "invoice") ++invoices;
    if (document.document_class == "personnel") ++personnel;
    if (document.priority == Priority::urgent) ++urgent;
    for (const auto& text : document.pages) CHECK(text.size() > 200);
  }
  CHECK(letters_to.size() == 2);
  CHECK(invoices == 1);
  CHECK(personnel == 1);
  CHECK(urgent == 1);
  const auto upside_down = [](const SampleSide& side) { return side.rotation == 180; };
  const auto askew = [](const SampleSide& side) { return side.skew_degrees != 0; };
  CHECK(std::count_if(stack.sides.begin(), stack.sides.end(), upside_down) == 1);
  CHECK(std::count_if(stack.sides.begin(), stack.sides.end(), askew) == 1);
}

void check_blanks() {
  for (const auto& side : drawn().stack.sides) {
    INFO(side.file);
    CHECK(inspect(drawn().pixels(side)).blank == (side.role == PageRole::blank));
  }
}

void check_separators() {
  int patches = 0;
  std::vector<std::string> payloads;
  for (const auto& side : drawn().stack.sides) {
    if (side.role == PageRole::blank) continue;
    INFO(side.file);
    const Pixels page = drawn().pixels(side);
    const auto read = read_page_codes(page, true).value();
    CHECK(read.codes.empty() == (side.role == PageRole::content));
    if (side.role != PageRole::separator) continue;
    std::vector<Box> boxes;
    for (const auto& code : read.codes) boxes.push_back(code.box);
    CHECK(only_codes(page, boxes));
    if (read.patch == "PATCHT") ++patches;
    const auto qr = std::find_if(read.codes.begin(), read.codes.end(),
                                 [](const Code& code) { return code.symbology == "QRCode"; });
    if (qr != read.codes.end()) payloads.push_back(qr->text);
  }
  CHECK(patches == 1);
  CHECK(payloads == std::vector<std::string>{"T1-batch--", "T1-class-LET-3300", "T1-document-LET-3200",
                                             "T1-urgent--", "T1-document-LET-3200", "T1-document-INV-2000",
                                             "T1-document-PER-1100"});
}

void check_skew() {
  for (const auto& side : drawn().stack.sides) {
    if (side.role != PageRole::content) continue;
    INFO(side.file);
    CHECK(skew_of(drawn().pixels(side)) == Approx(side.skew_degrees).margin(0.25));
  }
}

void check_truth() {
  const auto bytes = read_file(drawn().request.truth).value();
  const auto truth = nlohmann::json::parse(as_text(bytes));
  const auto& stack = drawn().stack;
  REQUIRE(truth["sides"].size() == stack.sides.size());
  REQUIRE(truth["documents"].size() == stack.documents.size());
  for (std::size_t i = 0; i < stack.documents.size(); ++i) {
    const auto& entry = truth["documents"][i];
    CHECK(entry["class"] == stack.documents[i].document_class);
    CHECK(entry["department"] == stack.documents[i].department);
    CHECK(entry["priority"] == name_of(stack.documents[i].priority));
    CHECK(entry["pages"] == stack.documents[i].pages);
    CHECK(entry["page_count"] ==
          std::count_if(stack.sides.begin(), stack.sides.end(), [&](const SampleSide& side) {
            return side.document == static_cast<int>(i) && side.role == PageRole::content;
          }));
  }
}

void check_repetition() {
  const test::TemporaryFolder folder;
  const auto request = request_in(folder.path());
  REQUIRE(draw_sample_stack(request));
  for (const auto& side : drawn().stack.sides) {
    INFO(side.file);
    CHECK(read_file(request.folder / side.file).value() ==
          read_file(drawn().request.folder / side.file).value());
  }
}

TEST_CASE("the sample stack is what it says it is") {
  SECTION("the files, sorted by name, are the stack: fronts and backs in turn") {
    check_files();
  }
  SECTION("the stack holds what the main job is about") {
    check_documents();
  }
  SECTION("blank sides look blank, shining through or not, and all others do not") {
    check_blanks();
  }
  SECTION("separators act and carry what the caller made, content carries no code") {
    check_separators();
  }
  SECTION("the skewed page leans as the truth says, the others stand straight") {
    check_skew();
  }
  SECTION("the truth file says the same as the answer") {
    check_truth();
  }
  SECTION("the same request draws the same stack") {
    check_repetition();
  }
}

TEST_CASE("a folder that holds something is left alone") {
  const test::TemporaryFolder folder;
  auto request = request_in(folder.path());
  std::filesystem::create_directories(request.folder);
  std::ofstream(request.folder / "letter.pdf") << "mine";
  const auto stack = draw_sample_stack(request);
  REQUIRE_FALSE(stack);
  CHECK(stack.error().code == Errc::conflict);
  CHECK(files_in(request.folder) == std::set<std::string>{"letter.pdf"});
}

TEST_CASE("a payload that no sheet can carry is an error") {
  const test::TemporaryFolder folder;
  auto request = request_in(folder.path());
  request.payload = [](auto, auto, auto) { return std::string("Büro"); };
  CHECK(draw_sample_stack(request).error().code == Errc::invalid_input);
}

}  // namespace
}  // namespace mailroom::ocr
