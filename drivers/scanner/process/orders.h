#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/base/frame_channel.h"

namespace mailroom::drivers {

/// What the daemon wants, read from the channel by a thread of its own, because the thread that drives the
/// scanner may be inside SANE for seconds. All functions are for that driving thread.
class Orders {
 public:
  /// `channel` outlives this; nobody else reads from it.
  explicit Orders(FrameChannel& channel);
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;
  ~Orders();

  /// Waits for the next command ("list" or "feed"); nullopt when the daemon is gone.
  std::optional<Frame> next_command();

  /// Waits until an image may be sent, and counts it as sent. Calls `waiting` several times a second
  /// meanwhile. False when the feed shall end at once instead.
  bool take_room(const std::function<void()>& waiting);

  /// True when the feed shall end after the sheet in flight.
  [[nodiscard]] bool stop_asked() const;

 private:
  void listen();
  void obey(Frame frame);

  FrameChannel& channel_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Frame> commands_;
  long room_ = 0;  ///< images that may be sent before the next "taken"
  bool stop_ = false;
  bool stop_now_ = false;
  bool gone_ = false;
  std::thread thread_;
};

}  // namespace mailroom::drivers
