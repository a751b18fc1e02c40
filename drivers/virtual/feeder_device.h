#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "drivers/virtual/feeder_options.h"
#include "drivers/virtual/feeder_state.h"
#include "drivers/virtual/paper.h"

namespace mailroom::drivers::feeder {

/// An open virtual scanner: pulls sheets out of its folder at its pace, and fails where it is told to.
/// Thread-bound. Its calls may hang or abort the process: that is what some faults are for.
class FeederDevice {
 public:
  static Result<std::unique_ptr<FeederDevice>> open(DeviceConfig config);
  FeederDevice(DeviceConfig config, FeederState state);

  FeederOptions& options() { return options_; }
  SANE_Status get_option(SANE_Int option, void* value);

  SANE_Status start();
  SANE_Status read(SANE_Byte* to, SANE_Int limit, SANE_Int& length);
  SANE_Parameters parameters() const;
  void cancel();
  [[nodiscard]] bool scanning() const { return current_.has_value(); }

 private:
  SANE_Status start_sheet();
  SANE_Status pull(const std::vector<std::string>& images, int sheet);
  SANE_Status show(PaperSide side);
  SANE_Status fail_at_start(FaultKind kind);
  SANE_Status fail_while_reading();
  std::optional<FaultKind> fault_at(int sheet);
  void keep_pace();
  void complain(const Error& error) const;
  [[nodiscard]] Result<PaperSide> load(const std::string& image) const;

  DeviceConfig config_;
  FeederState state_;
  FeederOptions options_;
  bool lost_ = false;
  bool cover_open_ = false;
  bool double_feed_ = false;
  bool staple_ = false;
  bool ink_low_ = false;
  int printed_ = 0;                   ///< sheets that got a number
  bool contradicts_ = false;          ///< the parameters of the present side are wrong
  std::optional<FaultKind> pending_;  ///< fires while the present side is read
  std::optional<PaperSide> current_;  ///< the side that is read now
  std::optional<PaperSide> back_;     ///< waits for the next start
  std::size_t position_ = 0;          ///< bytes of current_ already read
  PaperSide shape_;                   ///< size of the side that was shown last, without its rows
  std::chrono::steady_clock::time_point due_{};
};

}  // namespace mailroom::drivers::feeder
