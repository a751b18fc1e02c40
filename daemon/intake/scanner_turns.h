#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace mailroom::intake {

/// Who of us has a scanner open: a feed, or somebody who only looks at its sensors. Thread-safe; a turn
/// ends with its lock, on the thread that took it.
class ScannerTurns {
 public:
  /// Waits for its end when somebody looks at the sensors.
  [[nodiscard]] std::unique_lock<std::mutex> take(const std::string& scanner) {
    return std::unique_lock(of(scanner));
  }

  /// Without waiting; owns nothing when the scanner is in use.
  [[nodiscard]] std::unique_lock<std::mutex> try_take(const std::string& scanner) {
    return {of(scanner), std::try_to_lock};
  }

 private:
  std::mutex& of(const std::string& scanner) {
    const std::scoped_lock lock(mutex_);
    auto& turn = turns_[scanner];
    if (!turn) turn = std::make_unique<std::mutex>();
    return *turn;
  }

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<std::mutex>> turns_;
};

}  // namespace mailroom::intake
