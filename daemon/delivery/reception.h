#pragma once

#include <atomic>
#include <cstdint>
#include <set>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/delivery/dead_letters.h"
#include "daemon/delivery/mailbox.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/outbox.h"

namespace mailroom::delivery {

/// Takes what recipients send. Receipts are committed to the outbox before receive() returns, that
/// is before the broker is told that we have them. Runs on the MQTT library's thread.
class Reception {
 public:
  Reception(Topics topics, std::set<std::string> recipients, Outbox& outbox, const Clock& clock,
            DeadLetters& dead_letters, Mailbox& mailbox)
      : topics_(std::move(topics)),
        recipients_(std::move(recipients)),
        outbox_(outbox),
        clock_(clock),
        dead_letters_(dead_letters),
        mailbox_(mailbox) {}

  /// A failed fsync ends the process here: an exception cannot cross the C library.
  void receive(MqttMessage&& message) noexcept;
  [[nodiscard]] std::uint64_t receipted() const { return receipted_; }

 private:
  void take_answer(const std::string& recipient, const MqttMessage& message);
  void take(const std::string& recipient, const MqttMessage& message, const Receipt& receipt);
  void take(const std::string& recipient, const MqttMessage& message, const Progress& progress);
  void take(const std::string& recipient, const MqttMessage& message, const Reply& reply);

  Topics topics_;
  std::set<std::string> recipients_;
  Outbox& outbox_;
  const Clock& clock_;
  DeadLetters& dead_letters_;
  Mailbox& mailbox_;
  std::atomic<std::uint64_t> receipted_ = 0;
};

}  // namespace mailroom::delivery
