#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"

namespace mailroom::drivers {

enum class Source { flatbed, feeder_front, feeder_duplex };
enum class ColourMode { bilevel, grey, colour };

/// What a profile asks of a scanner. Checked against the device before the first sheet; a device
/// that cannot do exactly this refuses (Errc::unsupported), nothing is rounded silently.
struct FeedSettings {
  Source source = Source::feeder_duplex;
  ColourMode mode = ColourMode::grey;
  int dpi = 300;
  double width_mm = 210;
  double height_mm = 297;
  int jpeg_quality = 80;
};

/// Who the device says it is; goes into the transfer note.
struct DeviceInfo {
  std::string name;  ///< what to open it by, e.g. "mailroomfeeder:station1"
  std::string vendor;
  std::string model;
  std::string type;
};

/// One side as the device gave it, front before back.
struct ScannedSide {
  int sheet = 0;  ///< 1-based within the feed
  Side side = Side::front;
  int width = 0;
  int height = 0;
  int dpi = 0;
  int channels = 1;
  int bits = 8;
  int stride = 0;
  Bytes pixels;
};

/// What the device itself says about the feed, asked after it ended. Empty where it cannot tell.
struct DeviceCount {
  std::optional<int> sheets_fed;      ///< the device's own counter, sheets of this feed
  std::optional<bool> feeder_loaded;  ///< is there still paper in the feeder
  std::optional<bool> double_feed;    ///< the double-feed sensor
};

/// Called on the scanner's thread whenever a piece of a side has come in: the paper moves.
using Progress = std::function<void()>;

/// A scanner seen as a source of sides for one batch at a time.
///
/// Thread-bound to the thread that opened it. Lives only in the process mailroom-scan: calls may
/// block for ever or crash, the supervisor outside ends the process on lack of progress.
class Scanner {
 public:
  virtual ~Scanner() = default;  ///< cancels and closes, never throws

  [[nodiscard]] virtual const DeviceInfo& info() const = 0;

  /// Sets the device up. Errc::unsupported names the option and what the device offers instead.
  virtual Result<void> begin_feed(const FeedSettings& settings) = 0;

  /// The next side; nullopt once the feeder says it is empty, and after the one side of a flatbed.
  /// Errc::paper_jam, double_feed, cover_open, io, device_lost, corrupt (the side came short) and
  /// feeder_empty (no paper at the start) name sheet and side in Place::page. After an error the feed
  /// is over.
  virtual Result<std::optional<ScannedSide>> next_side(const Progress& progress) = 0;

  /// What the device's counters and sensors say now.
  virtual Result<DeviceCount> count() = 0;

  virtual void cancel() noexcept = 0;
};

}  // namespace mailroom::drivers
