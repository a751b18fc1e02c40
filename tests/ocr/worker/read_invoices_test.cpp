#include "ocr/worker/client/read_invoices.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/invoice/samples.h"
#include "tests/ocr/worker/small_pdf.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;

namespace {

std::vector<json> lines_about(const std::vector<std::filesystem::path>& files) {
  std::ostringstream out;
  CHECK(ocr::read_invoices(files, out, {.program = MAILROOM_PAGE}) == 0);
  std::istringstream text(out.str());
  std::vector<json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  CHECK(lines.size() == files.size());
  return lines;
}

std::filesystem::path write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

void check_term(const json& line, const std::string& name, const std::string& value) {
  CAPTURE(name);
  if (name == "syntax") CHECK(line["syntax"] == value);
  if (name == "lines") CHECK(std::to_string(line["lines"].get<int>()) == value);
  if (name.starts_with("BT-")) CHECK(line["terms"].value(name, "") == value);
}

bool has_rule(const json& line, const std::string& rule) {
  return std::any_of(line["findings"].begin(), line["findings"].end(),
                     [&](const json& finding) { return finding["rule"] == rule; });
}

}  // namespace

TEST_CASE("every PDF invoice of the samples gives the expected terms and verdict") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  std::vector<std::filesystem::path> files;
  std::vector<std::string> expected;
  for (const auto& row : table((*corpus / "EXPECTED.tsv").string(), 2)) {
    if (!row[0].starts_with("einvoice/") || !row[0].ends_with(".pdf")) continue;
    files.push_back(*corpus / row[0]);
    expected.push_back(row[1]);
  }
  CHECK(files.size() > 8);
  const auto lines = lines_about(files);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CAPTURE(files[i].filename().string(), lines[i]["findings"].dump());
    const auto parts = split(expected[i], ';');
    CHECK(lines[i]["verdict"] == (parts[0].starts_with("valid") ? "valid" : "invalid"));
    for (std::size_t part = 1; part < parts.size(); ++part) {
      const auto equals = parts[part].find('=');
      if (equals != std::string::npos)
        check_term(lines[i], parts[part].substr(1, equals - 1), parts[part].substr(equals + 1));
    }
  }
}

TEST_CASE("nothing among the broken samples stops or kills the reading of invoices") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(*corpus / "broken"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const auto start = std::chrono::steady_clock::now();
  for (const json& line : lines_about(files)) {
    CAPTURE(line.dump());
    CHECK(line["decision"] == "clarify");
    CHECK_FALSE(line["findings"].empty());
    CHECK_FALSE(line["findings"][0]["text"].get<std::string>().empty());
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("an invoice that came by e-mail is found among its attachments") {
  const TemporaryFolder folder;
  const auto xml = small_invoice();
  const auto mail =
      write(folder.path() / "r.eml",
            "From: a@example.org\r\nSubject: Rechnung\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\n\r\nAnbei die Rechnung.\r\n--b\r\nContent-Type: application/octet-stream; name=x.bin\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n" +
                to_base64(as_bytes(xml)) + "\r\n--b--\r\n");
  const auto line = lines_about({mail})[0];
  CHECK(line["syntax"] == "UBL-Invoice");
  CHECK(line["terms"]["BT-112"] == "119.00");
  CHECK(line["decision"] == "pass");
}

TEST_CASE("files without an invoice, empty and absent ones get a line with a finding") {
  const TemporaryFolder folder;
  const auto pdf = write(folder.path() / "letter.pdf", small_pdf("Rathaus", 1));
  const auto empty = write(folder.path() / "empty.xml", "");
  const auto lines = lines_about({pdf, empty, folder.path() / "absent.xml", folder.path()});
  CHECK(has_rule(lines[0], "MR-NO-INVOICE"));
  CHECK(has_rule(lines[1], "MR-UNREADABLE"));
  CHECK(has_rule(lines[2], "MR-UNREADABLE"));
  CHECK(has_rule(lines[3], "MR-UNREADABLE"));
  for (const auto& line : lines) CHECK(line["verdict"] == "unknown");
}

TEST_CASE("a file that kills its worker gets a finding, the next file is read") {
  const TemporaryFolder folder;
  const auto deadly = write(folder.path() / "deadly.bin", "mailroom-fault:crash");
  const auto good = write(folder.path() / "good.xml", small_invoice());
  const auto lines = lines_about({deadly, good});
  CHECK(has_rule(lines[0], "MR-UNREADABLE"));
  CHECK(lines[1]["verdict"] == "valid");
}
