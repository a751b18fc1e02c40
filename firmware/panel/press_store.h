#pragma once

#include <array>
#include <cstdint>

#include "firmware/protocol/messages.h"

namespace mailroom::panel {

/// Presses that were taken and are not acknowledged yet. It lies in memory that a reset leaves alone
/// (docs/panel.md), so that a press survives the watchdog; after a loss of power it is found to be
/// without sense and begins empty. No constructor and no initialisers: the start-up code must not touch it.
struct PressStore {
  static constexpr std::size_t kRoom = 16;

  /// Makes sense of what lies there after a start; times count from zero again.
  void wake();
  [[nodiscard]] std::uint32_t memory() const { return memory_; }
  [[nodiscard]] std::uint32_t boots() const { return boots_; }
  [[nodiscard]] std::uint16_t waiting() const { return std::uint16_t(count_); }
  [[nodiscard]] std::uint32_t next_number() const { return next_; }

  void adopt(std::uint32_t memory);  ///< a new numbering; for a store without one
  void keep_time(std::uint32_t now) { last_seen_ = now; }

  /// False when there is no room or no numbering.
  bool add(Key key, Action action, std::uint32_t context, std::uint32_t now);
  [[nodiscard]] Press oldest(std::uint32_t now) const;  ///< only when waiting() > 0
  void forget(std::uint32_t memory,
              std::uint32_t number);  ///< acknowledged; anything but the oldest is ignored

 private:
  struct Kept {
    std::uint32_t number;
    std::uint32_t context;
    std::uint32_t pressed_at;
    std::uint8_t key;
    std::uint8_t action;
  };
  [[nodiscard]] std::uint32_t sum() const;
  void begin_empty();

  std::uint32_t mark_;
  std::uint32_t memory_;
  std::uint32_t next_;
  std::uint32_t boots_;
  std::uint32_t count_;
  std::array<Kept, kRoom> kept_;
  std::uint32_t sum_;        // CRC-32 of all above
  std::uint32_t last_seen_;  // changes all the time: outside the sum, only ages depend on it
};

}  // namespace mailroom::panel
