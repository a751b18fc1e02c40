#include <catch2/catch.hpp>
#include <fstream>

#include "counter.h"
#include "program.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::payment;

TEST_CASE("the journal of a virtual terminal goes on where it was") {
  TemporaryFolder folder;
  const auto file = folder.path() / "journal";
  {
    auto journal = TerminalJournal::open(file).value();
    CHECK(journal.book({"payment", 0, 0, 100, 0, 0, "0102 030405"})->receipt == 1);
    CHECK(journal.book({"declined", 0, 0, 100, 5, 0, "0102 030405"})->receipt == 2);
  }
  auto journal = TerminalJournal::open(file).value();
  CHECK(journal.entries().size() == 2);
  CHECK(journal.standing().size() == 1);
  CHECK(journal.book({"reversal", 0, 0, 100, 0, 1, "0102 030405"})->trace == 3);
  CHECK(journal.standing().empty());
}

TEST_CASE("a damaged journal is an error that names its line") {
  TemporaryFolder folder;
  const auto file = folder.path() / "journal";
  TerminalJournal::open(file)->book({"payment", 0, 0, 100, 0, 0, "0102 030405"}).value();
  std::ofstream(file, std::ios::app) << "{\"kind\":\"pay";
  const auto journal = TerminalJournal::open(file);
  REQUIRE_FALSE(journal);
  CHECK(journal.error().place.line == 2);
}

TEST_CASE("the last two digits of an amount choose what a virtual terminal does") {
  CHECK(behaviour_of(1'000) == Behaviour::pays);
  CHECK(behaviour_of(3'070) == Behaviour::pays);
  CHECK(behaviour_of(1'001) == Behaviour::pays_without_pin);
  CHECK(behaviour_of(1'005) == Behaviour::declines);
  CHECK(behaviour_of(1'009) == Behaviour::drops_after_booking);
}

TEST_CASE("a script is read, and refused in words") {
  TemporaryFolder folder;
  const auto file = folder.path() / "script.json";
  const auto read = [&](const std::string& text) {
    std::ofstream(file) << text;
    return read_script(file);
  };
  const auto script = read(R"({"payments": ["declines", "pays"], "pace_ms": 5, "takes_back": true})");
  REQUIRE(script);
  CHECK(script->payments == std::vector{Behaviour::declines, Behaviour::pays});
  CHECK(script->pace == std::chrono::milliseconds(5));
  CHECK(script->takes_back);
  for (const auto* wrong :
       {"", "[]", R"({"payments": ["dances"]})", R"({"payments": [1]})", R"({"pace_ms": "x"})"})
    CHECK(read(wrong).error().code == Errc::invalid_input);
  CHECK(read_script(folder.path() / "none").error().code == Errc::not_found);
}

TEST_CASE("a register that does not register gets no money, and what is no command is refused") {
  Counter counter;
  auto line = zvt::TcpLine::connect(counter.place(), std::chrono::seconds(1)).value();
  const auto answer = [&](const zvt::Apdu& command) {
    REQUIRE(line.send(command));
    return line.receive(std::chrono::seconds(1)).value().command;
  };
  CHECK(answer(zvt::authorisation(100)) == 0x846B);
  zvt::Apdu strange;
  strange.command = 0x0699;
  CHECK(answer(strange) == 0x846B);
  CHECK(counter.journal().entries().empty());
}

TEST_CASE(
    "the program of the virtual terminal listens, pays, ends, and knows its bookings when it is started "
    "again") {
  TemporaryFolder folder;
  const auto journal = folder.path() / "journal";
  const auto script = folder.path() / "script.json";
  std::ofstream(script) << R"({"pace_ms": 0})";
  for (unsigned receipt = 2; receipt <= 3; ++receipt) {
    Program program(
        {MAILROOM_VIRTUAL_TERMINAL, "--listen", "127.0.0.1:0", "--journal", journal, "--script", script});
    auto terminal = Counter::terminal_at("127.0.0.1:" + program.first_line());
    const PaymentOrder order{1'000, "r"};
    REQUIRE(terminal.prepare(order));
    const auto result = terminal.authorise(order, {}, {});
    REQUIRE(result.outcome == Outcome::paid);
    CHECK(std::stoul(result.booking.receipt) == receipt);
    CHECK(program.end() == 0);
  }
  CHECK(TerminalJournal::open(journal)->standing().size() == 2);
}

TEST_CASE("the program of the virtual terminal refuses a wrong command line") {
  TemporaryFolder folder;
  const std::string journal = folder.path() / "journal";
  CHECK(Program({MAILROOM_VIRTUAL_TERMINAL, "--listen", "127.0.0.1:0"}).wait() == 2);
  CHECK(Program({MAILROOM_VIRTUAL_TERMINAL, "--listen", "nowhere", "--journal", journal}).wait() == 1);
  CHECK(Program({MAILROOM_VIRTUAL_TERMINAL, "--listen", "127.0.0.1:99999", "--journal", journal}).wait() ==
        1);
}
