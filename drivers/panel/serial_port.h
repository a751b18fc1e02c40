#pragma once

#include <span>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::drivers {

/// A serial line at 115200 bit/s, 8N1, raw, without flow control, held by nobody else. Thread-bound.
class SerialPort {
 public:
  /// `path`: a terminal device or a link to one. Errc::not_found while nothing is plugged in,
  /// Errc::unsupported for what is no terminal, Errc::busy when another process has it. What was received
  /// before is dropped.
  static Result<SerialPort> open(const std::string& path);

  /// What has arrived, maybe nothing. Errc::device_lost when it was unplugged.
  Result<Bytes> read();
  /// Writes what the line takes now; the value is how much.
  Result<std::size_t> write(std::span<const std::uint8_t> bytes);

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  SerialPort(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  UniqueFd fd_;
  std::string path_;
};

}  // namespace mailroom::drivers
