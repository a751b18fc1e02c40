#pragma once

#include <optional>
#include <string>

#include "drivers/scanner/sane/sane_device.h"
#include "drivers/scanner/sane/sane_options.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// A SANE device as a Scanner. Uses blocking reads: the production backends offer no descriptor to wait on.
class SaneScanner final : public Scanner {
 public:
  SaneScanner(SaneDevice device, DeviceInfo info);

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<void> begin_feed(const FeedSettings& settings) override;
  Result<std::optional<ScannedSide>> next_side(const Progress& progress) override;
  Result<DeviceCount> count() override;
  void cancel() noexcept override;

 private:
  Result<void> set_source();
  Result<void> set_area();
  Result<void> set_length(const std::string& name, double millimetres);
  [[nodiscard]] Place here() const;
  tl::unexpected<Error> fault(SANE_Status status, bool moving);
  Result<std::optional<ScannedSide>> end_of_feed(SANE_Status status);
  Result<ScannedSide> describe_side(int& lines) const;
  Result<void> read_rows(ScannedSide& side, int lines, const Progress& progress);
  void step();

  DeviceInfo info_;
  SaneDevice device_;
  SaneOptions options_;
  FeedSettings settings_;
  std::optional<int> counter_before_;
  int sheet_ = 1;  ///< the sheet and side that come next
  Side side_ = Side::front;
  bool over_ = true;
};

}  // namespace mailroom::drivers
