#pragma once

#include <functional>

#include "daemon/base/frame_channel.h"
#include "drivers/link/remote_channel.h"

namespace mailroom::drivers {

/// Sees each frame that is passed on.
struct RelayWatch {
  std::function<void(const Frame&)> from_near = {};
  std::function<void(const Frame&)> from_far = {};
};

/// Passes frames on between a helper channel (near) and another computer (far) until one of them closes:
/// success. An error is the far side's: the line broke. An image stands still here only for as long as the
/// other side takes it; what is under way is bounded by the credit of the protocol. Thread-bound.
Result<void> relay(FrameChannel& near, RemoteChannel& far, const RelayWatch& watch = {});

}  // namespace mailroom::drivers
