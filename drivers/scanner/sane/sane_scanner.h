#pragma once

#include <map>
#include <optional>
#include <string>

#include "drivers/scanner/sane/quirk.h"
#include "drivers/scanner/sane/sane_device.h"
#include "drivers/scanner/sane/sane_options.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// A SANE device as a Scanner. Uses blocking reads: the production backends offer no descriptor to wait on.
class SaneScanner final : public Scanner {
 public:
  SaneScanner(SaneDevice device, DeviceInfo info, Quirk quirk);

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  [[nodiscard]] Result<Capabilities> capabilities() override;
  Result<FeederSense> sense() override;
  Result<void> begin_feed(const FeedSettings& settings) override;
  NextSide next_side(const Progress& progress) override;
  Result<DeviceCount> count() override;
  void cancel() noexcept override;

 private:
  Result<void> set_source();
  Result<void> set_mode();
  Result<void> set_area();
  Result<void> set_length(const std::string& name, double millimetres);
  Result<void> set_feeder();
  Result<void> set_endorser();
  Result<void> keep_what_was_set();
  Result<void> check_still_set() const;
  [[nodiscard]] Place here() const;
  [[nodiscard]] Result<std::optional<int>> sensor(const std::string& name) const;
  [[nodiscard]] bool is_on(const std::string& name) const;
  [[nodiscard]] bool is_pressed(const std::string& button) const;
  [[nodiscard]] Result<std::optional<bool>> loaded() const;

  tl::unexpected<FeedFault> stop(FaultKind kind, PaperAt paper, Error error);
  tl::unexpected<FeedFault> stop_on(SANE_Status status, bool moving);
  [[nodiscard]] FaultKind kind_of(SANE_Status status, const Error& error) const;
  [[nodiscard]] PaperAt paper_after(FaultKind kind, bool moving) const;
  NextSide end_of_feed(SANE_Status status);
  tl::expected<ScannedSide, FeedFault> describe_side(int& lines);
  tl::expected<void, FeedFault> read_rows(ScannedSide& side, int lines, const Progress& progress);
  tl::expected<void, FeedFault> check_rows(const ScannedSide& side, std::size_t filled, int lines);
  void step();

  DeviceInfo info_;
  SaneDevice device_;
  Quirk quirk_;
  SaneOptions options_;
  FeedSettings settings_;
  std::map<std::string, std::string> set_;  ///< what must not change while sheets are fed
  std::optional<int> counter_before_;
  std::optional<int> printed_before_;
  int sheet_ = 1;  ///< the sheet and side that come next
  Side side_ = Side::front;
  bool over_ = true;
};

}  // namespace mailroom::drivers
