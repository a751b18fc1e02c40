#include "drivers/link/far_end.h"

#include <sys/socket.h>

#include <cerrno>

#include "daemon/base/child_process.h"
#include "daemon/base/log.h"
#include "drivers/link/relay.h"

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kConnectionLimit = 16;
constexpr auto kHandshake = 5s;
constexpr auto kFarewell = 1s;  // for the helper to close the device

}  // namespace

Result<void> FarEnd::serve_one(UniqueFd socket) const {
  notice_silence(socket.get());
  MAILROOM_TRY(TlsStream stream, TlsStream::accept(std::move(socket), us_, client_, kHandshake));
  RemoteChannel daemon(std::move(stream));
  MAILROOM_TRY(auto ends, FrameChannel::pair());
  MAILROOM_TRY(auto helper, ChildProcess::start({program_.program, program_.arguments, program_.environment,
                                                 std::move(ends.second)}));
  auto passed = relay(ends.first, daemon);
  ends.first.close();
  helper.wait(kFarewell);
  return passed;
}

Result<void> FarEnd::serve(const UniqueFd& listener) {
  for (;;) {
    UniqueFd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.valid() && errno != EINTR && errno != ECONNABORTED) return fail_errno("cannot accept", errno);
    connections_.remove_if([](const Connection& connection) { return connection.over.load(); });
    if (!socket.valid() || connections_.size() >= kConnectionLimit) continue;
    Connection& connection = connections_.emplace_back();
    connection.thread = std::jthread([this, &connection, moved = std::move(socket)]() mutable {
      const auto served = serve_one(std::move(moved));
      if (!served) log::warning(served.error().message());
      connection.over = true;
    });
  }
}

}  // namespace mailroom::drivers
