#pragma once

#include "daemon/base/bytes.h"

namespace mailroom::card {

/// A card in software, as a reader sees it. Thread-bound.
class VirtualCard {
 public:
  virtual ~VirtualCard() = default;
  [[nodiscard]] virtual Bytes atr() const = 0;
  virtual void reset() = 0;  ///< power on, off or reset: everything but what a chip keeps is forgotten
  virtual Bytes respond(ByteView command) = 0;
};

}  // namespace mailroom::card
