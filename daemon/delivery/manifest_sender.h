#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/outbox.h"

namespace mailroom::delivery {

/// Sends what is owed, within each recipient's window, again with back-off until it is receipted.
/// Thread-bound.
class ManifestSender {
 public:
  ManifestSender(const SessionSettings& settings, Outbox& outbox, const Clock& clock);

  void look_again(const std::string& recipient);  ///< empty: at all recipients
  void clock_went_back();                         ///< no time that was noted before counts any more
  void send(MqttClient& client);

  /// True when the publication was one of ours.
  bool ended(std::uint64_t publication, const Result<Published>& outcome);

  /// True when the broker has not acknowledged a manifest that was handed over before `limit`.
  [[nodiscard]] bool stuck_since(std::chrono::steady_clock::time_point limit) const;

  /// When send() should be called although nothing happened.
  [[nodiscard]] std::optional<Timestamp> next_time() const;
  [[nodiscard]] std::map<std::string, RecipientStatus> status() const;
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }  ///< the broker's, or empty

 private:
  struct Line {
    std::string recipient;
    int window = 100;
    bool look = true;
    std::optional<Timestamp> next_due = {};
    Timestamp not_before = {};               ///< after an error: when to try again
    std::map<std::string, int> flying = {};  ///< manifest id to attempts, not acknowledged yet
    int unreceipted_before = 0;
    std::chrono::steady_clock::time_point full_since = std::chrono::steady_clock::now();
    RecipientStatus status = {};
  };
  struct Flight {
    std::size_t line = 0;
    std::string id;
    int attempts = 0;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  };

  int open_window(Line& line, int unreceipted) const;
  [[nodiscard]] bool has_work(const Line& line, Timestamp now) const;
  Result<void> send_line(MqttClient& client, std::size_t index);
  Result<void> send_one(MqttClient& client, std::size_t index, const OwedManifest& owed);
  [[nodiscard]] std::chrono::milliseconds pause_after(int attempts, bool had_subscriber) const;

  Topics topics_;
  std::chrono::milliseconds resend_first_;
  std::chrono::milliseconds resend_last_;
  Outbox& outbox_;
  const Clock& clock_;
  std::vector<Line> lines_;
  std::map<std::uint64_t, Flight> flights_;
  std::uint64_t sent_ = 0;
  std::string refusal_;
};

}  // namespace mailroom::delivery
