#pragma once

#include <memory>
#include <set>
#include <string>

#include "drivers/scanner/escl/device_address.h"
#include "drivers/scanner/escl/device_status.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// A scanner on the network whose driver's word is checked with the device itself. sane-airscan knows five
/// states of a feeder and calls everything else "out of documents": a double feed, a mispick or an open hatch
/// end a feed as if the stack were through, and sheets it has pulled ahead vanish when a feed is stopped. So
/// at the end of a feed, and at a fault that does not say what it is, the device is asked for its status and
/// for the images its jobs completed.
///
/// A device that does not answer leaves the count empty: what then proves the stack is for the daemon to ask.
/// Thread-bound like the scanner it takes over.
class EsclWitness final : public Scanner {
 public:
  EsclWitness(std::unique_ptr<Scanner> scanner, DeviceAddress address);

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<void> begin_feed(const FeedSettings& settings) override;
  [[nodiscard]] Result<Capabilities> capabilities() override;
  Result<FeederSense> sense() override;
  NextSide next_side(const Progress& progress) override;
  Result<DeviceCount> count() override;
  void cancel() noexcept override {
    if (scanner_) scanner_->cancel();
  }

 private:
  [[nodiscard]] FeedFault fault_here(FaultKind kind, PaperAt paper, Errc code, std::string what,
                                     std::string remedy) const;
  [[nodiscard]] std::optional<FeedFault> trouble_in(const DeviceStatus& status) const;
  [[nodiscard]] FeedFault explained(FeedFault fault) const;
  [[nodiscard]] FeedFault placed(FeedFault fault) const;
  [[nodiscard]] std::optional<FeedFault> trouble_at_the_end() const;
  [[nodiscard]] Result<DeviceStatus> status_at_rest() const;
  [[nodiscard]] std::optional<int> sheets_completed(const DeviceStatus& status) const;

  [[nodiscard]] std::optional<FeedFault> damage_of(const ScannedSide& side);

  std::unique_ptr<Scanner> scanner_;  ///< until the count was asked
  DeviceInfo info_;
  DeviceAddress address_;
  bool duplex_ = false;
  std::set<std::string> jobs_before_;
  bool knows_jobs_ = false;  ///< jobs_before_ could be asked
  int sheet_ = 1;            ///< that comes next
  Side side_ = Side::front;
  bool over_ = false;  ///< a side was refused here: nothing more is asked of the driver
};

/// True when the picture ends in rows of the exact middle of the range, which is what a JPEG decoder paints
/// where the data broke off; below and beside it may be the white that sane-airscan fills the scan area up
/// with. No paper looks like that. Grey and colour only. Reentrant.
bool breaks_off(const ScannedSide& side);

}  // namespace mailroom::drivers
