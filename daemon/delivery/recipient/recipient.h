#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/crypto/certificate.h"
#include "daemon/delivery/manifest.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/recipient/delivery_folder.h"

namespace mailroom::delivery {

class BlockFetch;

struct RecipientSettings {
  std::string id;    ///< "ecm"
  std::string site;  ///< "marburg"
  BrokerAccess broker;
  std::filesystem::path trust;  ///< PEM: who issued the appliance's signing certificate
  std::filesystem::path out;
  bool decrypt = false;   ///< with the broker identity's key
  bool progress = false;  ///< tell each step
  std::set<std::string> reject_classes = {};
  std::set<std::string> return_classes = {};
  std::map<std::string, std::filesystem::path> replies = {};  ///< by class: the PDF that its citizen is answered with
  int count = 0;                       ///< end after so many concluded deliveries; 0: never
  std::chrono::seconds until_idle{0};  ///< end after so long without a message; 0: never
};

/// The reference recipient: stores each delivery durably in a folder, then sends its receipt
/// (docs/contract.md). run() is bound to one thread.
class Recipient {
 public:
  Recipient(RecipientSettings settings, DeliveryFolder folder, Certificate trusted,
            std::optional<Identity> identity);

  /// Returns when it is done, idle or stopped. Errc::refused when the broker will not have us.
  Result<void> run(const std::stop_token& stop);

 private:
  using Steady = std::chrono::steady_clock;

  void put(MqttMessage&& message);
  std::optional<MqttMessage> take(Steady::time_point deadline, const std::stop_token& stop);

  Result<void> stay_connected(MqttClient& client, const std::stop_token& stop);
  void sort(MqttMessage&& message);
  void take_noted(const MqttMessage& message);
  Result<void> tell_what_is_held(MqttClient& client, const MqttMessage& state);
  Result<void> deliver(MqttClient& client, const Bytes& payload, const std::stop_token& stop);
  Result<void> check(const ReadManifest& manifest) const;
  Result<void> store(MqttClient& client, const ReadManifest& manifest, const Bytes& payload,
                     const std::stop_token& stop);
  Result<Bytes> fetch(MqttClient& client, const std::string& id, const ManifestContent& content,
                      const std::stop_token& stop);
  Result<void> fetch_some(MqttClient& client, BlockFetch& blocks, const std::stop_token& stop);
  Result<void> send_receipt(MqttClient& client, const ReadManifest& manifest);
  Result<void> send_and_repeat(MqttClient& client, const std::string& id, std::int64_t seq, std::string text);
  void tell_progress(MqttClient& client, const std::string& id, std::int64_t seq, const std::string& step,
                     const std::string& text);
  Result<void> answer_citizen(MqttClient& client, const ReadManifest& manifest);
  void repeat_unnoted(MqttClient& client);
  Result<void> publish(MqttClient& client, const std::string& topic, std::string_view text);
  [[nodiscard]] bool done() const;

  RecipientSettings settings_;
  DeliveryFolder folder_;
  std::vector<Certificate> trusted_;
  std::optional<Identity> identity_;
  Topics topics_;
  std::string block_topic_;
  bool was_connected_ = false;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<MqttMessage> arrived_;

  struct Unnoted {
    std::string text;
    Steady::time_point sent;
  };
  std::deque<Bytes> manifests_;
  std::deque<MqttMessage> blocks_;
  std::deque<MqttMessage> states_;
  std::map<std::pair<std::string, std::int64_t>, Unnoted> unnoted_;
  std::set<std::string> concluded_;
  Steady::time_point last_message_ = Steady::now();
};

}  // namespace mailroom::delivery
