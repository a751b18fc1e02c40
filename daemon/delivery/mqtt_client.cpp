#include "daemon/delivery/mqtt_client.h"

#include <mqtt/async_client.h>

#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "daemon/delivery/tcp.h"

namespace mailroom::delivery {
namespace {

using namespace std::chrono_literals;
using Code = mqtt::property;

constexpr std::uint32_t kPacketBytes = 300'000;  ///< as in config/broker/mosquitto.conf.in

mqtt::properties properties_of(const MqttMessage& message) {
  mqtt::properties list;
  if (!message.content_type.empty()) list.add(Code(Code::CONTENT_TYPE, message.content_type));
  if (message.expiry) list.add(Code(Code::MESSAGE_EXPIRY_INTERVAL, std::int32_t(message.expiry->count())));
  if (!message.response_topic.empty()) list.add(Code(Code::RESPONSE_TOPIC, message.response_topic));
  if (!message.correlation.empty()) list.add(Code(Code::CORRELATION_DATA, message.correlation));
  for (const auto& [name, value] : message.user_properties) list.add(Code(Code::USER_PROPERTY, name, value));
  return list;
}

std::string text_property(const mqtt::properties& list, Code::code code) {
  return list.contains(code) ? mqtt::get<std::string>(list, code) : std::string();
}

MqttMessage message_of(const mqtt::message& message) {
  const auto& payload = message.get_payload();
  const auto& list = message.get_properties();
  MqttMessage result;
  result.topic = message.get_topic();
  result.payload.assign(payload.begin(), payload.end());
  result.retained = message.is_retained();
  result.content_type = text_property(list, Code::CONTENT_TYPE);
  result.response_topic = text_property(list, Code::RESPONSE_TOPIC);
  result.correlation = text_property(list, Code::CORRELATION_DATA);
  for (std::size_t i = 0; i < list.count(Code::USER_PROPERTY); ++i) {
    auto [name, value] = mqtt::get<mqtt::string_pair>(list, Code::USER_PROPERTY, i);
    result.user_properties.emplace_back(std::move(name), std::move(value));
  }
  return result;
}

mqtt::message_ptr paho_message(const MqttMessage& message) {
  return mqtt::message::create(message.topic, message.payload.data(), message.payload.size(), 1,
                               message.retained, properties_of(message));
}

Error error_of(const mqtt::exception& error, const std::string& doing) {
  const int reason = error.get_reason_code();
  if (reason >= 0x80) {
    return {Errc::refused,
            "the broker refuses to let us " + doing + ": " + error.get_reason_code_str(),
            {},
            "check the certificate and the broker's access list"};
  }
  return {Errc::unreachable, "the broker was lost while we wanted to " + doing};
}

/// The outcome of a finished token. The library tells a reason code only by throwing from a wait.
Result<Published> outcome_of(const mqtt::token& token) {
  try {
    const_cast<mqtt::token&>(token).try_wait();
    return Published{};
  } catch (const mqtt::exception& error) {
    if (error.get_reason_code() == mqtt::NO_MATCHING_SUBSCRIBERS) return Published{false};
    return fail(error_of(error, "publish"));
  }
}

}  // namespace

/// Everything the library's thread touches. Shared with a client that may have to be abandoned.
class MqttClient::Connection : public mqtt::iaction_listener {
 public:
  Connection(MqttSettings settings, MqttEvents events)
      : settings_(std::move(settings)),
        events_(std::move(events)),
        client_(std::make_unique<mqtt::async_client>(
            "ssl://" + settings_.access.host + ":" + std::to_string(settings_.access.port),
            settings_.client_id, mqtt::create_options(MQTTVERSION_5))) {
    client_->set_connection_lost_handler([this](const std::string&) { lost(); });
    client_->set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode) { lost(); });
    client_->set_message_callback([this](const mqtt::const_message_ptr& message) {
      if (message) unless_closed([&] { events_.on_message(message_of(*message)); });
    });
  }

  Result<void> connect(const std::optional<MqttMessage>& will, std::chrono::milliseconds timeout) {
    give_up_pending();
    // Must live until connect() has returned: a copy of it still points to the will's properties
    // of the original (paho.mqtt.cpp 1.2.0).
    mqtt::connect_options connect_options;
    connect_options.set_mqtt_version(MQTTVERSION_5);
    set(connect_options, timeout);
    if (will) connect_options.set_will(mqtt::will_options(*paho_message(*will)));
    try {
      const auto token = client_->connect(connect_options);
      if (!token->wait_for(timeout)) return fail(Errc::unreachable, "the broker does not answer in time");
    } catch (const mqtt::exception& error) {
      return fail(why_not_connected(error));
    }
    send_without_delay(settings_.access.port);
    return subscribe(timeout);
  }

  Result<std::uint64_t> publish(const MqttMessage& message) {
    std::uint64_t id = 0;
    {
      const std::lock_guard lock(mutex_);
      id = ++last_id_;
      pending_.insert({id, nullptr});
    }
    return hand_over(id, message);
  }

  Result<Published> publish_and_wait(const MqttMessage& message, std::chrono::milliseconds timeout) {
    auto promise = std::make_shared<std::promise<Result<Published>>>();
    auto outcome = promise->get_future();
    std::uint64_t id = 0;
    {
      const std::lock_guard lock(mutex_);
      id = ++last_id_;
      pending_.insert({id, std::move(promise)});
    }
    if (auto handed = hand_over(id, message); !handed) return fail(handed.error());
    if (outcome.wait_for(timeout) == std::future_status::ready) return outcome.get();
    forget(id);
    return fail(Errc::timed_out, "the broker did not acknowledge a message in time");
  }

  [[nodiscard]] bool connected() const { return client_->is_connected(); }

  void disconnect(std::chrono::milliseconds timeout) {
    try {
      if (client_->is_connected()) client_->disconnect(int(timeout.count()))->wait_for(timeout);
    } catch (const mqtt::exception&) {
      // Gone already: that is what was wanted.
    }
  }

  /// No event is told any more once this has returned.
  void close() {
    {
      const std::lock_guard lock(telling_);
      closed_ = true;
    }
    disconnect(1s);
  }

  /// With actions pending the library's destructor may hang (paho.mqtt.cpp#204).
  [[nodiscard]] bool may_be_destroyed() const {
    return !client_->is_connected() && client_->get_pending_delivery_tokens().empty();
  }

 private:
  using Promise = std::shared_ptr<std::promise<Result<Published>>>;

  void set(mqtt::connect_options& connect_options, std::chrono::milliseconds timeout) const {
    const auto& access = settings_.access;
    mqtt::ssl_options ssl;
    ssl.set_trust_store(access.ca);
    ssl.set_key_store(access.certificate);
    ssl.set_private_key(access.key);
    ssl.set_enable_server_cert_auth(true);
    ssl.set_verify(true);  // the host name too, which is not the default
    ssl.set_ssl_version(MQTT_SSL_VERSION_TLS_1_2);
    mqtt::properties list;
    list.add(Code(Code::SESSION_EXPIRY_INTERVAL, std::int32_t(settings_.session_expiry.count())));
    list.add(Code(Code::RECEIVE_MAXIMUM, std::int32_t(settings_.receive_maximum)));
    list.add(Code(Code::MAXIMUM_PACKET_SIZE, std::int32_t(kPacketBytes)));
    connect_options.set_clean_start(settings_.clean_start);
    connect_options.set_automatic_reconnect(false);
    connect_options.set_keep_alive_interval(settings_.keep_alive);
    connect_options.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(timeout));
    connect_options.set_properties(list);
    connect_options.set_ssl(ssl);
  }

  Result<void> subscribe(std::chrono::milliseconds timeout) {
    try {
      for (const auto& topic : settings_.subscriptions) {
        if (!client_->subscribe(topic, 1)->wait_for(timeout)) {
          return fail(Errc::unreachable, "the broker does not answer a subscription");
        }
      }
      return {};
    } catch (const mqtt::exception& error) {
      return fail(error_of(error, "subscribe"));
    }
  }

  [[nodiscard]] Error why_not_connected(const mqtt::exception& error) const {
    const auto& access = settings_.access;
    const auto where = access.host + ":" + std::to_string(access.port);
    if (error.get_reason_code() >= 0x80) return error_of(error, "connect");
    if (!answers_tcp(access.host, access.port, 1s)) {
      return {
          Errc::unreachable, "no broker answers at " + where, {}, "start the broker or check the address"};
    }
    return {Errc::refused,
            "the broker at " + where + " and we do not accept each other",
            {},
            "check both certificates, their CA and the host name in the broker's"};
  }

  Result<std::uint64_t> hand_over(std::uint64_t id, const MqttMessage& message) {
    try {
      client_->publish(paho_message(message), reinterpret_cast<void*>(id), *this);
      return id;
    } catch (const mqtt::exception& error) {
      forget(id);
      return fail(error_of(error, "publish"));
    }
  }

  void forget(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    pending_.erase(id);
  }

  void on_success(const mqtt::token& token) override { finished(token, outcome_of(token)); }
  void on_failure(const mqtt::token& token) override { finished(token, outcome_of(token)); }

  void finished(const mqtt::token& token, const Result<Published>& outcome) {
    tell(reinterpret_cast<std::uint64_t>(token.get_user_context()), outcome);
  }

  void tell(std::uint64_t id, const Result<Published>& outcome) {
    Promise promise;
    {
      const std::lock_guard lock(mutex_);
      const auto found = pending_.find(id);
      if (found == pending_.end()) return;
      promise = found->second;
      pending_.erase(found);
    }
    if (promise) {
      promise->set_value(outcome);
    } else {
      unless_closed([&] { events_.on_published(id, outcome); });
    }
  }

  void lost() {
    give_up_pending();
    unless_closed([&] { events_.on_lost(); });
  }

  template <typename Call>
  void unless_closed(Call call) {
    const std::lock_guard lock(telling_);
    if (!closed_) call();
  }

  void give_up_pending() {
    std::vector<std::uint64_t> ids;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& entry : pending_) ids.push_back(entry.first);
    }
    for (const auto id : ids) tell(id, fail(Errc::unreachable, "the connection to the broker was lost"));
  }

  MqttSettings settings_;
  MqttEvents events_;
  std::mutex telling_;  ///< held while the owner is told something
  bool closed_ = false;
  std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Promise> pending_;
  std::unique_ptr<mqtt::async_client> client_;
};

MqttClient::MqttClient(MqttSettings settings, MqttEvents events)
    : connection_(std::make_shared<Connection>(std::move(settings), std::move(events))) {}

MqttClient::~MqttClient() {
  connection_->close();
  if (connection_->may_be_destroyed()) return;
  static std::mutex mutex;
  static std::vector<std::shared_ptr<Connection>> abandoned;  // until the process ends
  const std::lock_guard lock(mutex);
  abandoned.push_back(std::move(connection_));
}

Result<void> MqttClient::connect(const std::optional<MqttMessage>& will, std::chrono::milliseconds timeout) {
  return connection_->connect(will, timeout);
}

bool MqttClient::connected() const {
  return connection_->connected();
}

Result<std::uint64_t> MqttClient::publish(const MqttMessage& message) {
  return connection_->publish(message);
}

Result<Published> MqttClient::publish_and_wait(const MqttMessage& message,
                                               std::chrono::milliseconds timeout) {
  return connection_->publish_and_wait(message, timeout);
}

void MqttClient::disconnect(std::chrono::milliseconds timeout) {
  connection_->disconnect(timeout);
}

}  // namespace mailroom::delivery
