#include <fcntl.h>
#include <unistd.h>

#include <sstream>

#include "daemon/base/unique_fd.h"
#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// What of `words` stands in the memory of a process.
std::string held_by(pid_t process, const std::vector<std::string>& words) {
  const std::string of = "/proc/" + std::to_string(process);
  const UniqueFd memory(::open((of + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(memory.valid());
  std::ifstream maps(of + "/maps");
  std::string found;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream parts(line);
    std::uint64_t begin = 0, end = 0;
    char dash = 0;
    std::string rights;
    parts >> std::hex >> begin >> dash >> end >> rights;
    if (rights.rfind("rw", 0) != 0) continue;
    std::string bytes(end - begin, '\0');
    const auto count = ::pread(memory.get(), bytes.data(), bytes.size(), off_t(begin));
    if (count <= 0) continue;
    for (const auto& word : words) {
      if (bytes.find(word) != std::string::npos) found += word + " in " + line + "\n";
    }
  }
  return found;
}

struct Person {
  std::string family, given, street, plate;
};

Person person(int number) {
  const std::string letter(1, char('A' + number % 26)), count = std::to_string(100 + number);
  return {"ZUFALL" + count + letter, "VORNE" + count + letter, "GEHEIMWEG " + count + letter,
          "MR-" + letter + "Q " + count};
}

card::Personalisation personal(const TestCountry& country, const Person& who) {
  auto card = country.personalise();
  card.groups[4] = card::data_group(4, who.given);
  card.groups[5] = card::data_group(5, who.family);
  card.groups[17] = card::data_group(17, who.street + "|MARBURG|35037");
  return card;
}

std::vector<std::string> words_of(const Person& who) {
  return {who.family, who.given, who.street, who.plate};
}

/// Comes, hands in, or walks away in the middle.
void visit(KioskScene& scene, const Person& who, bool stays) {
  scene.take_card();
  scene.lay(personal(scene.country, who));
  scene.put_into_feeder(who.family);
  scene.begin("resident-parking");
  scene.does("PUT", "/visit/details", {{"details", {{"plate", who.plate}}}});
  // The search finds what is there: while the citizen is, the daemon knows what they typed.
  CHECK(held_by(scene.mailroom().daemon().pid(), {who.plate}) != "");
  scene.identify();
  const json seen = scene.sees();
  INFO(seen.dump());
  REQUIRE(seen["identity"]["state"] == "done");
  scene.scan("registration");
  if (stays) scene.does("POST", "/visit/hand-in", {{"pay", "later"}});
  scene.leave();
}

int citizens() {
  const char* wanted = std::getenv("MAILROOM_CITIZENS");
  return wanted != nullptr ? std::atoi(wanted) : 5;
}

}  // namespace

TEST_CASE("citizens in a row leave nothing of themselves but what only the office can read", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  std::size_t handed_in = 0;
  std::vector<std::string> words;
  for (int number = 0; number < citizens(); ++number) {
    const auto who = person(number);
    const bool stays = number % 3 != 2;
    visit(scene, who, stays);
    if (stays) ++handed_in;
    for (const auto& word : words_of(who)) words.push_back(word);
    if (number % 10 == 9) std::cout << "  " << number + 1 << " citizens\n" << std::flush;
  }
  REQUIRE(e2e::eventually([&] { return scene.mailroom().deliveries("ecm").size() == handed_in; },
                          std::chrono::seconds(60)));
  REQUIRE(e2e::eventually([&] { return scene.mailroom().findings().empty(); }));
  CHECK(held_by(scene.mailroom().daemon().pid(), words) == "");
  CHECK(held_by(scene.mailroom().broker().pid(), words) == "");
  std::string grep = "grep -rlaF";
  for (const auto& word : words) grep += " -e '" + word + "'";
  CHECK(shell(grep + " " + scene.mailroom().root().string() + " || true").output == "");
  CHECK(shell("pgrep -f 'mailroom-card --reader Keypad' | head -1 || true").output.size() < 12);
  std::cout << "citizens " << citizens() << ", handed in " << handed_in << ", traces 0\n";
}
