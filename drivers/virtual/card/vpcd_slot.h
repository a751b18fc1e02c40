#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "drivers/virtual/card/virtual_card.h"

namespace mailroom::card {

/// One slot of the virtual reader of vsmartcard's vpcd, which pcscd loads. A card lies in it for as long as there
/// is a connection to the slot's TCP port. Messages are a length of two octets, most significant first, and as many
/// octets; one octet alone is an order to the card: 0 off, 1 on, 2 reset, 4 tell the ATR.
///
/// vpcd listens on all addresses: run it in a network namespace of its own. Thread-bound; the card is only used by
/// the slot's thread while it is in.
class VpcdSlot {
 public:
  explicit VpcdSlot(std::uint16_t port) : port_(port) {}
  ~VpcdSlot() { remove(); }
  VpcdSlot(const VpcdSlot&) = delete;
  VpcdSlot& operator=(const VpcdSlot&) = delete;

  /// Puts `card`, which must outlive its stay, into the slot. Errc::unreachable when no vpcd listens.
  Result<void> insert(VirtualCard& card);
  void remove();

 private:
  void serve(VirtualCard& card) const;

  std::uint16_t port_;
  UniqueFd connection_;
  std::thread thread_;
};

}  // namespace mailroom::card
