#include <set>
#include <thread>

#include "drivers/card/apdu/tlv.h"
#include "tests/drivers/card/reading_scene.h"
#include "tests/drivers/card/tampered_card.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

/// One way to change the answer to one command.
struct Trick {
  const char* name;
  std::function<Bytes(const std::vector<Bytes>& before, const Bytes& answer)> change;
};

Bytes status_only(const Bytes&) { return {0x90, 0x00}; }

Bytes nested(std::size_t depth) {
  Bytes inner;
  for (std::size_t i = 0; i < depth; ++i) inner = tlv(0x7C, inner);
  return joined(inner, Bytes{0x90, 0x00});
}

std::vector<Trick> tricks() {
  const auto none_before = [](const std::vector<Bytes>& before) { return before.empty(); };
  return {
      {"a bit flipped at the front", [](const auto&, Bytes answer) { answer.front() ^= 0x01; return answer; }},
      {"a bit flipped in the middle", [](const auto&, Bytes answer) { answer[answer.size() / 2] ^= 0x10; return answer; }},
      {"a bit flipped in the last octet of data",
       [](const auto&, Bytes answer) { if (answer.size() > 2) answer[answer.size() - 3] ^= 0x80; return answer; }},
      {"cut by one octet", [](const auto&, Bytes answer) { if (answer.size() > 2) answer.erase(answer.begin()); return answer; }},
      {"cut in half", [](const auto&, Bytes answer) { if (answer.size() > 3) answer.erase(answer.begin(), answer.begin() + std::ptrdiff_t(answer.size() / 2)); return answer; }},
      {"the answer before it again", [=](const auto& before, const Bytes& answer) { return none_before(before) ? answer : before.back(); }},
      {"the answer before that", [](const auto& before, const Bytes& answer) { return before.size() < 2 ? answer : before[before.size() - 2]; }},
      {"a plain success", [](const auto&, const Bytes& answer) { return status_only(answer); }},
      {"another status outside", [](const auto&, Bytes answer) { answer[answer.size() - 2] = 0x62; answer.back() = 0x82; return answer; }},
      {"endless data", [](const auto&, const Bytes&) { return joined(Bytes(60000, 0x30), Bytes{0x90, 0x00}); }},
      {"thousands of nested objects", [](const auto&, const Bytes&) { return nested(4000); }},
  };
}

bool is_one_of(const std::string& name, const std::set<std::string>& names) { return names.count(name) != 0; }

}  // namespace

TEST_CASE("no answer can be changed, repeated, cut or left out unnoticed", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& genuine = scene.keep<EidCard>(scene.country.personalise());
  auto& card = scene.keep<TamperedCard>(genuine);
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::kiosk, papers, key);
  const ReadOrder order{{{4, 5}, 18, {}, true}, {}, SoftwarePin::pin("123456")};
  REQUIRE(scene.read(terminal, order));
  const std::size_t commands = card.commands;
  // SELECT, READ BINARY of EF.CardAccess, MSE:Set AT and four GENERAL AUTHENTICATE are plain.
  constexpr std::size_t kPlain = 7;
  REQUIRE(commands > kPlain + 15);

  int tried = 0;
  for (const auto& trick : tricks()) {
    for (std::size_t at = 0; at < commands; ++at) {
      genuine.personalisation().passwords.pin_tries = 3;
      card.twisted = false;
      card.twist = [&](std::size_t number, const auto& before, const Bytes& answer) {
        return number == at ? trick.change(before, answer) : answer;
      };
      const auto reading = scene.read(terminal, order);
      if (!card.twisted) continue;  // it made no difference to this answer
      ++tried;
      const std::string fault = reading ? "read" : std::string(name_of(reading.error().fault));
      INFO(trick.name << " at command " << at << ": " << fault);
      if (at >= kPlain) {
        CHECK(fault == "channel_broken");
      } else {
        CHECK(is_one_of(fault, {"not_an_eid_card", "malformed_answer", "wrong_pin", "pin_suspended", "pin_blocked",
                                "card_access_differs", "terminal_refused", "certificate_unknown_to_card"}));
      }
    }
  }
  CHECK(tried > 200);
  card.twist = nullptr;
  genuine.personalisation().passwords.pin_tries = 3;
  CHECK(scene.read(terminal, order));
}

TEST_CASE("a card that is torn out at any step is a lost card, and the next reading works", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& genuine = scene.keep<EidCard>(scene.country.personalise());
  auto& card = scene.keep<TamperedCard>(genuine);
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::kiosk, papers, key);
  const ReadOrder order{{{5}, {}, {}, true}, {}, SoftwarePin::pin("123456")};
  // Each step with the number of its first command.
  std::vector<std::pair<std::string, std::size_t>> steps;
  REQUIRE(scene.read(terminal, order, [&](std::string_view step) { steps.emplace_back(step, card.commands); }));
  REQUIRE(steps.size() == 7);

  for (const auto& [step, at] : steps) {
    std::string reached;
    card.twist = [first = at](std::size_t number, const auto&, const Bytes& answer) {
      return number == first ? Bytes() : answer;
    };
    genuine.personalisation().passwords.pin_tries = 3;
    const auto reading = scene.read(terminal, order, [&](std::string_view now) { reached = now; });
    INFO("torn out at " << step);
    REQUIRE_FALSE(reading);
    CHECK(name_of(reading.error().fault) == "card_lost");
    CHECK(reached == step);
    REQUIRE(scene.wait_for(false));
    // vpcd is asked for its card every 400 ms; one that is back before that is not seen as new.
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    scene.insert(card);
  }
  card.twist = nullptr;
  genuine.personalisation().passwords.pin_tries = 3;
  CHECK(scene.read(terminal, order));
}
