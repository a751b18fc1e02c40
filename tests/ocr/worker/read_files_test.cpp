#include "ocr/worker/client/read_files.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/ocr/worker/small_pdf.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using nlohmann::json;

namespace {

std::filesystem::path write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::vector<json> read(const std::vector<std::filesystem::path>& files, int& exit_code) {
  std::ostringstream out;
  exit_code = ocr::read_files(files, out, {.worker = {.program = MAILROOM_PAGE}});
  std::istringstream lines(out.str());
  std::vector<json> result;
  for (std::string line; std::getline(lines, line);) result.push_back(json::parse(line));
  return result;
}

}  // namespace

TEST_CASE("read writes a line a page, in the order of the files") {
  const test::TemporaryFolder folder;
  const auto slow = write(folder.path() / "slow.pdf", test::small_pdf("Rathaus", 2));
  const auto quick = write(folder.path() / "quick.pgm", test::small_image(600));
  int exit_code = -1;
  const auto lines = read({slow, quick}, exit_code);
  CHECK(exit_code == 0);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["file"] == slow.string());
  CHECK(lines[0]["page"] == 1);
  CHECK(lines[1]["page"] == 2);
  CHECK(lines[1]["text"].get<std::string>().find("Rathaus") != std::string::npos);
  CHECK(lines[2]["file"] == quick.string());
  CHECK(lines[2]["blank"] == true);
  for (const auto& line : lines) {
    for (const char* key : {"file", "page", "width", "height", "dpi", "blank", "rotation", "skew_degrees",
                            "barcodes", "patch", "text"}) {
      CHECK(line.contains(key));
    }
  }
}

TEST_CASE("read tells what cannot be read, goes on and ends with 1") {
  const test::TemporaryFolder folder;
  const auto broken = write(folder.path() / "broken.pdf", "%PDF-1.7 nothing");
  const auto good = write(folder.path() / "good.pgm", test::small_image(600));
  int exit_code = -1;
  const auto lines = read({folder.path() / "absent.png", broken, good, folder.path()}, exit_code);
  CHECK(exit_code == 1);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["error"]["code"] == "not_found");
  CHECK(lines[1]["error"]["code"] == "corrupt");
  CHECK_FALSE(lines[1]["error"]["text"].get<std::string>().empty());
  CHECK(lines[2]["blank"] == true);
  CHECK(lines[3]["error"]["code"] == "invalid_input");
}
