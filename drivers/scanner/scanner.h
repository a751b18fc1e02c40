#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/feed_fault.h"
#include "daemon/document/image.h"

namespace mailroom::drivers {

enum class Source { flatbed, feeder_front, feeder_duplex };
enum class ColourMode { bilevel, grey, colour };
enum class DoubleFeedCheck {
  if_offered,  ///< on where the device has it
  required,    ///< a device without it refuses
  off,         ///< for stacks of envelopes and labels, which would stop at every sheet
};

/// What a profile asks of a scanner. Checked against the device before the first sheet; a device
/// that cannot do exactly this refuses (Errc::unsupported), nothing is rounded silently.
struct FeedSettings {
  Source source = Source::feeder_duplex;
  ColourMode mode = ColourMode::grey;
  int dpi = 300;
  double width_mm = 210;
  double height_mm = 297;
  int jpeg_quality = 80;
  /// Each side as large as its paper: mixed sizes, receipts of unknown height. `width_mm` and `height_mm`
  /// are the largest then. A device that cannot find the end of the paper refuses.
  bool measured = false;
  DoubleFeedCheck double_feed = DoubleFeedCheck::if_offered;
  std::string endorser = {};  ///< printed on each sheet before its number; empty: nothing is printed
  int endorser_start = 1;     ///< number of the first sheet
};

/// Who the device says it is; goes into the transfer note.
struct DeviceInfo {
  std::string name;  ///< what to open it by, e.g. "mailroomfeeder:station1"
  std::string vendor;
  std::string model;
  std::string type;
};

/// The resolutions a device has: single ones or a range with a step.
struct Resolutions {
  std::vector<int> listed;
  int lowest = 0;  ///< of the range; 0: there is none
  int highest = 0;
  int step = 1;

  [[nodiscard]] bool offers(int dpi) const;
  [[nodiscard]] std::string text() const;  ///< "100, 200, 300" or "50 to 600"
};

/// What a device can do, read from its options. What it says of itself and cannot be believed (a range whose
/// end lies before its start, a size of nothing) is left out and named in `doubts`.
struct Capabilities {
  std::vector<Source> sources;
  std::vector<ColourMode> modes;
  Resolutions resolutions;
  double max_width_mm = 0;  ///< 0: it does not say
  double max_height_mm = 0;
  bool measures_paper = false;       ///< finds the edges of each sheet
  bool detects_double_feed = false;  ///< can be told to
  int endorser_letters = 0;          ///< longest text it prints, number left out; 0: it has no endorser
  bool counts_sheets = false;        ///< by a counter of its own
  bool senses_paper = false;         ///< says whether the feeder is empty
  std::vector<std::string> buttons;  ///< by their option names
  std::string quirks;                ///< which quirk file it is driven by, empty: none
  std::vector<std::string> doubts;
};

/// Errc::unsupported naming everything of `settings` that the device does not offer, and what it does.
/// Reentrant.
Result<void> check_settings(const Capabilities& capabilities, const FeedSettings& settings);

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
  std::optional<int> endorsed;        ///< sheets that got a number printed on them
};

/// What can start a batch, as the device senses it now.
struct FeederSense {
  std::optional<bool> loaded;        ///< there is paper in the feeder; empty when no sensor tells
  std::vector<std::string> pressed;  ///< buttons pressed now or since they were last read, by option name

  bool operator==(const FeederSense&) const = default;
};

/// The environment variable that names the folder of quirk files (docs/scanner-quirks.md) to mailroom-scan.
inline constexpr const char* kQuirksVariable = "MAILROOM_SCANNERS";

/// Called on the scanner's thread whenever a piece of a side has come in: the paper moves.
using Progress = std::function<void()>;

/// A side, or nullopt at the end of the stack; else what stopped the feed.
using NextSide = tl::expected<std::optional<ScannedSide>, FeedFault>;

/// A scanner seen as a source of sides for one batch at a time.
///
/// Thread-bound to the thread that opened it. Lives only in the process mailroom-scan: calls may
/// block for ever or crash, the supervisor outside ends the process on lack of progress.
class Scanner {
 public:
  virtual ~Scanner() = default;  ///< cancels and closes, never throws

  [[nodiscard]] virtual const DeviceInfo& info() const = 0;

  /// What the device offers now. An error when it does not answer.
  [[nodiscard]] virtual Result<Capabilities> capabilities() = 0;

  /// Reads paper sensor and buttons; nothing moves. Errc::device_lost when it does not answer.
  virtual Result<FeederSense> sense() = 0;

  /// Sets the device up. Errc::unsupported names what it does not offer and what it offers instead.
  virtual Result<void> begin_feed(const FeedSettings& settings) = 0;

  /// The next side; nullopt once the feeder says it is empty, and after the one side of a flatbed.
  /// A fault names sheet and side and where the sheet is. After a fault the feed is over.
  virtual NextSide next_side(const Progress& progress) = 0;

  /// What the device's counters and sensors say at the end of a feed. The last call: a device may be closed
  /// for it.
  virtual Result<DeviceCount> count() = 0;

  virtual void cancel() noexcept = 0;
};

}  // namespace mailroom::drivers
