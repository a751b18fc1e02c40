#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <thread>

#include "drivers/card/client/card_process.h"

namespace mailroom::station {

/// The reader for badges at one station, with its mailroom-card process on a thread of its own. Thread-safe.
class BadgeReader {
 public:
  /// `on_removal` is called on the reader's thread when a card has gone, or nobody can tell any more.
  BadgeReader(std::filesystem::path program, card::CardOptions options, std::function<void()> on_removal);
  BadgeReader(const BadgeReader&) = delete;
  BadgeReader& operator=(const BadgeReader&) = delete;
  ~BadgeReader() { stop(); }

  /// Has the badge sign; waits for it. Errors as of CardProcess::sign_challenge().
  Result<card::BadgeAnswer> sign(Bytes challenge, std::optional<std::string> pin);
  void stop();  ///< idempotent

 private:
  struct Job {
    Bytes challenge;
    std::optional<std::string> pin;
    std::promise<Result<card::BadgeAnswer>> answer;
  };
  void run();
  std::optional<Job> next_job();
  void watch(card::CardProcess& process);

  std::filesystem::path program_;
  card::CardOptions options_;
  std::function<void()> on_removal_;
  std::mutex mutex_;
  std::queue<Job> jobs_;
  bool stopping_ = false;
  bool card_seen_ = false;  // of the thread
  std::thread thread_;      // last: starts when the rest is there
};

}  // namespace mailroom::station
