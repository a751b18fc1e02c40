#pragma once

#include <functional>
#include <thread>

#include "drivers/card/card_reader.h"
#include "drivers/card/messages/messages.h"

namespace mailroom::card {

/// Watches one reader and tells of every change, and of the first sight. `tell` runs on the watch's thread.
/// Readers, cards and pcscd itself may come and go. Thread-bound.
class CardWatch {
 public:
  CardWatch(std::string reader, std::function<void(const CardSight&)> tell);
  CardWatch(const CardWatch&) = delete;
  CardWatch& operator=(const CardWatch&) = delete;
  ~CardWatch() = default;

 private:
  void run(const std::stop_token& stop) const;

  std::string reader_;
  std::function<void(const CardSight&)> tell_;
  std::jthread thread_;  // last: starts when the rest is there
};

/// What `sights` say of `reader`.
CardSight sight_of(const std::string& reader, const Result<std::vector<ReaderSight>>& sights);

}  // namespace mailroom::card
