#include "drivers/virtual/payment/terminal_script.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "daemon/base/durable_file.h"

namespace mailroom::payment {
namespace {

using nlohmann::json;

struct Row {
  std::string_view name;
  Behaviour behaviour;
  unsigned cents;  // last two digits of an amount
};

constexpr std::array kRows = {
    Row{"pays", Behaviour::pays, 0},
    Row{"pays_without_pin", Behaviour::pays_without_pin, 1},
    Row{"wrong_pin_first", Behaviour::wrong_pin_first, 2},
    Row{"books_and_aborts", Behaviour::books_and_aborts, 3},
    Row{"talks_nonsense", Behaviour::talks_nonsense, 4},
    Row{"declines", Behaviour::declines, 5},
    Row{"person_aborts", Behaviour::person_aborts, 6},
    Row{"waits_for_card", Behaviour::waits_for_card, 7},
    Row{"drops_before_booking", Behaviour::drops_before_booking, 8},
    Row{"drops_after_booking", Behaviour::drops_after_booking, 9},
};

Result<TerminalScript> script_of(const json& value) {
  TerminalScript script;
  for (const auto& name : value.value("payments", json::array())) {
    MAILROOM_TRY(const auto behaviour, behaviour_from(name.get<std::string>()));
    script.payments.push_back(behaviour);
  }
  script.pace = std::chrono::milliseconds(value.value("pace_ms", script.pace.count()));
  script.card = std::chrono::milliseconds(value.value("card_ms", script.card.count()));
  script.carries_on = value.value("carries_on", script.carries_on);
  script.takes_back = value.value("takes_back", script.takes_back);
  script.names_original = value.value("names_original", script.names_original);
  script.repeats_receipts = value.value("repeats_receipts", script.repeats_receipts);
  script.prints_lines = value.value("prints_lines", script.prints_lines);
  return script;
}

}  // namespace

Result<Behaviour> behaviour_from(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.behaviour;
  }
  return fail(Errc::invalid_input, "a virtual terminal does not know the behaviour " + std::string(name));
}

Behaviour behaviour_of(std::uint64_t cents) {
  for (const Row& row : kRows) {
    if (row.cents == cents % 100) return row.behaviour;
  }
  return Behaviour::pays;
}

Result<TerminalScript> read_script(const std::filesystem::path& file) {
  MAILROOM_TRY(const auto bytes, read_file(file));
  const auto value = json::parse(bytes, nullptr, false);
  const auto place = Place::in_file(file.string());
  if (!value.is_object())
    return fail(Errc::invalid_input, "the script of a virtual terminal is no JSON object", place);
  try {
    return script_of(value);
  } catch (const json::exception&) {
    return fail(Errc::invalid_input, "a value in the script of a virtual terminal is of the wrong kind",
                place);
  }
}

}  // namespace mailroom::payment
