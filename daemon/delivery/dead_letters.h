#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/outbox.h"
#include "daemon/delivery/rate_limit.h"

namespace mailroom::delivery {

/// Writes down what cannot be acted upon; a flood from one recipient is counted, not written, so
/// that nobody can fill the disk with nonsense. Thread-safe.
class DeadLetters {
 public:
  DeadLetters(Outbox& outbox, const Clock& clock) : outbox_(outbox), clock_(clock) {}

  void write(const std::string& recipient, const MqttMessage& message, const std::string& reason);
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  bool allowed(const std::string& recipient);

  Outbox& outbox_;
  const Clock& clock_;
  std::atomic<std::uint64_t> count_ = 0;
  std::mutex mutex_;
  std::map<std::string, RateLimit> limits_;
};

}  // namespace mailroom::delivery
