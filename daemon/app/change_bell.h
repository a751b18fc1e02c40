#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace mailroom::app {

/// Tells those who wait that something in the catalogue has changed. Thread-safe.
class ChangeBell {
 public:
  void ring() {
    {
      const std::scoped_lock lock(mutex_);
      ++rung_;
    }
    wake_.notify_all();
  }

  /// Waits until it has rung more often than `seen`, at most `timeout`; gives how often it has rung.
  std::uint64_t wait(std::uint64_t seen, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, timeout, [&] { return rung_ > seen; });
    return rung_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t rung_ = 0;
};

}  // namespace mailroom::app
