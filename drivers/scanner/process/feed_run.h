#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/base/frame_channel.h"
#include "drivers/scanner/process/orders.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// One feed: pulls sides, encodes each at once, sends it, and never has more images under way than the
/// daemon gave room for. Thread-bound to the thread that opened the scanner.
class FeedRun {
 public:
  FeedRun(Scanner& scanner, const FeedSettings& settings, Orders& orders, FrameChannel& channel)
      : scanner_(scanner), settings_(settings), orders_(orders), channel_(channel) {}

  /// Feeds to the end and tells the daemon how it ended. Fails only when the daemon is gone.
  Result<void> run();

 private:
  /// How the feed ended: a reason of the protocol, and what went wrong if something did.
  struct End {
    std::string reason;
    std::optional<FeedFault> fault = {};
  };

  Result<End> feed_all();
  Result<std::optional<End>> feed_one();
  Result<void> send_side(const ScannedSide& side);
  void report(const char* state);
  DeviceCount ask_count();

  Scanner& scanner_;
  const FeedSettings& settings_;
  Orders& orders_;
  FrameChannel& channel_;
  int sheet_ = 1;
  bool back_next_ = false;
  std::chrono::steady_clock::time_point reported_{};
};

}  // namespace mailroom::drivers
