#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/intake/catalogue_outbox.h"
#include "tests/delivery/post_office.h"

namespace mailroom::test {

/// A clock that the test moves while others read it. Thread-safe.
class MovingClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override {
    return SystemClock().now() + std::chrono::milliseconds(ahead_.load());
  }
  void move(std::chrono::milliseconds by) { ahead_ += by.count(); }

 private:
  std::atomic<std::int64_t> ahead_ = 0;
};

/// A real catalogue that owes letters, without the way of a batch before it.
class OwedArchive {
 public:
  explicit OwedArchive(const std::filesystem::path& folder, const Clock& clock)
      : contents(archive::ContentStore::open(folder / "content").value()),
        catalogue(archive::Catalogue::open(folder / "catalogue.db").value()),
        outbox(
            core, catalogue, contents, clock, count_answers(), [] {}, count_dead()),
        clock_(clock),
        signer_(read_identity(identities(), "appliance").value()) {
    run("INSERT INTO config_snapshot VALUES ('d', '{}', '')");
    run("INSERT INTO batch (id, number, state, scanner, operator, profile, config_digest, received_date, "
        "channel, "
        "opened_at) VALUES ('b', '26-00001', 'released', 's', 'mm', 'post', 'd', '2026-11-25', 'letter', "
        "'')");
  }

  /// Owes `count` letters to `recipient`; gives their ids in the order in which they are owed.
  std::vector<std::string> owe(int count, const std::string& recipient = "ecm") {
    std::vector<std::string> ids;
    core.call([&] {
      auto transaction = catalogue.database().begin().value();
      for (int i = 0; i < count; ++i) ids.push_back(owe_one(recipient));
      if (!transaction.commit()) throw std::runtime_error("commit");
    });
    return ids;
  }
  int count(const std::string& state) {
    return core.call([&] {
      auto row = catalogue.database().query("SELECT count(*) FROM outbox WHERE state = ?1", state).value();
      if (!row.next()) throw std::runtime_error("count");
      return int(row.integer(0));
    });
  }

  WorkThread core;
  archive::ContentStore contents;
  archive::Catalogue catalogue;
  intake::CatalogueOutbox outbox;
  std::atomic<int> answers = 0;  ///< recorded
  std::atomic<int> dead = 0;

 private:
  intake::OnAnswer count_answers() {
    return [this](auto&, const auto&, const auto&) {
      ++answers;
      return Result<void>();
    };
  }
  intake::OnDead count_dead() {
    return [this](auto&, const auto&) {
      ++dead;
      return Result<void>();
    };
  }
  void run(const std::string& sql) {
    core.call([&] {
      if (!catalogue.database().run(sql)) throw std::runtime_error(sql);
    });
  }
  std::string owe_one(const std::string& recipient) {
    const std::string number = "26-00001-" + std::to_string(++documents_);
    const std::string document = new_uuid(clock_);
    const Bytes pdf = random_bytes(64);
    delivery::ManifestFacts facts;
    facts.id = new_uuid(clock_);
    facts.site = "marburg";
    facts.node = "mailroom-1";
    facts.time = clock_.now();
    facts.recipient = recipient;
    facts.number = number;
    facts.document_class = "letter";
    facts.department = "buergerbuero";
    facts.received = {"2026-11-25", Channel::letter};
    facts.audit_seq = 1;
    facts.audit_head = std::string(64, 'a');
    facts.contents.push_back({"document", "application/pdf", pdf.size(), sha256_hex(pdf), false, pdf});
    if (!catalogue.database().run(
            "INSERT INTO document (id, batch, key, number, state, class, department, priority, "
            "received_date, "
            "channel, originals, confidentiality, created_at) VALUES (?1, 'b', ?2, ?2, 'owed', 'letter', "
            "'buergerbuero', 'ordinary', '2026-11-25', 'letter', 'destroy', 'normal', '')",
            document, number))
      throw std::runtime_error("document");
    archive::DeliveryRow row;
    row.id = facts.id;
    row.document = document;
    row.recipient = recipient;
    row.manifest = delivery::build_manifest(facts, [this](ByteView text) {
                     return sign_detached(text, signer_);
                   }).value();
    if (!catalogue.deliveries().insert(row, clock_.now())) throw std::runtime_error("outbox");
    return row.id;
  }

  const Clock& clock_;
  Identity signer_;
  int documents_ = 0;
};

/// A delivery session over an OwedArchive, on a thread of its own.
class Sending {
 public:
  Sending(int broker_port, OwedArchive& archive, const Clock& clock, delivery::SessionSettings settings)
      : session_(with_broker(std::move(settings), broker_port), archive.outbox, clock),
        thread_([this](const std::stop_token& stop) { session_.run(stop); }) {}
  delivery::DeliverySession& session() { return session_; }

 private:
  static delivery::SessionSettings with_broker(delivery::SessionSettings settings, int port) {
    settings.broker = access_of("node", port);
    settings.site = "marburg";
    settings.node = "mailroom-1";
    if (settings.recipients.empty()) settings.recipients = {{"ecm"}, {"payment"}};
    return settings;
  }
  delivery::DeliverySession session_;
  std::jthread thread_;
};

/// A recipient of the tests' own that answers each manifest as `answer` says, as often as it says.
class QuickRecipient {
 public:
  using Answer = std::function<std::vector<std::string>(const delivery::ReadManifest&)>;

  QuickRecipient(const std::string& name, int port, Answer answer)
      : topics_("marburg"), name_(name), answer_(std::move(answer)), client_(settings(port), events()) {
    const auto connected = client_.connect(std::nullopt, 5s);
    if (!connected) throw std::runtime_error(connected.error().message());
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }

  static std::string stored(const delivery::ReadManifest& manifest) {
    delivery::Receipt receipt{manifest.id, delivery::ReceiptStatus::stored, "r", {}, "", 0};
    for (const auto& content : manifest.contents) receipt.contents.push_back({content.role, content.sha256});
    return delivery::answer_text(receipt);
  }
  [[nodiscard]] std::set<std::string> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  delivery::MqttSettings settings(int port) const {
    delivery::MqttSettings settings;
    settings.access = access_of(name_, port);
    settings.client_id = name_ + "-quick";
    settings.receive_maximum = 1000;
    settings.subscriptions = {topics_.manifest(name_)};
    return settings;
  }
  delivery::MqttEvents events() {
    return {[this](delivery::MqttMessage&& message) {
              const std::lock_guard lock(mutex_);
              arrived_.push_back(std::move(message.payload));
              changed_.notify_one();
            },
            [](std::uint64_t, const Result<delivery::Published>&) {}, [] {}};
  }
  void work(const std::stop_token& stop) {
    for (;;) {
      Bytes payload;
      {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return !arrived_.empty(); })) return;
        payload = std::move(arrived_.front());
        arrived_.pop_front();
      }
      const auto manifest = delivery::read_manifest(as_text(payload));
      if (!manifest) continue;
      {
        const std::lock_guard lock(mutex_);
        seen_.insert(manifest->id);
      }
      for (const auto& text : answer_(*manifest)) {
        delivery::MqttMessage message;
        message.topic = topics_.receipt(name_);
        message.payload.assign(text.begin(), text.end());
        (void)client_.publish(message);  // lost with the broker: the manifest comes again
      }
    }
  }

  delivery::Topics topics_;
  std::string name_;
  Answer answer_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Bytes> arrived_;
  std::set<std::string> seen_;
  delivery::MqttClient client_;
  std::jthread thread_;
};

}  // namespace mailroom::test
