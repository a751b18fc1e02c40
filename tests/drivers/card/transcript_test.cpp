#include <fstream>
#include <sstream>

#include "tests/drivers/card/reading_scene.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

struct Line {
  std::string command;  ///< class, instruction, parameters
  std::string data, answer;
  std::string status;
};

std::string meaning_of(const std::string& command, std::size_t general) {
  if (command == "00a4020c") return "select a file";
  if (command == "00b00000") return "read it";
  if (command.rfind("00b08", 0) == 0 || command.rfind("00b09", 0) == 0)
    return "data group " + std::to_string(std::stoul(command.substr(4, 2), nullptr, 16) & 0x1FU);
  if (command.rfind("00b0", 0) == 0) return "read on";
  if (command == "0022c1a4")
    return "PACE: protocol (80), password (83: 02 CAN, 03 PIN), rights asked for (7F4C)";
  if (command == "10860000") {
    const char* steps[] = {"PACE: the nonce, encrypted with the password (80)", "PACE: mapping keys (81, 82)",
                           "PACE: keys on the mapped generator (83, 84)"};
    return steps[general % 3];
  }
  if (command == "00860000" && general == 3)
    return "PACE: tokens (85, 86); the card names the CVCA it trusts (87). Protected from here on";
  if (command == "00860000" && general == 4)
    return "chip authentication: our key (80), nonce (81), token (82). New keys from here on";
  if (command == "00860000") return "pseudonym: sector key (A0), pseudonym (81)";
  if (command == "002281b6") return "terminal authentication: whose key verifies the next certificate (83)";
  if (command == "002a00be") return "terminal authentication: a certificate";
  if (command == "002281a4")
    return "terminal authentication: scheme (80), our name (83), what to compare (67), key for the chip (91)";
  if (command == "00840000") return "terminal authentication: a challenge";
  if (command == "00820000") return "terminal authentication: signature by the HSM";
  if (command == "002241a4")
    return general == 4 ? "chip authentication: protocol (80)" : "pseudonym: protocol (80), key (84)";
  if (command == "00a4040c") return "select the eID application";
  if (command == "80208000") return "compare: is the card valid, is the holder old enough";
  return "";
}

std::string shortened(const std::string& digits) {
  return digits.size() <= 64 ? digits
                             : digits.substr(0, 56) + "... (" + std::to_string(digits.size() / 2) + ")";
}

std::string row_of(std::size_t number, const Line& line, const std::string& meaning) {
  return "| " + std::to_string(number) + " | " + meaning + " | `" + line.command + "` | `" +
         shortened(line.data) + "` | `" + shortened(line.answer) + "` `" + line.status + "` |";
}

std::vector<std::string> table_of(const std::vector<Line>& lines) {
  std::vector<std::string> rows{"| | what | command | its data | answer |", "|---|---|---|---|---|"};
  std::size_t general = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    rows.push_back(row_of(i + 1, lines[i], meaning_of(lines[i].command, general)));
    if (lines[i].command.substr(2, 2) == "86") ++general;
  }
  return rows;
}

/// Number, meaning and command of a row: what is the same in every reading.
std::string fixed_part(const std::string& row) {
  std::size_t at = 0;
  for (int column = 0; column < 4 && at != std::string::npos; ++column)
    at = row.find('|', at + (column == 0 ? 0 : 1));
  return row.substr(0, at);
}

}  // namespace

TEST_CASE("the reading explained in docs/eid.md is the one that is sent", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  std::vector<Line> lines;
  card.on_exchange = [&](const CommandApdu& command, const ResponseApdu& answer) {
    const Bytes header{command.cla, command.ins, command.p1, command.p2};
    lines.push_back({to_hex(header), to_hex(command.data), to_hex(answer.data), status_text(answer.status)});
  };
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::kiosk, papers, key);
  const ReadOrder order{{{4, 5, 17}, 18, {}, true}, {}, SoftwarePin::pin("123456")};
  const auto reading = scene.read(terminal, order);
  REQUIRE(outcome_of(reading) == "read");
  const auto rows = table_of(lines);
  if (const char* file = std::getenv("MAILROOM_TRANSCRIPT")) {
    std::ofstream out(file);
    for (const auto& row : rows) out << row << '\n';
  }

  const std::string page = text_of(source_path("docs/eid.md"));
  const auto begin = page.find("<!-- transcript -->"), end = page.find("<!-- /transcript -->");
  REQUIRE(begin != std::string::npos);
  std::istringstream table(page.substr(begin, end - begin));
  std::vector<std::string> printed;
  for (std::string line; std::getline(table, line);) {
    if (line.rfind("| ", 0) == 0) printed.push_back(fixed_part(line));
  }
  std::vector<std::string> sent;
  for (const auto& row : rows) {
    if (row.rfind("| ", 0) == 0) sent.push_back(fixed_part(row));
  }
  CHECK(printed == sent);
}
