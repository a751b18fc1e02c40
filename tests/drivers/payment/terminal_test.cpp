#include <catch2/catch.hpp>
#include <thread>

#include "counter.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::payment;
using namespace std::chrono_literals;

namespace {

const PaymentOrder kOrder{3'070, "5.0100.000001.7"};

struct Steps {
  std::vector<std::string> names;
  std::vector<std::string> texts;
  OnStep listener = [this](std::string_view step, const std::string& text) {
    names.emplace_back(step);
    texts.push_back(text);
  };
};

bool contains(const std::vector<std::string>& lines, std::string_view part) {
  for (const auto& line : lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a terminal that is there says so, one that is not is unreachable") {
  auto counter = std::make_unique<Counter>();
  auto terminal = counter->terminal();
  CHECK(terminal.look());
  counter.reset();
  CHECK(terminal.look().error().code == Errc::unreachable);
  CHECK(terminal.prepare(kOrder).error().code == Errc::unreachable);
  const auto result = terminal.authorise(kOrder, {}, {});
  CHECK(result.outcome == Outcome::declined);
  CHECK_FALSE(result.text.empty());
}

TEST_CASE("a payment tells its steps and ends with a booking and both receipts") {
  for (const bool by_lines : {false, true}) {
    auto script = Counter::quick();
    script.prints_lines = by_lines;
    Counter counter(script);
    auto terminal = counter.terminal();
    REQUIRE(terminal.prepare(kOrder));
    Steps steps;
    const auto result = terminal.authorise(kOrder, steps.listener, {});
    REQUIRE(result.outcome == Outcome::paid);
    CHECK(steps.names ==
          std::vector<std::string>{"insert_card", "enter_pin", "wait", "approved", "remove_card"});
    CHECK(steps.texts[0] == "Karte einstecken oder auflegen");
    CHECK(result.booking.terminal == "68001234");
    CHECK(result.booking.receipt == "0001");
    CHECK(result.booking.trace == "000001");
    CHECK(result.booking.card == "girocard");
    CHECK(result.booking.at.size() == 11);
    CHECK(result.booking.card_number == "*************4210");
    CHECK(contains(result.lines, "K-U-N-D-E-N"));
    CHECK(contains(result.lines, "Bürgerbüro"));
    CHECK_FALSE(contains(result.lines, "H-Ä-N-D-L-E-R"));
    CHECK(contains(result.merchant_lines, "H-Ä-N-D-L-E-R"));
    CHECK(counter.journal().standing().at(0).cents == 3'070);
  }
}

TEST_CASE("a card held to the terminal pays without a PIN, a wrong PIN is asked for again") {
  Counter counter(Counter::plays(Behaviour::pays_without_pin));
  auto terminal = counter.terminal();
  Steps steps;
  CHECK(terminal.authorise(kOrder, steps.listener, {}).outcome == Outcome::paid);
  CHECK(std::count(steps.names.begin(), steps.names.end(), "enter_pin") == 0);
  Steps again;
  CHECK(terminal.authorise({1'002, ""}, again.listener, {}).outcome == Outcome::paid);
  CHECK(std::count(again.names.begin(), again.names.end(), "retry") == 1);
}

TEST_CASE("a card that is declined is not charged, and the reason is in words") {
  Counter counter(Counter::plays(Behaviour::declines));
  auto terminal = counter.terminal();
  const auto result = terminal.authorise(kOrder, {}, {});
  CHECK(result.outcome == Outcome::declined);
  CHECK(result.text == "Von der Bank der Karte abgelehnt (5)");
  CHECK(counter.charges() == 0);
}

TEST_CASE("a payment is aborted at the terminal") {
  Counter counter(Counter::plays(Behaviour::person_aborts));
  auto terminal = counter.terminal();
  const auto result = terminal.authorise(kOrder, {}, {});
  CHECK(result.outcome == Outcome::aborted);
  CHECK(result.aborted_by == AbortedBy::person);
  CHECK(counter.charges() == 0);
}

TEST_CASE("a payment is aborted by us while the terminal waits for a card") {
  Counter counter(Counter::plays(Behaviour::waits_for_card));
  auto terminal = counter.terminal();
  std::stop_source stop;
  const auto result = terminal.authorise(
      kOrder,
      [&](std::string_view step, const std::string&) {
        if (step == "insert_card") stop.request_stop();
      },
      stop.get_token());
  CHECK(result.outcome == Outcome::aborted);
  CHECK(result.aborted_by == AbortedBy::us);
  CHECK(counter.charges() == 0);
}

TEST_CASE("a wish to abort that comes too late leaves the payment paid") {
  Counter counter;
  auto terminal = counter.terminal();
  std::stop_source stop;
  const auto result = terminal.authorise(
      kOrder,
      [&](std::string_view step, const std::string&) {
        if (step == "approved") stop.request_stop();
      },
      stop.get_token());
  CHECK(result.outcome == Outcome::paid);
  CHECK(counter.charges() == 1);
}

TEST_CASE("a payment that was to be aborted before it began is not asked for") {
  Counter counter;
  auto terminal = counter.terminal();
  std::stop_source stop;
  stop.request_stop();
  const auto result = terminal.authorise(kOrder, {}, stop.get_token());
  CHECK(result.outcome == Outcome::aborted);
  CHECK(counter.journal().entries().empty());
}

TEST_CASE("an outcome that cannot be certain is unknown, and found out by the terminal's last booking") {
  const auto [behaviour, outcome] = GENERATE(table<Behaviour, Outcome>({
      {Behaviour::drops_before_booking, Outcome::declined},
      {Behaviour::drops_after_booking, Outcome::paid},
      {Behaviour::talks_nonsense, Outcome::paid},
      {Behaviour::books_and_aborts, Outcome::paid},
  }));
  Counter counter(Counter::plays(behaviour), 3'070);
  auto terminal = counter.terminal();
  const auto record = terminal.prepare(kOrder).value();
  CHECK(terminal.authorise(kOrder, {}, {}).outcome == Outcome::unknown);
  const auto found = terminal.resolve(kOrder, record);
  REQUIRE(found);
  CHECK(found->outcome == outcome);
  CHECK(contains(found->lines, "Beleg-Nr. 2") == (outcome == Outcome::paid));
  CHECK(counter.charges() == (outcome == Outcome::paid ? 2 : 1));
  CHECK(terminal.resolve(kOrder, record)->outcome == outcome);  // as often as needed
}

TEST_CASE("while the terminal is at work without a line nobody can tell, afterwards it can") {
  auto script = Counter::quick();
  script.pace = 400ms;
  Counter counter(script);
  CutLine line(counter.port(), {{Direction::to_register, 120}});
  zvt::ZvtSettings settings;
  settings.place = line.place();
  settings.answer = 100ms;
  zvt::ZvtTerminal terminal(settings);
  const auto record = terminal.prepare(kOrder).value();
  REQUIRE(terminal.authorise(kOrder, {}, {}).outcome == Outcome::unknown);
  const auto early = terminal.resolve(kOrder, record);
  REQUIRE_FALSE(early);
  CHECK(early.error().code == Errc::timed_out);
  auto later = terminal.resolve(kOrder, record);
  for (int asked = 0; !later && asked < 30; ++asked) later = terminal.resolve(kOrder, record);
  REQUIRE(later);
  CHECK(later->outcome == Outcome::paid);
  CHECK(counter.charges() == 1);
}

TEST_CASE(
    "a terminal that never tells its last booking never makes a payment that may be booked one that is not") {
  const auto behaviour = GENERATE(Behaviour::drops_before_booking, Behaviour::drops_after_booking);
  auto script = Counter::plays(behaviour);
  script.repeats_receipts = false;
  Counter counter(script);
  auto terminal = counter.terminal();
  const auto record = terminal.prepare(kOrder).value();
  REQUIRE(terminal.authorise(kOrder, {}, {}).outcome == Outcome::unknown);
  CHECK(terminal.resolve(kOrder, record).error().code == Errc::conflict);
}

TEST_CASE("a reversal that is told like a payment is not taken for one") {
  auto script = Counter::quick();
  script.names_original = false;
  Counter counter(script);
  auto terminal = counter.terminal();
  const auto paid = terminal.authorise(kOrder, {}, {});
  const auto record = terminal.prepare(kOrder).value();
  REQUIRE(terminal.reverse(paid.booking.receipt, {})->outcome == Outcome::paid);
  CHECK(terminal.resolve(kOrder, record).error().code == Errc::conflict);
}

TEST_CASE("a record of another order is refused") {
  Counter counter;
  auto terminal = counter.terminal();
  const auto record = terminal.prepare(kOrder).value();
  CHECK(terminal.resolve({3'071, kOrder.reference}, record).error().code == Errc::conflict);
  CHECK(terminal.resolve({kOrder.cents, "other"}, record).error().code == Errc::conflict);
  CHECK(terminal.resolve(kOrder, "{").error().code == Errc::corrupt);
}

TEST_CASE("a booking is taken back once") {
  Counter counter;
  auto terminal = counter.terminal();
  const auto paid = terminal.authorise(kOrder, {}, {});
  const auto record = terminal.prepare(kOrder).value();
  const auto reversed = terminal.reverse(paid.booking.receipt, {});
  REQUIRE(reversed);
  CHECK(reversed->outcome == Outcome::paid);
  CHECK(counter.charges() == 0);
  const auto again = terminal.reverse(paid.booking.receipt, {});
  REQUIRE(again);
  CHECK(again->outcome == Outcome::declined);
  CHECK(again->text == "Bereits storniert");
  CHECK(terminal.reverse("0815", {})->outcome == Outcome::declined);
  CHECK(terminal.reverse("1", {}).error().code == Errc::invalid_input);
  // A reversal between an attempt's record and its outcome: a person has to look.
  CHECK(terminal.resolve(kOrder, record).error().code == Errc::conflict);
}

TEST_CASE("the end of the day gives its report") {
  Counter counter;
  auto terminal = counter.terminal();
  terminal.authorise(kOrder, {}, {});
  terminal.authorise({100, ""}, {}, {});
  const auto lines = terminal.end_day();
  REQUIRE(lines);
  CHECK(contains(*lines, "Anzahl 2"));
  CHECK(contains(*lines, "Summe 31,70 EUR"));
}

TEST_CASE("amounts and passwords that are none are refused before anything is asked for") {
  Counter counter;
  auto terminal = counter.terminal();
  CHECK(terminal.prepare({0, ""}).error().code == Errc::invalid_input);
  CHECK(terminal.prepare({100'000'000, ""}).error().code == Errc::invalid_input);
  CHECK(terminal.authorise({-5, ""}, {}, {}).outcome == Outcome::declined);
  zvt::ZvtTerminal wrong({counter.place(), "12345"});
  CHECK(wrong.look().error().code == Errc::invalid_input);
  zvt::ZvtTerminal nowhere({"terminal"});
  CHECK(nowhere.look().error().code == Errc::invalid_input);
  CHECK(counter.journal().entries().empty());
}

TEST_CASE("every step has words") {
  for (const auto* step : {"confirm_amount", "insert_card", "enter_pin", "wait", "remove_card",
                           "not_readable", "retry", "approved", "declined"})
    CHECK_FALSE(words_of(step).empty());
}
