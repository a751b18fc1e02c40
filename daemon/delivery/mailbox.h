#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/delivery/mqtt_client.h"

namespace mailroom::delivery {

/// What wakes the delivery's thread.
struct RequestArrived {
  std::string recipient;
  MqttMessage message;
};
struct NoteOwed {
  std::string recipient;
  std::string id;
  std::int64_t seq = 0;
};
struct EventOwed {
  std::string recipient;
  std::string text;
};
struct PublishEnded {
  std::uint64_t id = 0;
  Result<Published> outcome;
};
struct WorkChanged {
  std::string recipient;  ///< empty: any
};
struct LineLost {};
using Event = std::variant<RequestArrived, NoteOwed, EventOwed, PublishEnded, WorkChanged, LineLost>;

/// Events from other threads for the delivery's own. Thread-safe.
class Mailbox {
 public:
  void put(Event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    changed_.notify_one();
  }

  /// Everything that is there, after waiting for something until `deadline` or `stop`.
  std::vector<Event> take(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, stop, deadline, [this] { return !events_.empty(); });
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Event> events_;
};

}  // namespace mailroom::delivery
