#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "daemon/crypto/digest.h"
#include "tests/drivers/card/card_process_scene.h"
#include "tests/drivers/card/tampered_card.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

CardProcess start(const std::string& setup, const std::string& reader = PrivatePcscd::kFirstReader,
                  const std::string& program = ProcessScene::program()) {
  auto process = CardProcess::start(program, {{"--reader", reader, "--terminal", setup}});
  REQUIRE(process);
  return *std::move(process);
}

/// Waits for a sight that is as wanted.
bool comes_to(CardProcess& process, bool connected, bool card) {
  for (int i = 0; i < 40; ++i) {
    const auto change = process.next_change(500ms);
    if (!change) return false;
    if (*change && (*change)->connected == connected && (*change)->card == card) return true;
  }
  return false;
}

bool holds(ByteView bytes, const std::string& words) {
  return std::search(bytes.begin(), bytes.end(), words.begin(), words.end()) != bytes.end();
}

}  // namespace

TEST_CASE("what a process reads leaves it for its recipient's eyes only", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  auto process = start(scene.write_terminal(ReadingMode::kiosk, papers));
  std::vector<std::string> steps;
  const auto sealed =
      process.read(scene.request(ReadingMode::kiosk), [&](auto step) { steps.emplace_back(step); });
  INFO((sealed ? std::string() : sealed.error().error.message()));
  REQUIRE(sealed);
  CHECK(steps.front() == "card_access");
  CHECK(steps.back() == "data");
  CHECK(sealed->assurance == "eidas_high");
  CHECK(sealed->kind == "identity_card");
  CHECK(sealed->terminal == "DETESTTERM001");
  CHECK(sealed->old_enough == true);
  CHECK(sealed->pseudonym.size() == 64);
  CHECK(sealed->took_ms < 2500);

  const std::string told = messages::to_json(*sealed).dump();
  for (const char* word : {"ERIKA", "MUSTERMANN", "HEIDESTRASSE"}) {
    CHECK(told.find(word) == std::string::npos);
    CHECK_FALSE(holds(sealed->sealed, word));
  }
  const auto record = decrypt_with(sealed->sealed, scene.recipient);
  REQUIRE(record);
  CHECK(sha256_hex(*record) == sealed->record_digest);
  const auto body = nlohmann::json::parse(as_text(*record));
  CHECK(body["data"]["family_names"] == "MUSTERMANN");
  CHECK(body["matter"] == "matter-1");
  CHECK(body["age_check"]["reached"] == true);
  CHECK_FALSE(decrypt_with(sealed->sealed, ProcessScene::make_recipient()));
}

TEST_CASE("a counter reads with the CAN once staff have compared the photo", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({counter_rights()});
  auto process = start(scene.write_terminal(ReadingMode::counter, papers));
  auto request = scene.request(ReadingMode::counter);
  request.photo_compared = false;
  const auto refused = process.read(request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == EidFault::mode_forbids);
  CHECK(process.read(scene.request(ReadingMode::kiosk)).error().fault == EidFault::mode_forbids);
  request.photo_compared = true;
  const auto sealed = process.read(request);
  INFO((sealed ? std::string() : sealed.error().error.message()));
  REQUIRE(sealed);
  CHECK(sealed->assurance == "on_site_18a");
  CHECK(sealed->mode == "counter");
}

TEST_CASE("cards, readers and pcscd may come and go while a process watches", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  const auto papers = scene.country.issue({kiosk_rights()});
  auto process = start(scene.write_terminal(ReadingMode::kiosk, papers));
  REQUIRE(comes_to(process, true, false));
  CHECK(process.read(scene.request(ReadingMode::kiosk)).error().fault == EidFault::no_card);
  scene.insert(card);
  CHECK(comes_to(process, true, true));
  CHECK(process.read(scene.request(ReadingMode::kiosk)));
  scene.slot.remove();
  CHECK(comes_to(process, true, false));

  scene.pcscd.stop();
  CHECK(comes_to(process, false, false));
  CHECK(process.read(scene.request(ReadingMode::kiosk)).error().fault == EidFault::reader_lost);
  scene.pcscd.start();
  CHECK(comes_to(process, true, false));
  REQUIRE(scene.slot.insert(card));
  CHECK(comes_to(process, true, true));
  CHECK(process.read(scene.request(ReadingMode::kiosk)));
}

TEST_CASE("a process that dies in the middle of a reading is told, and the next reading works", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  auto process = start(scene.write_terminal(ReadingMode::kiosk, papers));
  const auto died = process.read(scene.request(ReadingMode::kiosk), [&](std::string_view step) {
    if (step == "chip_authentication") ::kill(process.process_id(), SIGKILL);
  });
  REQUIRE_FALSE(died);
  CHECK(died.error().fault == EidFault::crashed);
  EidResult<SealedReading> again = process.read(scene.request(ReadingMode::kiosk));
  // pcscd needs a moment to see that the holder of the card is gone.
  for (int i = 0; i < 20 && !again; ++i) {
    std::this_thread::sleep_for(100ms);
    again = process.read(scene.request(ReadingMode::kiosk));
  }
  INFO((again ? std::string() : again.error().error.message()));
  CHECK(again);
}

TEST_CASE("a card that never answers ends with its process and not with the daemon", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& genuine = scene.keep<EidCard>(scene.country.personalise());
  auto& card = scene.keep<TamperedCard>(genuine);
  const auto sleeping = std::make_shared<std::atomic<bool>>(true);
  card.twist = [sleeping](std::size_t number, const auto&, const Bytes& answer) {
    for (int i = 0; number == 4 && *sleeping && i < 100; ++i) std::this_thread::sleep_for(50ms);
    return answer;
  };
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  const auto setup = scene.write_terminal(ReadingMode::kiosk, papers);
  auto process =
      CardProcess::start(ProcessScene::program(),
                         {{"--reader", PrivatePcscd::kFirstReader, "--terminal", setup}, 1500ms, 1500ms});
  REQUIRE(process);
  const auto stuck = process->read(scene.request(ReadingMode::kiosk));
  REQUIRE_FALSE(stuck);
  CHECK(stuck.error().fault == EidFault::timed_out);
  *sleeping = false;
}

TEST_CASE("two readers read side by side, each in a process of its own", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto other = scene.country.personalise();
  other.groups[5] = data_group(5, "GABLER");
  auto& first = scene.keep<EidCard>(scene.country.personalise());
  EidCard second(std::move(other));
  VpcdSlot second_slot(PrivatePcscd::kSecondSlot);
  scene.insert(first);
  REQUIRE(second_slot.insert(second));
  const auto papers = scene.country.issue({kiosk_rights()});
  const auto setup = scene.write_terminal(ReadingMode::kiosk, papers);
  const auto read_five = [&](const char* reader, const char* name) {
    auto process = CardProcess::start(ProcessScene::program(), {{"--reader", reader, "--terminal", setup}});
    int good = 0;
    for (int i = 0; process && i < 30 && good < 5; ++i) {
      const auto sealed = process->read(scene.request(ReadingMode::kiosk));
      const auto record = sealed ? decrypt_with(sealed->sealed, scene.recipient) : Result<Bytes>(Bytes());
      if (record && holds(*record, name))
        ++good;
      else
        std::this_thread::sleep_for(100ms);
    }
    return good;
  };
  int good_first = 0, good_second = 0;
  {
    const std::jthread one([&] { good_first = read_five(PrivatePcscd::kFirstReader, "MUSTERMANN"); });
    const std::jthread two([&] { good_second = read_five(PrivatePcscd::kSecondReader, "GABLER"); });
  }
  CHECK(good_first == 5);
  CHECK(good_second == 5);
}
