#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/delivery/manifest.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/outbox.h"
#include "tests/delivery/broker.h"

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

/// A delivery session on a thread of its own.
class Sending {
 public:
  Sending(int broker_port, delivery::Outbox& outbox, const Clock& clock, delivery::SessionSettings settings)
      : session_(with_broker(std::move(settings), broker_port), outbox, clock),
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
