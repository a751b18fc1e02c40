#pragma once

#include <optional>

#include "daemon/base/frame_channel.h"
#include "daemon/document/image.h"
#include "drivers/link/remote_channel.h"

namespace mailroom::drivers {

/// The daemon's end of a link: stands in for the mailroom-scan of another computer, and when the line breaks
/// says so in that process's place. Thread-bound.
class NearEnd {
 public:
  explicit NearEnd(FrameChannel& daemon) : daemon_(daemon) {}

  /// Connects and passes frames on until the daemon or the other computer closes. Errc::unreachable or
  /// refused, which the daemon has been told by then, when there is or was no connection.
  Result<void> run(const LinkAddress& address, const TlsParty& us);

 private:
  void see_order(const Frame& frame);
  void see_answer(const Frame& frame);
  void tell_loss(const Error& error);

  FrameChannel& daemon_;
  bool asked_ = false;    ///< a command has no answer yet
  bool feeding_ = false;  ///< between "started" and "end"
  bool duplex_ = false;
  int sheet_ = 1;  ///< that is expected next
  Side side_ = Side::front;
};

}  // namespace mailroom::drivers
