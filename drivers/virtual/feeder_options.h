#pragma once

#include <sane/sane.h>

#include <array>
#include <string>
#include <vector>

#include "drivers/scanner/scanner.h"
#include "drivers/virtual/feeder_config.h"

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
  kOptions
};

/// What the sensors and the counter say now.
struct Sensors {
  bool page_loaded = false;
  bool cover_open = false;
  bool double_feed = false;
  int sheet_counter = 0;
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

 private:
  void describe_geometry();
  void describe_sensors();
  SANE_Status set_word(SANE_Int option, SANE_Word value);

  std::array<SANE_Option_Descriptor, kOptions> descriptors_{};
  std::vector<SANE_Word> resolutions_;
  SANE_Range width_{};
  SANE_Range height_{};
  std::size_t mode_ = 1;
  std::size_t source_ = 2;
  int dpi_ = 300;
  std::array<SANE_Word, 4> area_{};
};

}  // namespace mailroom::drivers::feeder
