#pragma once

#include <sane/sane.h>

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "drivers/scanner/scanner.h"
#include "drivers/virtual/feeder_config.h"
#include "drivers/virtual/played_options.h"

namespace mailroom::drivers::feeder {

enum Option : SANE_Int {
  kCount,
  kMode,
  kResolution,
  kSource,
  kLeft,
  kTop,
  kRight,
  kBottom,
  kPageLoaded,
  kCoverOpen,
  kDoubleFeed,
  kSheetCounter,
  kStaple,
  kInkLow,
  kPrinted,
  kScanButton,
  kOptions  ///< what the played backend has besides comes after
};

/// What the sensors and the counter say now.
struct Sensors {
  bool page_loaded = false;
  bool cover_open = false;
  bool double_feed = false;
  int sheet_counter = 0;
  bool staple = false;
  bool ink_low = false;
  int printed = 0;           ///< sheets that got a number since the device was opened
  bool scan_button = false;  ///< pressed since it was last read
};

/// The options of a virtual scanner (SANE Standard 1.06 §4.4), by the names production backends use.
/// Not movable: SANE keeps pointers into it.
class FeederOptions {
 public:
  explicit FeederOptions(const DeviceConfig& config);
  FeederOptions(const FeederOptions&) = delete;
  FeederOptions& operator=(const FeederOptions&) = delete;

  [[nodiscard]] const SANE_Option_Descriptor* descriptor(SANE_Int option) const;
  SANE_Status get(SANE_Int option, void* value, const Sensors& sensors) const;
  SANE_Status set(SANE_Int option, const void* value, SANE_Int* info);

  [[nodiscard]] ColourMode mode() const;
  [[nodiscard]] Source source() const;
  [[nodiscard]] int dpi() const { return dpi_; }
  [[nodiscard]] bool prints() const { return played_value("endorser") == "yes"; }

  /// What a driver does that changes its mind.
  void change_resolution() {
    shown_dpi_ = resolutions_.back() == dpi_ ? resolutions_[1] : resolutions_.back();
  }

 private:
  void describe_geometry();
  void describe_sensors();
  void describe_played();
  [[nodiscard]] std::string played_value(const std::string& name) const;
  SANE_Status set_word(SANE_Int option, SANE_Word value);
  SANE_Status set_played(PlayedOption& option, const void* value);
  [[nodiscard]] SANE_Word reading(SANE_Int option, const Sensors& sensors) const;

  std::array<SANE_Option_Descriptor, kOptions> descriptors_{};
  PlayedSet played_;
  std::vector<SANE_Option_Descriptor> played_descriptors_;
  std::vector<const char*> source_words_, mode_words_;
  std::deque<std::vector<const char*>> word_lists_;  ///< of played options
  std::deque<SANE_Range> ranges_;                    ///< same
  bool cached_ = false;
  mutable Sensors kept_;                       ///< what a cached reading gives
  mutable std::array<bool, kOptions> read_{};  ///< the sensors read since
  mutable bool keeps_ = false;
  std::vector<SANE_Word> resolutions_;
  SANE_Range backwards_{};  ///< the resolutions of a device that talks nonsense
  SANE_Range width_{};
  SANE_Range height_{};
  std::size_t mode_ = 1;
  std::size_t source_ = 2;
  int dpi_ = 300;
  std::optional<int> shown_dpi_;
  std::array<SANE_Word, 4> area_{};
};

}  // namespace mailroom::drivers::feeder
