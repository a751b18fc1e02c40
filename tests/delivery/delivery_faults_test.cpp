#include <atomic>
#include <catch2/catch.hpp>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/delivery/lossy_line.h"
#include "tests/delivery/post_office.h"

using namespace mailroom;
using namespace mailroom::test;
using delivery::BrokerState;

namespace {

const std::string kFrom = "mailroom/v1/marburg/from/";

/// The receipt that would conclude the delivery `id` well.
delivery::Receipt good_receipt(const MemoryOutbox& outbox, const std::string& id) {
  const auto manifest = delivery::read_manifest(outbox.rows().at(id).manifest).value();
  delivery::Receipt receipt{id, delivery::ReceiptStatus::stored, "r", {}, "", 0};
  for (const auto& content : manifest.contents) receipt.contents.push_back({content.role, content.sha256});
  return receipt;
}

/// Every delivery stands once in the recipient's folder, whole, and was concluded once.
void check_once_and_whole(const PostOffice& office, const std::string& recipient) {
  std::size_t folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(office.received(recipient))) {
    ++folders;
    CHECK(office.outbox.rows().contains(entry.path().filename()));
  }
  CHECK(folders == office.outbox.rows().size());
  for (const auto& [id, row] : office.outbox.rows()) {
    CHECK(row.state == "stored");
    CHECK(row.receipts == 1);
    const auto pdf = read_file(office.received(recipient) / id / "document.pdf");
    REQUIRE(pdf.has_value());
    CHECK(row.contents.contains(sha256_hex(*pdf)));
  }
}

}  // namespace

TEST_CASE("a recipient killed at any step loses nothing and stores nothing twice") {
  PostOffice office(impatient());
  REQUIRE(office.open_and_connected());
  for (int i = 0; i < 6; ++i) office.owe({"ecm", "letter", 200'000});
  for (const auto* point : {"recipient.store.half:2", "recipient.store.before_sync",
                            "recipient.before_receipt:2", "recipient.store.half:5"}) {
    auto doomed = office.recipient("ecm", {}, {{"MAILROOM_KILL_AT", point}});
    const auto ended = doomed.wait(8s);
    INFO(point);
    REQUIRE(ended.has_value());
    CHECK(ended->signal == SIGKILL);
  }
  auto survivor = office.recipient("ecm");
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 6; }));
  check_once_and_whole(office, "ecm");
}

TEST_CASE("a broker that dies and forgets everything loses no document") {
  PostOffice office(impatient());
  auto ecm = office.recipient("ecm");
  REQUIRE(office.open_and_connected());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) office.owe({"ecm", "letter", 150'000});
    std::this_thread::sleep_for(30ms);
    office.broker.kill();
    office.owe();
    REQUIRE(eventually([&] { return office.session->status().broker != BrokerState::connected; }));
    office.broker.start();
  }
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 33; }, 20s));
  check_once_and_whole(office, "ecm");
}

TEST_CASE("a recipient whose first handshake falls into a restart of the broker tries again") {
  PostOffice office(impatient());
  office.broker.kill();
  office.owe({"ecm", "letter", 1'000});
  std::atomic<int> broken_off = 0;
  std::optional<ChildProcess> ecm;
  {
    const UniqueFd dying(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(std::uint16_t(office.broker.port()));
    REQUIRE(::setsockopt(dying.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
    REQUIRE(::bind(dying.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(dying.get(), 8) == 0);
    ecm.emplace(office.recipient("ecm"));
    // The handshake, and the look whether anybody listens.
    REQUIRE(eventually([&] {
      if (const UniqueFd client(::accept(dying.get(), nullptr, nullptr)); client.valid()) ++broken_off;
      return broken_off >= 2;
    }));
  }
  office.broker.start();
  office.open();
  CHECK(eventually([&] { return office.outbox.count("stored") == 1; }));
}

TEST_CASE("when the broker's acknowledgement is lost the manifest goes out again under the same id") {
  PostOffice office(impatient());
  LossyLine line(office.broker.port());
  office.reach({"127.0.0.1", line.port(), identities() / "ca.pem", identities() / "node.pem",
                identities() / "node.key"});
  Listener ecm("ecm", office.broker.port(), {"mailroom/v1/marburg/to/ecm/manifest"});
  REQUIRE(office.open_and_connected());
  line.swallow(true);
  const auto id = office.owe();
  REQUIRE(eventually([&] { return ecm.messages().size() == 1 && line.swallowed() > 0; }));
  CHECK(office.outbox.rows().at(id).attempts == 0);
  line.swallow(false);
  line.cut();
  REQUIRE(eventually([&] { return ecm.messages().size() >= 2; }));
  const auto messages = ecm.messages();
  CHECK(messages[0].payload == messages[1].payload);
  REQUIRE(ecm.say(kFrom + "ecm/receipt", delivery::answer_text(good_receipt(office.outbox, id))));
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 1; }));
  // A receipt told twice counts once.
  REQUIRE(ecm.say(kFrom + "ecm/receipt", delivery::answer_text(good_receipt(office.outbox, id))));
  std::this_thread::sleep_for(100ms);
  CHECK(office.outbox.rows().at(id).receipts == 1);
  CHECK(office.outbox.letters().empty());
}

TEST_CASE("receipts that are wrong, unknown or no receipts become dead letters and conclude nothing") {
  PostOffice office;
  Listener ecm("ecm", office.broker.port(), {});
  REQUIRE(office.open_and_connected());
  const auto id = office.owe();
  auto wrong = good_receipt(office.outbox, id);
  wrong.contents[0].sha256[0] = wrong.contents[0].sha256[0] == '0' ? '1' : '0';
  auto partial = good_receipt(office.outbox, id);
  partial.contents.pop_back();
  auto unknown = good_receipt(office.outbox, id);
  unknown.id = new_uuid(SystemClock{});
  const std::vector<std::pair<std::string, std::string>> told = {
      {delivery::answer_text(wrong), "digest_mismatch"},
      {delivery::answer_text(partial), "digest_mismatch"},
      {delivery::answer_text(unknown), "unknown_id"},
      {R"({"id":")" + unknown.id + R"(","status":"progress","seq":1,"step":"s","text":"t"})", "unknown_id"},
      {"no json", "invalid_receipt"},
      {"\xff\xfe{", "invalid_receipt"},
      {"[]", "invalid_receipt"},
      {R"({"id":")" + id + R"(","status":"stored"})", "invalid_receipt"},
      {R"({"id":")" + id + R"(","status":"returned","reason":"x","seq":-1})", "invalid_receipt"},
      {R"({"id":")" + id + R"(","status":"eaten"})", "invalid_receipt"},
      {R"({"id":7,"status":"stored"})", "invalid_receipt"},
      {std::string(100'000, '['), "invalid_receipt"}};
  for (const auto& [text, reason] : told) REQUIRE(ecm.say(kFrom + "ecm/receipt", text));
  REQUIRE(eventually([&] { return office.outbox.letters().size() == told.size(); }));
  for (std::size_t i = 0; i < told.size(); ++i) {
    const auto letter = office.outbox.letters()[i];
    CHECK(letter.reason == told[i].second);
    CHECK(letter.recipient == "ecm");
    CHECK(letter.size == told[i].first.size());
    CHECK(letter.payload.size() <= delivery::kDeadLetterBytes);
  }
  CHECK(office.outbox.rows().at(id).state == "owed");
}

TEST_CASE("forged, oversized and endless requests are refused and do not keep others waiting") {
  PostOffice office(impatient());
  const std::string own = "mailroom/v1/marburg/to/payment/block/x";
  Listener payment("payment", office.broker.port(), {own});
  Listener spy("sniffer", office.broker.port(), {"mailroom/v1/marburg/to/#"});
  REQUIRE(office.open_and_connected());
  const auto foreign = office.owe({"ecm", "letter", 300'000});
  const auto mine = office.owe({"payment", "invoice", 300'000});
  const auto content = good_receipt(office.outbox, mine).contents[0].sha256;
  const auto request = [&](std::uint64_t block, int count) {
    return delivery::request_text({mine, content, block, count});
  };
  const auto topic = kFrom + "payment/request";
  const std::vector<std::pair<std::string, std::string>> refused = {
      {delivery::request_text({foreign, good_receipt(office.outbox, foreign).contents[0].sha256, 0, 4}), own},
      {request(0, 4), "mailroom/v1/marburg/to/ecm/block/x"},  // would push bytes at somebody else
      {request(0, 4), "mailroom/v1/marburg/to/payment/manifest"},
      {request(0, 4), ""},
      {request(0, 1'000'000), own},
      {request(0, 0), own},
      {request(99, 1), own},
      {request(std::uint64_t{1} << 62U, 1), own},
      {request(0, 1) + std::string(100'000, ' '), own},
      {R"({"id":")" + mine + R"(","content":"../../etc/passwd","block":0,"count":1})", own},
      {"{", own}};
  for (const auto& [text, answer_to] : refused) REQUIRE(payment.say(topic, text, answer_to));
  REQUIRE(eventually([&] { return office.outbox.letters().size() == refused.size(); }));
  for (const auto& message : spy.messages()) CHECK(message.payload.size() < 10'000);

  // Without end: most are refused, few are written down, and ecm's delivery goes on meanwhile.
  std::atomic<bool> enough = false;
  const std::jthread flood([&] {
    while (!enough) {
      delivery::MqttMessage message;
      message.topic = topic;
      message.response_topic = own;
      message.payload = Bytes(50, 'x');
      if (!payment.client().publish(message)) std::this_thread::sleep_for(1ms);
      std::this_thread::sleep_for(100us);
    }
  });
  auto ecm = office.recipient("ecm");
  const bool served = eventually([&] { return office.outbox.rows().at(foreign).state == "stored"; }, 15s);
  std::this_thread::sleep_for(500ms);
  enough = true;
  CHECK(served);
  CHECK(office.session->status().dead_letters > 100);
  CHECK(office.outbox.letters().size() < 100);
}

TEST_CASE("a broker that refuses is told apart from one that is away, and neither ends the session") {
  PostOffice office(impatient());
  const auto state = [&] { return office.session->status().broker; };

  SECTION("a certificate of somebody else: the access list refuses") {
    office.reach(access_of("payment", office.broker.port()));
    office.open();
    REQUIRE(eventually([&] { return state() == BrokerState::refused; }));
    CHECK(office.session->status().reason.find("refuses") != std::string::npos);
  }
  SECTION("a broker whose certificate is not for this host") {
    LossyLine line(office.broker.port(), "127.0.0.3");
    auto access = access_of("node", line.port());
    access.host = "127.0.0.3";
    office.reach(access);
    office.open();
    REQUIRE(eventually([&] { return state() == BrokerState::refused; }));
    office.close();
  }
  SECTION("a broker that vanishes and comes back") {
    REQUIRE(office.open_and_connected());
    office.broker.kill();
    REQUIRE(eventually([&] { return state() == BrokerState::unreachable; }));
    const auto id = office.owe();
    office.broker.start();
    REQUIRE(eventually([&] { return state() == BrokerState::connected; }));
    auto ecm = office.recipient("ecm");
    CHECK(eventually([&] { return office.outbox.rows().at(id).state == "stored"; }));
  }
  const auto start = std::chrono::steady_clock::now();
  office.close();
  CHECK(std::chrono::steady_clock::now() - start < 4s);
  CHECK(state() == BrokerState::stopped);
}

TEST_CASE("the state topic tells birth, death and sudden death with the same epoch") {
  PostOffice office(impatient());
  LossyLine line(office.broker.port());
  office.reach({"127.0.0.1", line.port(), identities() / "ca.pem", identities() / "node.pem",
                identities() / "node.key"});
  Listener ecm("ecm", office.broker.port(), {"mailroom/v1/marburg/state/#"});
  const auto states = [&] {
    std::vector<nlohmann::json> list;
    for (const auto& message : ecm.messages()) list.push_back(nlohmann::json::parse(message.payload));
    return list;
  };
  REQUIRE(office.open_and_connected());
  line.cut();
  REQUIRE(eventually([&] { return states().size() >= 3; }));
  office.close();
  REQUIRE(eventually([&] { return states().size() >= 4; }));
  const auto told = states();
  CHECK(told[0].at("state") == "alive");
  CHECK(told[1].at("state") == "gone");
  CHECK(told[1].at("epoch") == told[0].at("epoch"));
  CHECK(told[2].at("state") == "alive");
  CHECK(told[2].at("epoch") > told[0].at("epoch"));
  CHECK(told[3].at("state") == "gone");
  Listener later("hr", office.broker.port(), {"mailroom/v1/marburg/state/#"});
  CHECK(eventually([&] { return later.messages().size() == 1 && later.messages()[0].retained; }));
}
