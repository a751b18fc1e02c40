#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/delivery/broker_access.h"

namespace mailroom::delivery {

/// One MQTT 5 PUBLISH, QoS 1 both ways.
struct MqttMessage {
  std::string topic;
  Bytes payload;
  std::string content_type = {};
  bool retained = false;
  std::optional<std::chrono::seconds> expiry = {};
  std::string response_topic = {};
  std::string correlation = {};  ///< bytes
  std::vector<std::pair<std::string, std::string>> user_properties = {};
};

/// What the broker said to a PUBLISH it took.
struct Published {
  bool had_subscriber = true;  ///< false: reason code 0x10, nobody is subscribed
};

struct MqttSettings {
  BrokerAccess access;
  std::string client_id;
  bool clean_start = true;
  std::chrono::seconds session_expiry{0};
  int receive_maximum = 20;
  std::chrono::seconds keep_alive{20};
  std::vector<std::string> subscriptions;
};

/// What the client tells its owner. All are called on the library's own thread and must not call
/// the client. A message is acknowledged to the broker when on_message returns.
struct MqttEvents {
  std::function<void(MqttMessage&&)> on_message;
  std::function<void(std::uint64_t id, Result<Published>)> on_published;  ///< exactly once per publish()
  std::function<void()> on_lost;
};

/// A connection to the broker over mutual TLS 1.2 or later; the broker's certificate must be valid
/// for the host name. It never reconnects by itself: the owner calls connect() again (after a lost
/// connection, TLS auto-reconnect of the library has lost messages). Thread-bound but for events.
class MqttClient {
 public:
  MqttClient(MqttSettings settings, MqttEvents events);
  ~MqttClient();  ///< waits a second at most
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// Connects and subscribes. Errc::unreachable when nobody answers; Errc::refused when somebody
  /// does and will not have us, or is not who its certificate should make it.
  Result<void> connect(const std::optional<MqttMessage>& will, std::chrono::milliseconds timeout);
  [[nodiscard]] bool connected() const;

  /// Hands a message over. Its outcome comes as on_published with the returned id.
  Result<std::uint64_t> publish(const MqttMessage& message);

  /// Hands a message over and waits for the broker.
  Result<Published> publish_and_wait(const MqttMessage& message, std::chrono::milliseconds timeout);

  /// With a goodbye: the will is not sent.
  void disconnect(std::chrono::milliseconds timeout);

 private:
  class Connection;
  std::shared_ptr<Connection> connection_;
};

}  // namespace mailroom::delivery
