#pragma once

#include <filesystem>
#include <memory>

#include "daemon/base/result.h"
#include "drivers/virtual/card/virtual_card.h"

namespace mailroom::card {

/// The software card of libcacard (a Common Access Card whose keys are in an NSS database): a staff badge
/// that is not of our making. One a process, because libcacard is. Thread-bound.
class CacBadge final : public VirtualCard {
 public:
  /// `database` holds three certificates with keys, cert1, cert2 and cert3. Errc::not_found when they cannot
  /// be used.
  static Result<std::unique_ptr<CacBadge>> open(const std::filesystem::path& database);
  ~CacBadge() override;

  [[nodiscard]] Bytes atr() const override { return atr_; }
  void reset() override;
  Bytes respond(ByteView command) override;

 private:
  class Reader;
  explicit CacBadge(std::unique_ptr<Reader> reader);

  std::unique_ptr<Reader> reader_;
  Bytes atr_;
};

}  // namespace mailroom::card
