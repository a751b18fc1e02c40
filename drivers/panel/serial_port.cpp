#include "drivers/panel/serial_port.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>

namespace mailroom::drivers {
namespace {

constexpr const char* kRemedy = "check the panel's cable and the name in [stations.*] panel";

Result<void> make_raw(int fd, const std::string& path) {
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0)
    return fail(Errc::unsupported, "this is no serial line", Place::on_device(path), kRemedy);
  ::cfmakeraw(&settings);
  ::cfsetspeed(&settings, B115200);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~tcflag_t(CSTOPB | CRTSCTS | HUPCL);
  settings.c_cc[VMIN] = 1;  // then nothing is EAGAIN and only a line that hung up reads as ended
  settings.c_cc[VTIME] = 0;
  if (::tcsetattr(fd, TCSANOW, &settings) != 0)
    return fail_errno("the serial line cannot be set up", errno, Place::on_device(path));
  ::tcflush(fd, TCIOFLUSH);
  return {};
}

bool is_gone(int error) {
  return error == EIO || error == ENXIO || error == ENODEV || error == EBADF;
}

}  // namespace

Result<SerialPort> SerialPort::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT || is_gone(errno))
      return fail(Errc::not_found, "no panel is plugged in", Place::on_device(path), kRemedy);
    return fail_errno("the serial line cannot be opened", errno, Place::on_device(path));
  }
  MAILROOM_TRY_VOID(make_raw(fd.get(), path));
  // The lock is given back with the descriptor, even by a killed process; TIOCEXCL alone would not bind root.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Errc::busy, "another process uses this serial line", Place::on_device(path), "end it");
  return SerialPort(std::move(fd), path);
}

Result<Bytes> SerialPort::read() {
  Bytes bytes(512);
  const ssize_t got = ::read(fd_.get(), bytes.data(), bytes.size());
  if (got > 0) {
    bytes.resize(std::size_t(got));
    return bytes;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Bytes();
  if (got == 0 || is_gone(errno))
    return fail(Errc::device_lost, "the panel was unplugged", Place::on_device(path_), kRemedy);
  return fail_errno("the serial line cannot be read", errno, Place::on_device(path_));
}

Result<std::size_t> SerialPort::write(std::span<const std::uint8_t> bytes) {
  const ssize_t put = ::write(fd_.get(), bytes.data(), bytes.size());
  if (put >= 0) return std::size_t(put);
  if (errno == EAGAIN || errno == EINTR) return std::size_t(0);
  if (is_gone(errno))
    return fail(Errc::device_lost, "the panel was unplugged", Place::on_device(path_), kRemedy);
  return fail_errno("the serial line cannot be written", errno, Place::on_device(path_));
}

}  // namespace mailroom::drivers
