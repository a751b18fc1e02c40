#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <iostream>
#include <random>

#include "counter.h"
#include "daemon/base/durable_file.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using payment::Outcome;
using payment::PaymentOrder;
using payment::PaymentResult;

namespace {

const PaymentOrder kOrder{3'070, "5.0100.000001.7"};

// The person before paid the same fee: its booking must not be taken for ours.
const std::uint64_t kEarlier = 3'070;

/// An attempt as the contract asks for it: never another one before this one's outcome is certain.
PaymentResult attempt(payment::PaymentTerminal& terminal) {
  const auto record = terminal.prepare(kOrder);
  if (!record) return {Outcome::declined};
  auto result = terminal.authorise(kOrder, {}, {});
  for (int asked = 0; result.outcome == Outcome::unknown && asked < 50; ++asked) {
    const auto found = terminal.resolve(kOrder, *record);
    if (found) result = *found;
  }
  return result;
}

struct Length {
  std::size_t to_terminal = 0;
  std::size_t to_register = 0;
};

/// Octets of a payment from its first connection to its completion.
Length length_of_payment(const payment::TerminalScript& script) {
  Counter counter(script, kEarlier);
  CutLine line(counter.port());
  auto terminal = Counter::terminal_at(line.place());
  REQUIRE(attempt(terminal).outcome == Outcome::paid);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the last acknowledgement is still under way
  return {line.octets(Direction::to_terminal), line.octets(Direction::to_register)};
}

/// The person tries until the kiosk says "paid"; then exactly one charge stands and it is the one that was
/// told. Returns how many cuts were made.
std::size_t pay_in_spite_of(const payment::TerminalScript& script, const std::vector<Cut>& cuts,
                            std::chrono::milliseconds patience = std::chrono::seconds(2)) {
  Counter counter(script, kEarlier);
  CutLine line(counter.port(), cuts);
  payment::zvt::ZvtSettings settings;
  settings.place = line.place();
  settings.answer = patience;
  settings.progress = patience;
  payment::zvt::ZvtTerminal terminal(settings);
  for (int tries = 0; tries < 5; ++tries) {
    const auto result = attempt(terminal);
    INFO("cut " << int(cuts[0].direction) << " after " << cuts[0].after << ", outcome "
                << name_of(result.outcome));
    auto charges = counter.journal().standing();
    charges.erase(charges.begin());
    REQUIRE(result.outcome != Outcome::unknown);
    if (result.outcome != Outcome::paid) {
      REQUIRE(charges.empty());
      continue;
    }
    REQUIRE(charges.size() == 1);
    REQUIRE(std::stoul(result.booking.receipt) == charges[0].receipt);
    REQUIRE(std::stoul(result.booking.trace) == charges[0].trace);
    return line.cuts_made();
  }
  FAIL("was never paid");
  return 0;
}

/// Every position in both directions; how many there were.
std::size_t cut_everywhere(const payment::TerminalScript& script, CutKind kind, std::size_t every = 1,
                           std::chrono::milliseconds patience = std::chrono::seconds(2)) {
  const auto length = length_of_payment(script);
  std::size_t cuts = 0;
  for (std::size_t at = 0; at <= length.to_terminal; at += every)
    cuts += pay_in_spite_of(script, {{Direction::to_terminal, at, kind}}, patience);
  for (std::size_t at = 0; at <= length.to_register; at += every)
    cuts += pay_in_spite_of(script, {{Direction::to_register, at, kind}}, patience);
  std::cout << cuts << " cuts of " << length.to_terminal << " + " << length.to_register << " octets\n";
  REQUIRE((cuts + 2) * every >= length.to_terminal + length.to_register);  // the very ends may come too late
  return cuts;
}

}  // namespace

TEST_CASE("a payment cut at every octet is booked once, and known: the terminal carries on") {
  cut_everywhere(Counter::quick(), CutKind::close);
}

TEST_CASE("the first payment of a terminal, cut at every octet, is never told wrongly") {
  const auto length = length_of_payment(Counter::quick());
  int undecided = 0;
  for (std::size_t at = 0; at < length.to_register; ++at) {
    Counter counter;
    CutLine line(counter.port(), {{Direction::to_register, at}});
    auto terminal = Counter::terminal_at(line.place());
    const auto result = attempt(terminal);
    if (result.outcome == Outcome::unknown) ++undecided;  // a person decides
    INFO("cut after " << at << ", outcome " << name_of(result.outcome));
    if (result.outcome == Outcome::paid) REQUIRE(counter.charges() == 1);
    if (result.outcome == Outcome::declined) REQUIRE(counter.charges() == 0);
  }
  REQUIRE(undecided <=
          3);  // only where the order itself was lost: the terminal carries on, and tells its first booking
}

TEST_CASE("a payment cut at every octet is booked once, and known: the terminal gives up") {
  auto script = Counter::quick();
  script.carries_on = false;
  cut_everywhere(script, CutKind::close);
}

TEST_CASE(
    "a payment cut at every octet is booked once, and known: the terminal takes back what nobody "
    "acknowledged") {
  auto script = Counter::quick();
  script.takes_back = true;
  cut_everywhere(script, CutKind::close);
}

TEST_CASE(
    "a payment cut at every octet is booked once, and known: receipts line by line, the line is reset") {
  auto script = Counter::quick();
  script.prints_lines = true;
  cut_everywhere(script, CutKind::reset, 3);
}

TEST_CASE("a payment whose line falls silent is booked once, and known") {
  auto script = Counter::quick();
  script.answer = std::chrono::milliseconds(20);
  cut_everywhere(script, CutKind::silence, 11, std::chrono::milliseconds(40));
}

TEST_CASE("a payment whose line is cut again while it is asked for is booked once, and known") {
  const auto length = length_of_payment(Counter::quick());
  std::mt19937 random(20'261'126);
  for (int i = 0; i < 250; ++i) {
    auto script = Counter::quick();
    script.takes_back = i % 3 == 0;
    script.carries_on = i % 3 != 1;
    const auto direction = [&] { return Direction(random() % 2); };
    const auto anywhere = [&](Direction way) {
      return random() % (way == Direction::to_terminal ? length.to_terminal : length.to_register);
    };
    std::vector<Cut> cuts;
    std::size_t behind[2] = {0, 0};
    for (int more = 0; more < 3; ++more) {
      const auto way = direction();
      behind[std::size_t(way)] += anywhere(way);
      cuts.push_back({way, behind[std::size_t(way)], random() % 2 == 0 ? CutKind::close : CutKind::reset});
    }
    pay_in_spite_of(script, cuts);
  }
}

TEST_CASE(
    "a register that is killed at any message of a payment learns at its next start what became of it") {
  const auto length = length_of_payment(Counter::quick());
  std::vector<Cut> deaths;
  for (std::size_t at = 0; at <= length.to_terminal; at += 5) deaths.push_back({Direction::to_terminal, at});
  for (std::size_t at = 0; at <= length.to_register; at += 11) deaths.push_back({Direction::to_register, at});
  int records = 0;
  for (const auto& death : deaths) {
    Counter counter(Counter::quick(), kEarlier);
    TemporaryFolder folder;
    const auto record = folder.path() / "record";
    const auto outcome = folder.path() / "outcome";
    std::atomic<pid_t> child = 0;
    CutLine line(counter.port(), {death}, [&] {
      while (child == 0) std::this_thread::yield();
      ::kill(child, SIGKILL);
      ::waitid(P_PID, id_t(child), nullptr, WEXITED | WNOWAIT);  // dead before its line is cut
    });
    const auto cents = std::to_string(kOrder.cents);
    const auto place = line.place();
    const pid_t started = ::fork();
    if (started == 0) {
      ::execl(MAILROOM_PAYMENT_CHILD, "payment_child", place.c_str(), cents.c_str(), record.c_str(),
              outcome.c_str(), nullptr);
      ::_exit(127);
    }
    child = started;
    ::waitpid(started, nullptr, 0);

    INFO("killed " << int(death.direction) << " after " << death.after);
    REQUIRE(line.cuts_made() == 1);
    const auto written = read_file(record);
    auto terminal = counter.terminal();
    REQUIRE(terminal.look());  // and waits for the terminal to be through
    if (!written) {
      REQUIRE(counter.charges() == 1);
      continue;
    }
    ++records;
    const auto found = terminal.resolve(kOrder, std::string(as_text(*written)));
    REQUIRE(found);
    REQUIRE(counter.charges() == (found->outcome == Outcome::paid ? 2 : 1));
    if (const auto told = read_file(outcome)) REQUIRE(as_text(*told) == name_of(found->outcome));
  }
  REQUIRE(records > 20);
}
