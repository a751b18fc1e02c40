#pragma once

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/base/child_process.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/unique_fd.h"
#include "daemon/delivery/broker_config.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/tcp.h"
#include "tests/support/identities.h"
#include "tests/support/reserved_port.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

using namespace std::chrono_literals;

template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = 10s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

inline delivery::BrokerAccess access_of(const std::string& name, int port) {
  return {"127.0.0.1", port, identities() / "ca.pem", identities() / (name + ".pem"),
          identities() / (name + ".key")};
}

/// A real mosquitto with the configuration that set-up writes, plus a sniffer that may read all, plus
/// lines of the test's own.
class Broker {
 public:
  explicit Broker(const std::filesystem::path& folder, std::string_view more = "") {
    delivery::BrokerPlan plan;
    plan.port = port();
    plan.ca = identities() / "ca.pem";
    plan.certificate = identities() / "broker.pem";
    plan.key = identities() / "broker.key";
    plan.site = "marburg";
    plan.node = "mailroom-1";
    plan.recipients = {"ecm", "payment", "hr"};
    if (::geteuid() == 0) plan.system_user = "root";
    files_ = delivery::write_broker_config(folder, plan).value();
    append(files_.access_list, "user sniffer\ntopic read mailroom/#\n");
    append(files_.configuration, more);
    start();
  }

  void start() {
    child_ = ChildProcess::start({"/usr/sbin/mosquitto", {"-c", files_.configuration.string()}}).value();
    const bool up = eventually([this] { return delivery::answers_tcp("127.0.0.1", port(), 200ms); });
    if (!up) throw std::runtime_error("mosquitto does not start");
  }
  void kill() { child_.kill(); }
  [[nodiscard]] int port() const { return port_.number(); }

 private:
  static void append(const std::filesystem::path& file, std::string_view text) {
    auto bytes = read_file(file).value();
    const auto more = as_bytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
    if (!write_durably(file, bytes)) throw std::runtime_error("the broker's files cannot be written");
  }

  ReservedPort port_;
  delivery::BrokerFiles files_;
  ChildProcess child_;
};

/// A client of the tests' own: remembers what it gets.
class Listener {
 public:
  Listener(const std::string& name, int port, std::vector<std::string> topics,
           const std::string& client_id = "")
      : client_(settings(name, port, std::move(topics), client_id),
                {[this](delivery::MqttMessage&& message) {
                   const std::lock_guard lock(mutex_);
                   messages_.push_back(std::move(message));
                 },
                 [](std::uint64_t, const Result<delivery::Published>&) {}, [] {}}) {
    const auto connected = client_.connect(std::nullopt, 5s);
    if (!connected) throw std::runtime_error(connected.error().message());
  }

  std::vector<delivery::MqttMessage> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  Result<delivery::Published> say(const std::string& topic, std::string_view text,
                                  const std::string& response_topic = "") {
    delivery::MqttMessage message;
    message.topic = topic;
    message.payload.assign(text.begin(), text.end());
    message.response_topic = response_topic;
    message.correlation = response_topic.empty() ? "" : "c";
    return client_.publish_and_wait(message, 5s);
  }
  delivery::MqttClient& client() { return client_; }

 private:
  static delivery::MqttSettings settings(const std::string& name, int port, std::vector<std::string> topics,
                                         const std::string& client_id) {
    delivery::MqttSettings settings;
    settings.access = access_of(name, port);
    settings.client_id = client_id.empty() ? name + "-test" : client_id;
    settings.receive_maximum = 1000;
    settings.subscriptions = std::move(topics);
    return settings;
  }

  mutable std::mutex mutex_;
  std::vector<delivery::MqttMessage> messages_;
  delivery::MqttClient client_;
};

/// A session that resends soon, for tests that lose messages on purpose.
inline delivery::SessionSettings impatient() {
  delivery::SessionSettings settings;
  settings.resend_first = 300ms;
  settings.resend_last = 1s;
  settings.reconnect_last = 500ms;
  return settings;
}

}  // namespace mailroom::test
