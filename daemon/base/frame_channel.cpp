#include "daemon/base/frame_channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "daemon/base/frame_wire.h"

namespace mailroom {
namespace {

constexpr std::size_t kInlineLimit = 64U << 10U;
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

using Deadline = std::chrono::steady_clock::time_point;

Result<void> wait_for(int fd, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() < 0) return fail(Errc::timed_out, "the helper process gave no answer in time");
    pollfd wanted{fd, events, 0};
    const int ready = ::poll(&wanted, 1, int(std::min<long long>(left.count(), 1 << 30)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return fail_errno("cannot poll the helper channel", errno);
  }
}

tl::unexpected<Error> gone() { return fail(Errc::crashed, "the process at the other end is gone"); }

/// Reads exactly `size` bytes; false when the peer closed before the first one.
Result<bool> read_exactly(int fd, void* into, std::size_t size, Deadline deadline) {
  auto* bytes = static_cast<char*>(into);
  std::size_t filled = 0;
  while (filled < size) {
    MAILROOM_TRY_VOID(wait_for(fd, POLLIN, deadline));
    const ssize_t got = ::recv(fd, bytes + filled, size - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == ECONNRESET) return gone();
    if (got < 0) return fail_errno("cannot read from the helper", errno);
    if (got == 0 && filled == 0) return false;
    if (got == 0) return gone();
    filled += std::size_t(got);
  }
  return true;
}

/// Reads the header and the descriptor that may ride with its first byte.
Result<bool> read_header(int fd, FrameHeadBytes& header, UniqueFd& attached, Deadline deadline) {
  MAILROOM_TRY_VOID(wait_for(fd, POLLIN, deadline));
  iovec part{header.data(), header.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  if (got == 0 || (got < 0 && errno == ECONNRESET)) return false;
  if (got < 0) return fail_errno("cannot read from the helper", errno);
  for (auto* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    int received = -1;
    std::memcpy(&received, CMSG_DATA(c), sizeof received);
    attached.reset(received);
  }
  const auto rest = header.size() - std::size_t(got);
  if (rest == 0) return true;
  MAILROOM_TRY(const bool complete, read_exactly(fd, header.data() + got, rest, deadline));
  if (!complete) return gone();
  return true;
}

Result<UniqueFd> seal_into_memfd(ByteView payload) {
  UniqueFd fd(::memfd_create("mailroom-payload", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid()) return fail_errno("cannot create a memory file", errno);
  while (!payload.empty()) {
    const ssize_t written = ::write(fd.get(), payload.data(), payload.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("cannot fill a memory file", errno);
    payload = payload.subspan(std::size_t(written));
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) return fail_errno("cannot seal a memory file", errno);
  return fd;
}

Result<Bytes> read_sealed(const UniqueFd& fd, std::size_t size) {
  const int seals = fd.valid() ? ::fcntl(fd.get(), F_GET_SEALS) : -1;
  if (seals < 0 || (seals & kSeals) != kSeals) return fail(Errc::corrupt, "the helper sent an unsealed payload");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || std::size_t(status.st_size) != size) {
    return fail(Errc::corrupt, "the helper's payload has another size than announced");
  }
  Bytes bytes(size);
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::pread(fd.get(), bytes.data() + filled, size - filled, off_t(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(Errc::corrupt, "the helper's payload cannot be read");
    filled += std::size_t(got);
  }
  return bytes;
}

Result<void> send_bytes(int fd, ByteView bytes, int attached = -1) {
  bool first = true;
  while (!bytes.empty()) {
    iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (first && attached >= 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      auto* c = CMSG_FIRSTHDR(&message);
      c->cmsg_level = SOL_SOCKET;
      c->cmsg_type = SCM_RIGHTS;
      c->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(c), &attached, sizeof attached);
    }
    const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return gone();
    if (sent < 0) return fail_errno("cannot write to the helper", errno);
    first = false;
    bytes = bytes.subspan(std::size_t(sent));
  }
  return {};
}

}  // namespace

Result<std::pair<FrameChannel, UniqueFd>> FrameChannel::pair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) {
    return fail_errno("cannot create a socket pair", errno);
  }
  return std::pair{FrameChannel(UniqueFd(fds[0])), UniqueFd(fds[1])};
}

Result<void> FrameChannel::send(const Frame& frame) {
  const std::string body = write_frame_body(frame);
  const bool by_fd = frame.payload.size() >= kInlineLimit;
  UniqueFd memory;
  if (by_fd) {
    MAILROOM_TRY(memory, seal_into_memfd(frame.payload));
  }
  MAILROOM_TRY_VOID(
      send_bytes(socket_.get(), write_frame_head({body.size(), frame.payload.size(), by_fd}), memory.get()));
  MAILROOM_TRY_VOID(send_bytes(socket_.get(), as_bytes(body)));
  if (by_fd) return {};
  return send_bytes(socket_.get(), frame.payload);
}

Result<std::optional<Frame>> FrameChannel::receive(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  FrameHeadBytes header{};
  UniqueFd attached;
  MAILROOM_TRY(const bool started, read_header(socket_.get(), header, attached, deadline));
  if (!started) return std::optional<Frame>{};
  MAILROOM_TRY(const FrameHead head, read_frame_head(header));
  std::string body(head.body_size, '\0');
  MAILROOM_TRY(const bool has_body, read_exactly(socket_.get(), body.data(), body.size(), deadline));
  if (!has_body && !body.empty()) return gone();
  MAILROOM_TRY(Frame frame, read_frame_body(body));
  if (head.payload_by_fd) {
    MAILROOM_TRY(frame.payload, read_sealed(attached, head.payload_size));
  } else if (head.payload_size > 0) {
    if (head.payload_size > kInlineLimit) return fail(Errc::corrupt, "the helper's inline payload is too large");
    frame.payload.resize(head.payload_size);
    MAILROOM_TRY(const bool complete, read_exactly(socket_.get(), frame.payload.data(), frame.payload.size(), deadline));
    if (!complete) return gone();
  }
  return std::optional<Frame>{std::move(frame)};
}

}  // namespace mailroom
