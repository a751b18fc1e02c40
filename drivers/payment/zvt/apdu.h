#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// Messages of the ZVT protocol (PA00P015, chapter 1): CLASS INSTR LENGTH data; over TCP (PA00P016) without
/// further framing.
namespace mailroom::payment::zvt {

/// Class and instruction as one number.
enum class Command : std::uint16_t {
  status_information = 0x040F,
  intermediate_status = 0x04FF,
  status_enquiry = 0x0501,
  registration = 0x0600,
  authorisation = 0x0601,
  completion = 0x060F,
  abort_by_terminal = 0x061E,
  repeat_receipt = 0x0620,
  reversal = 0x0630,
  end_of_day = 0x0650,
  abort_by_us = 0x06B0,
  print_line = 0x06D1,
  print_text_block = 0x06D3,
  acknowledged = 0x8000,
  not_possible = 0x8483,
};

struct Apdu {
  std::uint16_t command = 0;
  Bytes data = {};

  Apdu() = default;
  explicit Apdu(Command name, Bytes bytes = {}) : command(std::uint16_t(name)), data(std::move(bytes)) {}
  [[nodiscard]] bool is(Command name) const { return command == std::uint16_t(name); }
  /// 80 00, and 84 00, which means the same.
  [[nodiscard]] bool is_acknowledgement() const { return command == 0x8000 || command == 0x8400; }
  [[nodiscard]] bool is_refusal() const { return command >> 8U == 0x84 && command != 0x8400; }
};

inline constexpr std::size_t kLargestData = 65'535;

/// One length octet below 255, else FF and two octets, the lower first. `data` is at most kLargestData.
Bytes encode(const Apdu& apdu);

/// Cuts a stream of octets into messages, by their lengths only, whatever pieces it comes in. Holds at most
/// one message more than it was given. Move-only in spirit: one per connection. Thread-bound.
class ApduReader {
 public:
  void feed(ByteView bytes);

  /// The next whole message; nullopt when its end has not come yet. Errc::corrupt, with the offset in the
  /// stream, for a class that ZVT does not have: where the next message begins is lost then, and so is the
  /// connection.
  Result<std::optional<Apdu>> next();

  /// Octets that are not given out yet.
  [[nodiscard]] std::size_t waiting() const { return bytes_.size(); }

 private:
  Bytes bytes_;
  unsigned long long taken_ = 0;
};

}  // namespace mailroom::payment::zvt
