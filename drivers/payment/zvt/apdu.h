#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// Messages of the ZVT protocol (PA00P015): CLASS INSTR LENGTH data, without further framing over TCP (PA00P016).
namespace mailroom::payment::zvt {

/// Class and instruction as one number.
enum class Command : std::uint16_t {
  registration = 0x0600,
  authorisation = 0x0601,
  repeat_receipt = 0x0620,
  reversal = 0x0630,
  end_of_day = 0x0650,
  status_enquiry = 0x0501,
  abort_by_us = 0x06B0,
  status_information = 0x040F,
  intermediate_status = 0x04FF,
  completion = 0x060F,
  abort_by_terminal = 0x061E,
  print_line = 0x06D1,
  print_text_block = 0x06D3,
  acknowledged = 0x8000,
};

struct Apdu {
  std::uint16_t command = 0;
  Bytes data = {};

  Apdu() = default;
  explicit Apdu(Command name, Bytes bytes = {}) : command(std::uint16_t(name)), data(std::move(bytes)) {}
  [[nodiscard]] bool is(Command name) const { return command == std::uint16_t(name); }
  [[nodiscard]] bool is_refusal() const { return command >> 8U == 0x84 && command != 0x8400; }
};

inline constexpr std::size_t kLargestData = 65'535;

Bytes encode(const Apdu& apdu);

/// Takes one message off the beginning of `bytes`; nullopt when its end has not come yet.
std::optional<Apdu> take(Bytes& bytes);

}  // namespace mailroom::payment::zvt
