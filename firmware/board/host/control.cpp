#include "firmware/board/host/control.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace mailroom::panel {
namespace {

constexpr std::size_t kLineLimit = 200;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail(path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

void limit_waiting(int fd) {
  const timeval limit{2, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  while (line.size() < kLineLimit && ::recv(fd, &c, 1, 0) == 1 && c != '\n') line += c;
  return line;
}

void write_all(int fd, const std::string& text) {
  std::size_t from = 0;
  while (from < text.size()) {
    const ssize_t put = ::send(fd, text.data() + from, text.size() - from, MSG_NOSIGNAL);
    if (put <= 0) return;
    from += std::size_t(put);
  }
}

}  // namespace

Control::Control(const std::string& path)
    : path_(path), listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  const sockaddr_un address = address_of(path);
  ::unlink(path.c_str());
  const mode_t before = ::umask(077);  // the keys are for the one who started it
  const bool bound =
      ::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(before);
  if (!bound || ::listen(listening_.get(), 8) != 0) fail(path);
}

Control::~Control() {
  ::unlink(path_.c_str());
}

void Control::serve(const Answer& answer) {
  for (;;) {
    const Descriptor caller(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!caller.valid()) return;
    limit_waiting(caller.get());
    write_all(caller.get(), answer(read_line(caller.get())));
  }
}

std::string ask(const std::string& path, const std::string& line) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail(path);
  limit_waiting(socket.get());
  write_all(socket.get(), line + "\n");
  std::string answer;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::recv(socket.get(), part.data(), part.size(), 0)) > 0;)
    answer.append(part.data(), std::size_t(got));
  return answer;
}

}  // namespace mailroom::panel
