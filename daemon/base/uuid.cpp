#include "daemon/base/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>

#include "daemon/base/bytes.h"

namespace mailroom {
namespace {

/// 48 bits of milliseconds and 12 bits of counter, strictly ascending within the process
/// (RFC 9562 §6.2 method 1: a counter behind the time).
class Ticks {
 public:
  std::uint64_t next(std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const std::uint64_t wanted = now_ms << 12U;
    last_ = wanted > last_ ? wanted : last_ + 1;
    return last_;
  }
  void follow(std::uint64_t tick) {
    const std::scoped_lock lock(mutex_);
    last_ = std::max(last_, tick);
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
};

Ticks& ticks() {
  static Ticks all;
  return all;
}

}  // namespace

std::string new_uuid(const Clock& clock) {
  const auto tick = ticks().next(static_cast<std::uint64_t>(clock.now().time_since_epoch().count()));
  std::array<std::uint8_t, 16> id{};
  if (::getrandom(id.data(), id.size(), 0) != ssize_t(id.size())) {
    throw std::runtime_error("the kernel gives no random bytes");
  }
  const std::uint64_t millis = tick >> 12U;
  for (unsigned i = 0; i < 6; ++i) id.at(i) = static_cast<std::uint8_t>(millis >> (40U - 8U * i));
  id[6] = static_cast<std::uint8_t>(0x70U | ((tick >> 8U) & 0x0FU));
  id[7] = static_cast<std::uint8_t>(tick & 0xFFU);
  id[8] = static_cast<std::uint8_t>(0x80U | (id[8] & 0x3FU));
  auto text = to_hex(id);
  for (const std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, 1, '-');
  return text;
}

void new_uuids_follow(std::string_view id) {
  if (!is_uuid7(id)) return;
  // 48 bits of milliseconds, the version, 12 bits of counter.
  const std::string time =
      std::string(id.substr(0, 8)) + std::string(id.substr(9, 4)) + std::string(id.substr(15, 3));
  ticks().follow(std::stoull(time, nullptr, 16));
}

bool is_uuid7(std::string_view text) {
  if (text.size() != 36 || text[14] != '7') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

}  // namespace mailroom
