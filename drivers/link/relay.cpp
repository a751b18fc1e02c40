#include "drivers/link/relay.h"

#include <poll.h>

#include <cerrno>

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

constexpr auto kNearPatience = 5s;  // for the rest of a frame of a process on this computer

/// False when the near side has closed, cleanly or not: there is nobody left to tell.
Result<bool> pass_on_from_near(FrameChannel& near, RemoteChannel& far, const RelayWatch& watch) {
  auto frame = near.receive(kNearPatience);
  if (!frame || !*frame) return false;
  if (watch.from_near) watch.from_near(**frame);
  MAILROOM_TRY_VOID(far.send(**frame));
  return true;
}

/// False when either side has closed.
Result<bool> pass_on_from_far(FrameChannel& near, RemoteChannel& far, const RelayWatch& watch) {
  MAILROOM_TRY(const auto frame, far.receive());
  if (!frame) return false;
  if (watch.from_far) watch.from_far(*frame);
  return bool(near.send(*frame));
}

}  // namespace

Result<void> relay(FrameChannel& near, RemoteChannel& far, const RelayWatch& watch) {
  for (;;) {
    pollfd wanted[] = {{near.fd(), POLLIN, 0}, {far.fd(), POLLIN, 0}};
    const bool held = far.holds_bytes();
    if (::poll(wanted, 2, held ? 0 : -1) < 0 && errno != EINTR)
      return fail_errno("cannot wait for frames", errno);
    if (wanted[0].revents != 0) {
      MAILROOM_TRY(const bool open, pass_on_from_near(near, far, watch));
      if (!open) return {};
    }
    if (held || wanted[1].revents != 0) {
      MAILROOM_TRY(const bool open, pass_on_from_far(near, far, watch));
      if (!open) return {};
    }
  }
}

}  // namespace mailroom::drivers
