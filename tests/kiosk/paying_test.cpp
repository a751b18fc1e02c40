#include "drivers/virtual/payment/terminal_server.h"
#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A kiosk with a card terminal that does as `behaviour` says.
struct PayingScene : KioskScene {
  void open_till(payment::Behaviour behaviour, std::map<std::string, std::string> environment = {}) {
    payment::TerminalScript script;
    script.payments = {behaviour};
    script.pace = std::chrono::milliseconds(20);
    auto journal = payment::TerminalJournal::open(journal_file());
    REQUIRE(journal);
    // One that has booked before: what a terminal out of the box booked last it cannot tell.
    payment::JournalEntry before;
    before.kind = "payment";
    before.cents = 100;
    before.at = "1125 101010";
    REQUIRE(journal->book(before));
    auto started = payment::TerminalServer::start("127.0.0.1:0", *std::move(journal), script, clock);
    REQUIRE(started);
    server = *std::move(started);
    open("127.0.0.1:" + std::to_string(server->port()), "", {}, std::move(environment));
    lay(country.personalise());
  }

  /// A matter with a fee and without proofs, as far as paying.
  void come_to_pay() {
    begin("certificate-of-conduct");
    identify();
    REQUIRE(sees()["identity"]["state"] == "done");
    does("POST", "/visit/hand-in", {{"pay", "card"}});
  }
  json payment_over() {
    return until([](const json& visit) { return visit["payment"]["state"] != "running"; });
  }
  [[nodiscard]] int bookings() const {
    int booked = -1;  // but the one before
    for (const auto& line : lines_of(journal_file()))
      booked += json::parse(line)["kind"] == "payment" ? 1 : 0;
    return booked;
  }
  [[nodiscard]] fs::path journal_file() const { return folder.path() / "journal"; }
  static std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  std::string field(const fs::path& delivery, const std::string& name) {
    const json manifest = e2e::json_of(delivery / "manifest.json");
    for (const auto& one : manifest["data"]["document"]["fields"]) {
      if (one["name"] == name) return one["value"];
    }
    return {};
  }
  void arrives_paid_once() {
    REQUIRE(e2e::eventually([&] { return mailroom().deliveries("payment").size() == 1; }));
    REQUIRE(e2e::eventually([&] { return mailroom().deliveries("ecm").size() == 1; }));
    CHECK(field(mailroom().deliveries("ecm")[0], "payment") == "paid");
    CHECK(field(mailroom().deliveries("payment")[0], "terminal_receipt") != "");
    CHECK(bookings() == 1);
    CHECK(mailroom().findings().empty());
  }

  SystemClock clock;
  std::unique_ptr<payment::TerminalServer> server;
};

}  // namespace

TEST_CASE("a fee is paid by card, and the matter is delivered with it", "[kiosk]") {
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::pays);
  scene.come_to_pay();
  const json over = scene.payment_over();
  CHECK(over["payment"]["state"] == "paid");
  CHECK(over["handed_in"]["done"] == true);
  scene.arrives_paid_once();
}

TEST_CASE("a card that is declined leaves the choice to pay later", "[kiosk]") {
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::declines);
  scene.come_to_pay();
  const json over = scene.payment_over();
  CHECK(over["payment"]["state"] == "declined");
  CHECK(over["handed_in"]["done"] == false);
  CHECK(scene.mailroom().deliveries("ecm").empty());
  const json later = scene.does("POST", "/visit/payment", {{"pay", "later"}});
  CHECK(later["handed_in"]["done"] == true);
  REQUIRE(e2e::eventually([&] { return scene.mailroom().deliveries("ecm").size() == 1; }));
  CHECK(scene.field(scene.mailroom().deliveries("ecm")[0], "payment") == "later");
  CHECK(scene.bookings() == 0);
}

TEST_CASE("a payment whose line is lost after it was booked is found out, not taken twice", "[kiosk]") {
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::drops_after_booking);
  scene.come_to_pay();
  CHECK(scene.payment_over()["payment"]["state"] == "paid");
  scene.arrives_paid_once();
}

TEST_CASE("who walks away from a card that was declined leaves nothing behind", "[kiosk]") {
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::declines);
  scene.come_to_pay();
  scene.payment_over();
  scene.leave();
  CHECK(e2e::eventually([&] { return fs::is_empty(scene.mailroom().data() / "kiosk"); }));
  CHECK(scene.mailroom().ask("batches")["batches"].empty());
}

TEST_CASE("a power cut at any point of a payment loses no money and hands in no matter twice", "[kiosk]") {
  const std::string point = GENERATE("matter.package_kept", "matter.kept", "payment.begun", "payment.paid",
                                     "matter.handed_in", "matter.received", "matter.payment_received");
  INFO(point);
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::pays, {{"MAILROOM_KILL_AT", point}});
  scene.begin("certificate-of-conduct");
  scene.identify();
  static_cast<void>(scene.ask("POST", "/visit/hand-in", {{"pay", "card"}}, scene.token));
  REQUIRE(scene.mailroom().daemon_ended());
  scene.mailroom().start_daemon();
  if (scene.bookings() == 1) {
    scene.arrives_paid_once();
  } else {
    CHECK(e2e::eventually([&] { return fs::is_empty(scene.mailroom().data() / "kiosk"); }));
    CHECK(scene.mailroom().deliveries("ecm").empty());
    CHECK(scene.mailroom().findings().empty());
  }
}

TEST_CASE("a power cut while a matter is given up leaves nothing of it behind", "[kiosk]") {
  PayingScene scene;
  if (!scene.runs()) return;
  scene.open_till(payment::Behaviour::declines, {{"MAILROOM_KILL_AT", "matter.given_up"}});
  scene.come_to_pay();
  scene.payment_over();
  static_cast<void>(scene.ask("DELETE", "/visit", nullptr, scene.token));
  REQUIRE(scene.mailroom().daemon_ended());
  scene.mailroom().start_daemon();
  CHECK(e2e::eventually([&] { return fs::is_empty(scene.mailroom().data() / "kiosk"); }));
  CHECK(scene.mailroom().ask("batches")["batches"].empty());
  CHECK(scene.mailroom().findings().empty());
}
