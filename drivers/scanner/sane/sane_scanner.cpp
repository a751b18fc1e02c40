#include "drivers/scanner/sane/sane_scanner.h"

#include <algorithm>

#include "drivers/scanner/sane/value_names.h"

namespace mailroom::drivers {
namespace {

constexpr SANE_Int kPiece = 256 << 10;             // bytes asked for in one call
constexpr std::size_t kSideLimit = 1U << 30U;      // 600 dpi colour, A3, three metres long
constexpr double kLengthTolerance = 1;             // mm; devices round to their steps
constexpr const char* kCounter = "sheet-counter";  // sheets, in the life of the device
constexpr const char* kLoaded[] = {"page-loaded", "adf-loaded"};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "nothing" : text;
}

}  // namespace

SaneScanner::SaneScanner(SaneDevice device, DeviceInfo info)
    : info_(std::move(info)), device_(std::move(device)), options_(device_) {}

Place SaneScanner::here() const {
  Place place = Place::on_device(info_.name);
  place.page = std::to_string(sheet_) + " " + std::string(name_of(side_));
  return place;
}

Result<void> SaneScanner::set_source() {
  const auto offered = options_.choices("source");
  // A device with one source has no such option.
  if (offered.empty() && settings_.source == Source::flatbed) return {};
  const auto name = source_name(offered, settings_.source);
  if (name) return options_.set_text("source", *name);
  const char* wanted = settings_.source == Source::flatbed        ? "a flatbed"
                       : settings_.source == Source::feeder_front ? "a feeder"
                                                                  : "a duplex feeder";
  return fail(Errc::unsupported,
              "the scanner has no " + std::string(wanted + 2) + "; source offers: " + joined(offered),
              Place::on_device(info_.name), "choose a profile that fits this scanner");
}

Result<void> SaneScanner::set_length(const std::string& name, double millimetres) {
  const double factor = options_.in_pixels(name) ? settings_.dpi / 25.4 : 1;
  return options_.set_number(name, millimetres * factor, kLengthTolerance * factor);
}

Result<void> SaneScanner::set_area() {
  // The paper's size first: fujitsu and canon_dr bound the scan area by it.
  if (options_.settable("page-width")) MAILROOM_TRY_VOID(set_length("page-width", settings_.width_mm));
  if (options_.settable("page-height")) MAILROOM_TRY_VOID(set_length("page-height", settings_.height_mm));
  for (const char* name : {"tl-x", "tl-y"}) {
    if (options_.settable(name)) MAILROOM_TRY_VOID(set_length(name, 0));
  }
  MAILROOM_TRY_VOID(set_length("br-x", settings_.width_mm));
  return set_length("br-y", settings_.height_mm);
}

Result<void> SaneScanner::begin_feed(const FeedSettings& settings) {
  settings_ = settings;
  MAILROOM_TRY_VOID(set_source());
  const auto modes = options_.choices("mode");
  const auto mode = mode_name(modes, settings.mode);
  if (!mode) {
    return fail(Errc::unsupported,
                "the scanner does not offer the colour mode asked for; mode offers: " + joined(modes),
                Place::on_device(info_.name), "choose a profile that fits this scanner");
  }
  MAILROOM_TRY_VOID(options_.set_text("mode", *mode));
  if (options_.settable("depth") && settings.mode != ColourMode::bilevel) {
    MAILROOM_TRY_VOID(options_.set_number("depth", 8, 0));
  }
  MAILROOM_TRY_VOID(options_.set_number("resolution", settings.dpi, 0));
  MAILROOM_TRY_VOID(set_area());
  MAILROOM_TRY(counter_before_, options_.sensor(kCounter));
  sheet_ = 1;
  side_ = Side::front;
  over_ = false;
  return {};
}

/// Turns a bad status into an error: SANE says "jammed" for double feeds too, and "I/O error" for a
/// device that is gone, so the sensors are asked. `moving`: the sheet had left the feeder.
tl::unexpected<Error> SaneScanner::fault(SANE_Status status, bool moving) {
  over_ = true;
  Error error = error_of(status, moving ? "reading a sheet" : "pulling a sheet", here());
  const auto double_feed = options_.sensor("double-feed");
  if (status == SANE_STATUS_JAMMED && double_feed && *double_feed == 1) {
    error.code = Errc::double_feed;
    error.what = "the scanner pulled more than one sheet";
    error.remedy = "separate the sheets";
  }
  if (error.code == Errc::io && !double_feed) {
    error.code = Errc::device_lost;
    error.what = "the scanner does not answer any more";
  }
  const std::string sheet = std::to_string(sheet_);
  error.remedy +=
      moving ? ", put sheet " + sheet + " of this feed back (it may lie in the output tray) and go on"
             : ", then go on with sheet " + sheet + " of this feed";
  cancel();
  return fail(std::move(error));
}

Result<std::optional<ScannedSide>> SaneScanner::end_of_feed(SANE_Status status) {
  if (side_ == Side::back) {
    over_ = true;
    cancel();
    return fail(Errc::io, "the scanner gave the front of a sheet and no back", here(),
                "feed this sheet again");
  }
  if (sheet_ == 1) return fault(status, false);
  over_ = true;
  cancel();
  return std::optional<ScannedSide>{};
}

/// What the device announces for the side it has begun; `lines` is -1 when it cannot tell.
Result<ScannedSide> SaneScanner::describe_side(int& lines) const {
  SANE_Parameters parameters{};
  const auto status = sane_get_parameters(device_.handle(), &parameters);
  if (status != SANE_STATUS_GOOD) return fail(error_of(status, "asking for the size of a side", here()));
  const bool colour = settings_.mode == ColourMode::colour;
  const int bits = settings_.mode == ColourMode::bilevel ? 1 : 8;
  const bool as_asked =
      parameters.format == (colour ? SANE_FRAME_RGB : SANE_FRAME_GRAY) && parameters.depth == bits;
  if (!as_asked || parameters.pixels_per_line < 1 || parameters.bytes_per_line < 1 || parameters.lines == 0) {
    return fail(Errc::unsupported, "the scanner delivers another kind of image than it was set to", here());
  }
  lines = parameters.lines;
  ScannedSide side{sheet_, side_, parameters.pixels_per_line, 0, settings_.dpi, colour ? 3 : 1, bits};
  side.stride = parameters.bytes_per_line;
  return side;
}

Result<void> SaneScanner::read_rows(ScannedSide& side, int lines, const Progress& progress) {
  const auto stride = std::size_t(side.stride);
  const std::size_t announced = lines > 0 ? stride * std::size_t(lines) : 0;
  std::size_t filled = 0;
  for (;;) {
    side.pixels.resize(std::max(announced, filled) + std::size_t(kPiece));
    SANE_Int length = 0;
    const auto status = sane_read(device_.handle(), side.pixels.data() + filled, kPiece, &length);
    if (status == SANE_STATUS_EOF) break;
    if (status != SANE_STATUS_GOOD) return fault(status, true);
    filled += std::size_t(length);
    if (filled > kSideLimit || (announced > 0 && filled > announced)) {
      return fail(Errc::corrupt, "the scanner delivered more of a side than it announced", here());
    }
    if (length > 0 && progress) progress();
  }
  side.height = int(filled / stride);
  side.pixels.resize(filled);
  if (side.height == 0 || filled % stride != 0 || (lines > 0 && side.height != lines)) {
    return fail(Errc::corrupt,
                "a side came short: " + std::to_string(side.height) + " of " +
                    std::to_string(std::max(lines, 0)) + " rows",
                here(), "feed this sheet again");
  }
  return {};
}

void SaneScanner::step() {
  if (settings_.source == Source::flatbed) over_ = true;
  const bool back_next = settings_.source == Source::feeder_duplex && side_ == Side::front;
  if (!back_next) sheet_++;
  side_ = back_next ? Side::back : Side::front;
}

Result<std::optional<ScannedSide>> SaneScanner::next_side(const Progress& progress) {
  if (over_) return std::optional<ScannedSide>{};
  const auto started = sane_start(device_.handle());
  if (started == SANE_STATUS_NO_DOCS || started == SANE_STATUS_EOF) return end_of_feed(started);
  if (started != SANE_STATUS_GOOD) return fault(started, false);
  int lines = 0;
  auto side = describe_side(lines);
  auto read = side ? read_rows(*side, lines, progress) : Result<void>(fail(std::move(side).error()));
  if (!read) {
    over_ = true;
    cancel();
    return fail(std::move(read).error());
  }
  step();
  return std::optional<ScannedSide>(*std::move(side));
}

Result<DeviceCount> SaneScanner::count() {
  DeviceCount count;
  MAILROOM_TRY(const auto counter, options_.sensor(kCounter));
  if (counter && counter_before_) count.sheets_fed = *counter - *counter_before_;
  for (const char* name : kLoaded) {
    MAILROOM_TRY(const auto loaded, options_.sensor(name));
    if (loaded) count.feeder_loaded = *loaded != 0;
  }
  MAILROOM_TRY(const auto double_feed, options_.sensor("double-feed"));
  if (double_feed) count.double_feed = *double_feed != 0;
  return count;
}

void SaneScanner::cancel() noexcept {
  over_ = true;
  sane_cancel(device_.handle());
}

}  // namespace mailroom::drivers
