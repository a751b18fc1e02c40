#include <catch2/catch.hpp>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/delivery/deadline_event.h"
#include "tests/delivery/post_office.h"
#include "tests/delivery/python.h"
#include "tests/support/places.h"

using namespace mailroom;
using namespace mailroom::test;
using delivery::BrokerState;

namespace {

Bytes file(const std::filesystem::path& path) {
  return read_file(path).value_or(Bytes{});
}

/// Every message in the form tests/delivery/check_contract.py reads.
std::filesystem::path written_down(const std::vector<delivery::MqttMessage>& messages,
                                   const std::filesystem::path& path) {
  std::ofstream out(path);
  for (const auto& message : messages) {
    out << nlohmann::json{{"topic", message.topic},
                          {"payload", to_base64(message.payload)},
                          {"content_type", message.content_type},
                          {"properties", nlohmann::json(message.user_properties)}}
               .dump()
        << "\n";
  }
  return path;
}

}  // namespace

TEST_CASE("documents of any size reach the recipient whole and are receipted at once") {
  PostOffice office(impatient());
  auto ecm = office.recipient("ecm");
  REQUIRE(office.open_and_connected());
  std::vector<std::string> ids;
  for (const std::size_t size :
       {std::size_t{1}, delivery::kBlockBytes, delivery::kBlockBytes + 1, std::size_t{3'000'000}}) {
    ids.push_back(office.owe({"ecm", "letter", size}));
  }
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 4; }));
  for (const auto& id : ids) {
    const auto row = office.outbox.rows().at(id);
    const auto pdf = file(office.received("ecm") / id / "document.pdf");
    CHECK(row.contents.at(sha256_hex(pdf)) == pdf);
    CHECK(as_text(file(office.received("ecm") / id / "manifest.json")) == row.manifest);
    CHECK(as_text(file(office.received("ecm") / id / "transfer-note.json")) == "{}");
    CHECK(row.record == id);
  }
}

TEST_CASE("a confidential document is readable only with the recipient's key and names nobody outside") {
  PostOffice office(impatient());
  auto hr = office.recipient("hr", {"--decrypt"});
  REQUIRE(office.open_and_connected());
  const auto id = office.owe({"hr", "personnel", 200'000, Priority::ordinary, true});
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 1; }));
  const auto folder = office.received("hr") / id;
  const auto manifest = std::string(as_text(file(folder / "manifest.json")));
  CHECK(manifest.find("Mustermann") == std::string::npos);
  CHECK(nlohmann::json::parse(manifest).at("data").at("document").contains("fields") == false);
  CHECK(as_text(file(folder / "fields.json")).find("Erika Mustermann") != std::string::npos);
  const auto sealed = file(folder / "document.pdf.p7m");
  CHECK(file(folder / "document.pdf").size() == 200'000);
  CHECK(decrypt_with(sealed, read_identity(identities(), "payment").value()).error().code == Errc::refused);
}

TEST_CASE("rejected and returned conclude a delivery, progress and returned are noted") {
  PostOffice office(impatient());
  auto ecm = office.recipient(
      "ecm", {"--progress", "--reject-class", "spam", "--return-class", "asset", "--count", "3"});
  REQUIRE(office.open_and_connected());
  const auto kept = office.owe();
  const auto rejected = office.owe({"ecm", "spam"});
  const auto returned = office.owe({"ecm", "asset"});
  // It ends only when all it told was noted.
  const auto ended = ecm.wait(10s);
  REQUIRE(ended.has_value());
  CHECK(ended->code == 0);
  const auto rows = office.outbox.rows();
  CHECK(rows.at(kept).state == "stored");
  CHECK(rows.at(kept).progress.size() == 2);
  CHECK(rows.at(rejected).state == "rejected");
  CHECK(rows.at(returned).state == "returned");
  CHECK(rows.at(returned).reason == "this document is not for us");
}

TEST_CASE("urgent documents overtake, at most 100 are unreceipted, a tenth of them waits for those sent in vain") {
  PostOffice office;
  for (int i = 0; i < 150; ++i) office.owe();
  const auto urgent = office.owe({"ecm", "letter", 10, Priority::urgent});
  Listener silent("ecm", office.broker.port(), {"mailroom/v1/marburg/to/ecm/manifest"});
  REQUIRE(office.open_and_connected());
  REQUIRE(eventually([&] { return silent.messages().size() == 90; }));
  std::this_thread::sleep_for(300ms);
  const auto messages = silent.messages();
  REQUIRE(messages.size() == 90);
  CHECK(nlohmann::json::parse(messages.front().payload).at("id") == urgent);
  CHECK(office.outbox.most_unreceipted() == 90);
  CHECK(office.session->status().recipients.at("ecm").window_full);

  // One receipt makes room for one more.
  const auto first = delivery::read_manifest(as_text(messages.front().payload)).value();
  delivery::Receipt receipt{first.id, delivery::ReceiptStatus::stored, "r", {}, "", 0};
  for (const auto& content : first.contents) receipt.contents.push_back({content.role, content.sha256});
  REQUIRE(silent.say("mailroom/v1/marburg/from/ecm/receipt", delivery::answer_text(receipt)));
  CHECK(eventually([&] { return silent.messages().size() == 91; }));
}

TEST_CASE("every message on the wire obeys the published schemas") {
  PostOffice office(impatient());
  Listener sniffer("sniffer", office.broker.port(), {"mailroom/#"});
  auto ecm = office.recipient("ecm", {"--progress", "--return-class", "asset"});
  auto hr = office.recipient("hr");
  REQUIRE(office.open_and_connected());
  office.owe({"ecm", "letter", 300'000});
  office.owe({"ecm", "asset"});
  office.owe({"hr", "personnel", 150'000, Priority::deadline, true});
  office.session->tell("ecm", delivery::deadline_event({new_uuid(SystemClock{}), "marburg", "mailroom-1",
                                                        "2026-11-23T20:15:30.123Z", new_uuid(SystemClock{}),
                                                        "26-00042-1", "R-4711", "1530.00", "skonto", "soon",
                                                        "2026-11-28", "2026-11-27"}));
  REQUIRE(eventually([&] { return office.outbox.count("owed") == 0; }));
  Listener asker("ecm", office.broker.port(), {});
  REQUIRE(asker.say("mailroom/v1/marburg/from/ecm/request",
                    delivery::request_text({new_uuid(SystemClock{}), sha256_hex({}), 0, 1}),
                    "mailroom/v1/marburg/to/ecm/block/x"));
  const auto seen = [&](const std::string& part) {
    const auto messages = sniffer.messages();
    return std::any_of(messages.begin(), messages.end(),
                       [&](const auto& message) { return message.topic.ends_with(part); });
  };
  REQUIRE(eventually([&] { return seen("/to/ecm/block/x") && seen("/noted") && seen("/to/ecm/event"); }));
  office.close();
  REQUIRE(eventually([&] {
    const auto messages = sniffer.messages();
    return as_text(messages.back().payload).find("\"gone\"") != std::string::npos;
  }));
  for (const auto* part :
       {"/to/ecm/manifest", "/from/ecm/request", "/from/ecm/receipt", "/state/mailroom-1"}) {
    CHECK(seen(part));
  }
  const auto record = written_down(sniffer.messages(), office.folder.path() / "wire.jsonl");
  CHECK(run_python({source_path("tests/delivery/check_contract.py"), record}) == 0);
}

TEST_CASE("the examples of the contract obey its schemas") {
  CHECK(run_python({source_path("tests/delivery/check_contract.py")}) == 0);
}

TEST_CASE("the example consumer of the contract stores and receipts") {
  PostOffice office(impatient());
  REQUIRE(office.open_and_connected());
  const auto out = office.folder.path() / "example";
  std::filesystem::create_directories(out);
  const auto id = office.owe({"payment", "invoice", 1'000'000});
  const auto port = std::to_string(office.broker.port());
  CHECK(run_python({source_path("config/contract/example/consumer.py"), "--id", "payment", "--site",
                    "marburg", "--port", port, "--ca", identities() / "ca.pem", "--cert",
                    identities() / "payment.pem", "--key", identities() / "payment.key", "--out", out,
                    "--count", "1"}) == 0);
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 1; }));
  CHECK(office.outbox.rows().at(id).contents.contains(sha256_hex(file(out / id / "0-document.pdf"))));
}

TEST_CASE("payment can neither read ecm's topics nor answer for it") {
  PostOffice office(impatient());
  Listener payment("payment", office.broker.port(), {"mailroom/#", "mailroom/v1/marburg/to/ecm/#"});
  auto ecm = office.recipient("ecm");
  REQUIRE(office.open_and_connected());
  const auto id = office.owe({"ecm", "letter", 300'000});
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 1; }));
  for (const auto* kind : {"receipt", "request"}) {
    const auto forged = payment.say(std::string("mailroom/v1/marburg/from/ecm/") + kind, "{}");
    REQUIRE_FALSE(forged.has_value());
    CHECK(forged.error().code == Errc::refused);
  }
  CHECK(payment.say("mailroom/v1/marburg/to/ecm/manifest", "{}").error().code == Errc::refused);
  CHECK(payment.say("mailroom/v1/marburg/state/mailroom-1", "{}").error().code == Errc::refused);

  // What it may say does not help it either: neither a receipt nor a request for ecm's delivery.
  const auto manifest = delivery::read_manifest(office.outbox.rows().at(id).manifest).value();
  const auto own = office.owe({"payment", "invoice"});
  delivery::Receipt receipt{id, delivery::ReceiptStatus::rejected, "", {}, "mine", 0};
  REQUIRE(payment.say("mailroom/v1/marburg/from/payment/receipt", delivery::answer_text(receipt)));
  REQUIRE(payment.say("mailroom/v1/marburg/from/payment/request",
                      delivery::request_text({id, manifest.contents[0].sha256, 0, 4}),
                      "mailroom/v1/marburg/to/payment/block/x"));
  CHECK(eventually([&] { return office.outbox.letters().size() == 2; }));
  CHECK(office.outbox.rows().at(id).state == "stored");
  std::this_thread::sleep_for(200ms);
  for (const auto& message : payment.messages()) {
    INFO(message.topic);
    const bool allowed = message.topic.find("/to/payment/") != std::string::npos ||
                         message.topic.find("/state/") != std::string::npos;
    CHECK(allowed);
    CHECK(message.payload.size() < 3000);
  }
  CHECK(office.outbox.rows().at(own).state == "owed");
}

TEST_CASE("delivery is a matter of milliseconds, and of megabytes a second for large contents") {
  PostOffice office(impatient());
  auto ecm = office.recipient("ecm");
  REQUIRE(office.open_and_connected());
  office.owe();
  REQUIRE(eventually([&] { return office.outbox.count("stored") == 1; }));
  const auto timed = [&](int count, std::size_t bytes) {
    const auto before = office.outbox.count("stored");
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) office.owe({"ecm", "letter", bytes});
    REQUIRE(eventually([&] { return office.outbox.count("stored") == before + count; }, 30s));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const auto one = timed(1, 100'000);
  const auto many = timed(60, 60'000);
  const auto large = timed(1, 40'000'000);
  std::cout << "one document receipted after " << one * 1000 << " ms; " << 60 / many << " documents/s; "
            << 40 / large << " MB/s\n";
  CHECK(one < 2);
  CHECK(large < 20);
}
