#include "drivers/scanner/sane/sane_scanner.h"

#include <algorithm>

#include "drivers/scanner/sane/damage.h"
#include "drivers/scanner/sane/sane_abilities.h"
#include "drivers/scanner/sane/value_names.h"

namespace mailroom::drivers {
namespace {

constexpr SANE_Int kPiece = 256 << 10;         // bytes asked for in one call
constexpr std::size_t kSideLimit = 1U << 30U;  // 600 dpi colour, A3, three metres long
constexpr double kLengthTolerance = 1;         // mm; devices round to their steps

}  // namespace

SaneScanner::SaneScanner(SaneDevice device, DeviceInfo info, Quirk quirk)
    : info_(std::move(info)), device_(std::move(device)), quirk_(std::move(quirk)), options_(device_) {}

Place SaneScanner::here() const {
  Place place = Place::on_device(info_.name);
  place.page = std::to_string(sheet_) + " " + std::string(name_of(side_));
  return place;
}

Result<Capabilities> SaneScanner::capabilities() {
  if (!options_.answers()) {
    return fail(Errc::device_lost, "the scanner does not answer", Place::on_device(info_.name),
                "check power, cable and network of the scanner");
  }
  return abilities_of(options_, quirk_, info_);
}

/// A device may forget a press once it was read, so a press in either reading counts.
bool SaneScanner::is_pressed(const std::string& button) const {
  for (int reading = 0; reading < 2; reading++) {
    const auto value = options_.sensor(button, false);
    if (value && *value && **value != 0) return true;
  }
  return false;
}

Result<FeederSense> SaneScanner::sense() {
  if (!options_.answers())
    return fail(Errc::device_lost, "the scanner does not answer", Place::on_device(info_.name));
  FeederSense sense;
  MAILROOM_TRY(sense.loaded, loaded());
  for (const auto& button : quirk_.sensors.buttons) {
    if (is_pressed(button)) sense.pressed.push_back(button);
  }
  return sense;
}

Result<void> SaneScanner::set_source() {
  const auto quirky = quirk_.sources.find(settings_.source);
  if (quirky != quirk_.sources.end()) {
    MAILROOM_TRY_VOID(options_.set_where_offered(quirky->second));
    if (options_.offers(quirky->second)) return {};  // all of them were there to be set
    return fail(Errc::unsupported, "the scanner lacks an option that chooses this source",
                Place::on_device(info_.name), "correct " + quirk_.file);
  }
  const auto name = source_name(options_.choices("source"), settings_.source);
  return name ? options_.set_text("source", *name) : Result<void>();
}

Result<void> SaneScanner::set_mode() {
  const auto name = mode_name(options_.choices("mode"), settings_.mode);
  MAILROOM_TRY_VOID(options_.set_text("mode", name.value_or("")));
  if (!options_.settable("depth") || settings_.mode == ColourMode::bilevel) return {};
  return options_.set_number("depth", 8, 0);
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

/// Double feeds, paper of many sizes, and nothing that alters an image.
Result<void> SaneScanner::set_feeder() {
  MAILROOM_TRY_VOID(options_.set_where_offered(quirk_.set));
  MAILROOM_TRY_VOID(options_.set_where_offered(quirk_.off));
  const bool off = settings_.double_feed == DoubleFeedCheck::off;
  MAILROOM_TRY_VOID(options_.set_where_offered(off ? quirk_.double_feed_off : quirk_.double_feed_on));
  return settings_.measured ? options_.set_where_offered(quirk_.measured) : Result<void>();
}

Result<void> SaneScanner::set_endorser() {
  const EndorserQuirk& endorser = quirk_.endorser;
  if (settings_.endorser.empty()) return options_.set_where_offered(endorser.off);
  MAILROOM_TRY_VOID(options_.set_where_offered(endorser.on));
  MAILROOM_TRY_VOID(options_.set_free_text(endorser.text, settings_.endorser + endorser.number));
  if (endorser.start.empty()) return {};
  return options_.set_number(endorser.start, settings_.endorser_start, 0);
}

/// Setting one option may change another: what is in effect after the last one must be what was asked for.
Result<void> SaneScanner::keep_what_was_set() {
  set_.clear();
  for (const char* name : {"source", "mode", "resolution"}) {
    if (const auto value = options_.value(name)) set_[name] = *value;
  }
  const auto wrong = [this](const std::string& name) {
    return fail(Errc::unsupported, "the scanner changed " + name + " while it was set up",
                Place::on_device(info_.name), "choose a profile that fits this scanner");
  };
  if (set_.contains("resolution") && set_["resolution"] != std::to_string(settings_.dpi))
    return wrong("the resolution to " + set_["resolution"]);
  const auto mode = mode_name({set_["mode"]}, settings_.mode);
  if (!mode) return wrong("the mode to " + set_["mode"]);
  return {};
}

Result<void> SaneScanner::check_still_set() const {
  for (const auto& [name, wanted] : set_) {
    const auto now = options_.value(name);
    if (!now || *now == wanted) continue;
    return fail(Errc::corrupt,
                "the scanner changed " + name + " from " + wanted + " to " + *now + " while scanning",
                here());
  }
  return {};
}

Result<void> SaneScanner::begin_feed(const FeedSettings& settings) {
  settings_ = settings;
  MAILROOM_TRY(const Capabilities offered, capabilities());
  if (auto fits = check_settings(offered, settings); !fits) {
    Error error = std::move(fits).error();
    error.place.device = info_.name;
    return fail(std::move(error));
  }
  MAILROOM_TRY_VOID(set_source());
  MAILROOM_TRY_VOID(set_mode());
  MAILROOM_TRY_VOID(options_.set_number("resolution", settings.dpi, 0));
  MAILROOM_TRY_VOID(set_area());
  MAILROOM_TRY_VOID(set_feeder());
  MAILROOM_TRY_VOID(set_endorser());
  MAILROOM_TRY_VOID(keep_what_was_set());
  MAILROOM_TRY(counter_before_, sensor(quirk_.sensors.counter));
  MAILROOM_TRY(printed_before_, sensor(quirk_.endorser.printed));
  sheet_ = 1;
  side_ = Side::front;
  over_ = false;
  return {};
}

Result<std::optional<int>> SaneScanner::sensor(const std::string& name) const {
  return options_.sensor(name, quirk_.sensors.read_twice);
}

bool SaneScanner::is_on(const std::string& name) const {
  const auto value = sensor(name);
  return value && *value && **value != 0;
}

/// Whether there is paper in the feeder; nullopt when no sensor tells.
Result<std::optional<bool>> SaneScanner::loaded() const {
  for (const auto& name : quirk_.sensors.loaded) {
    MAILROOM_TRY(const auto value, sensor(name));
    if (value) return std::optional<bool>(*value != 0);
  }
  return std::optional<bool>();
}

tl::unexpected<FeedFault> SaneScanner::stop(FaultKind kind, PaperAt paper, Error error) {
  const FeedFault fault{kind, sheet_, side_, paper, std::move(error)};
  cancel();
  return tl::unexpected<FeedFault>(fault);
}

/// SANE says "jammed" for double feeds and staples too, and "I/O error" for a device that is gone or has no
/// ink: the sensors are asked.
FaultKind SaneScanner::kind_of(SANE_Status status, const Error& error) const {
  const SensorQuirk& sensors = quirk_.sensors;
  if (!options_.answers()) return FaultKind::device_lost;
  const auto code = sensor(sensors.error_code);
  if (!code) return FaultKind::device_lost;
  const auto meant = sensors.error_codes.find(code->value_or(0));
  if (meant != sensors.error_codes.end()) return meant->second;
  if (status == SANE_STATUS_JAMMED) {
    if (is_on(sensors.double_feed)) return FaultKind::double_feed;
    return is_on(sensors.staple) ? FaultKind::staple : FaultKind::paper_jam;
  }
  if (status == SANE_STATUS_CANCELLED) return FaultKind::stop_button;
  if (error.code != Errc::io) return fault_kind_of(error.code);
  if (is_on(sensors.cover)) return FaultKind::cover_open;
  if (!settings_.endorser.empty() && is_on(sensors.ink_low)) return FaultKind::no_ink;
  return loaded() ? FaultKind::device_error : FaultKind::device_lost;
}

/// Where the present sheet is. A device with a counter knows whether it took the sheet in; without one a
/// sheet that was being pulled is taken for stuck, which sends the operator to the right place.
PaperAt SaneScanner::paper_after(FaultKind kind, bool moving) const {
  if (kind == FaultKind::device_lost) return PaperAt::unknown;
  const auto counter = sensor(quirk_.sensors.counter);
  const bool counts = counter && *counter && counter_before_;
  const bool taken = counts ? **counter - *counter_before_ >= sheet_ : moving;
  if (taken)
    return kind == FaultKind::paper_jam || kind == FaultKind::double_feed ? PaperAt::path : PaperAt::tray;
  const bool pulled = kind == FaultKind::paper_jam || kind == FaultKind::double_feed;
  return pulled && !counts ? PaperAt::path : PaperAt::feeder;
}

/// `moving`: the sheet had left the feeder.
tl::unexpected<FeedFault> SaneScanner::stop_on(SANE_Status status, bool moving) {
  Error error = error_of(status, moving ? "reading a sheet" : "pulling a sheet", here());
  const FaultKind kind = kind_of(status, error);
  if (kind == FaultKind::double_feed) error.code = Errc::double_feed;
  if (kind == FaultKind::device_lost) error.code = Errc::device_lost;
  return stop(kind, paper_after(kind, moving), std::move(error));
}

/// "No more paper" is what drivers also say after the stop button or a fault they have no word for: the
/// feeder's own sensor decides.
NextSide SaneScanner::end_of_feed(SANE_Status status) {
  if (is_on(quirk_.sensors.double_feed)) return stop_on(SANE_STATUS_JAMMED, false);
  const auto paper_left = loaded();
  if (!paper_left) return stop_on(SANE_STATUS_IO_ERROR, false);
  if (*paper_left == true) {
    return stop(FaultKind::stop_button, side_ == Side::back ? PaperAt::tray : PaperAt::feeder,
                {Errc::cancelled, "the scanner stopped although there is paper in the feeder", here()});
  }
  if (side_ == Side::back) {
    return stop(
        FaultKind::device_error, PaperAt::tray,
        {Errc::io, "the scanner gave the front of a sheet and no back", here(), "feed this sheet again"});
  }
  if (sheet_ == 1) return stop_on(status, false);
  cancel();
  return std::optional<ScannedSide>{};
}

/// What the device announces for the side it has begun; `lines` is -1 when it cannot tell.
tl::expected<ScannedSide, FeedFault> SaneScanner::describe_side(int& lines) {
  SANE_Parameters parameters{};
  const auto status = sane_get_parameters(device_.handle(), &parameters);
  if (status != SANE_STATUS_GOOD) return stop_on(status, true);
  if (auto still = check_still_set(); !still)
    return stop(FaultKind::damaged_image, PaperAt::tray, std::move(still).error());
  const bool colour = settings_.mode == ColourMode::colour;
  const int bits = settings_.mode == ColourMode::bilevel ? 1 : 8;
  const int channels = colour ? 3 : 1;
  const bool as_asked =
      parameters.format == (colour ? SANE_FRAME_RGB : SANE_FRAME_GRAY) && parameters.depth == bits;
  const long needed = (long(parameters.pixels_per_line) * channels * bits + 7) / 8;
  const bool sensible =
      parameters.pixels_per_line > 0 && parameters.bytes_per_line >= needed && parameters.lines != 0 &&
      parameters.lines >= -1 &&
      std::size_t(parameters.bytes_per_line) * std::size_t(std::max(parameters.lines, 1)) <= kSideLimit;
  if (!as_asked || !sensible) {
    return stop(
        FaultKind::damaged_image, PaperAt::tray,
        {Errc::unsupported, "the scanner announces another kind of image than it was set to", here()});
  }
  lines = parameters.lines;
  ScannedSide side{sheet_, side_, parameters.pixels_per_line, 0, settings_.dpi, channels, bits};
  side.stride = parameters.bytes_per_line;
  return side;
}

tl::expected<void, FeedFault> SaneScanner::read_rows(ScannedSide& side, int lines, const Progress& progress) {
  const auto stride = std::size_t(side.stride);
  const std::size_t announced = lines > 0 ? stride * std::size_t(lines) : 0;
  std::size_t filled = 0;
  for (;;) {
    side.pixels.resize(std::max(announced, filled) + std::size_t(kPiece));
    SANE_Int length = 0;
    const auto status = sane_read(device_.handle(), side.pixels.data() + filled, kPiece, &length);
    if (status == SANE_STATUS_EOF) break;
    if (status != SANE_STATUS_GOOD) return stop_on(status, true);
    filled += std::size_t(std::clamp(length, 0, kPiece));
    if (filled > kSideLimit || (announced > 0 && filled > announced)) {
      return stop(FaultKind::damaged_image, PaperAt::tray,
                  {Errc::corrupt, "the scanner delivered more of a side than it announced", here()});
    }
    if (length > 0 && progress) progress();
  }
  side.height = int(filled / stride);
  side.pixels.resize(filled);
  return check_rows(side, filled, lines);
}

tl::expected<void, FeedFault> SaneScanner::check_rows(const ScannedSide& side, std::size_t filled,
                                                      int lines) {
  const bool whole_rows = side.height > 0 && filled % std::size_t(side.stride) == 0;
  if (!whole_rows || (lines > 0 && side.height != lines)) {
    return stop(FaultKind::short_side, PaperAt::tray,
                {Errc::corrupt,
                 "a side came short: " + std::to_string(side.height) + " of " +
                     std::to_string(std::max(lines, 0)) + " rows",
                 here(), "feed this sheet again"});
  }
  if (quirk_.grey_tail && ends_in_filling(side)) {
    return stop(FaultKind::damaged_image, PaperAt::tray,
                {Errc::corrupt, "the lower part of a side is filled with one value", here(),
                 "feed this sheet again"});
  }
  return {};
}

void SaneScanner::step() {
  if (settings_.source == Source::flatbed) over_ = true;
  const bool back_next = settings_.source == Source::feeder_duplex && side_ == Side::front;
  if (!back_next) sheet_++;
  side_ = back_next ? Side::back : Side::front;
}

NextSide SaneScanner::next_side(const Progress& progress) {
  if (over_) return std::optional<ScannedSide>{};
  const auto started = sane_start(device_.handle());
  if (started == SANE_STATUS_NO_DOCS || started == SANE_STATUS_EOF) return end_of_feed(started);
  if (started != SANE_STATUS_GOOD) return stop_on(started, false);
  int lines = 0;
  auto side = describe_side(lines);
  if (!side) return tl::unexpected<FeedFault>(std::move(side).error());
  auto read = read_rows(*side, lines, progress);
  if (!read) return tl::unexpected<FeedFault>(std::move(read).error());
  step();
  return std::optional<ScannedSide>(*std::move(side));
}

Result<DeviceCount> SaneScanner::count() {
  DeviceCount count;
  MAILROOM_TRY(const auto counter, sensor(quirk_.sensors.counter));
  if (counter && counter_before_) count.sheets_fed = *counter - *counter_before_;
  MAILROOM_TRY(count.feeder_loaded, loaded());
  MAILROOM_TRY(const auto double_feed, sensor(quirk_.sensors.double_feed));
  if (double_feed) count.double_feed = *double_feed != 0;
  if (settings_.endorser.empty()) return count;
  MAILROOM_TRY(const auto printed, sensor(quirk_.endorser.printed));
  if (printed && printed_before_) count.endorsed = *printed - *printed_before_;
  return count;
}

void SaneScanner::cancel() noexcept {
  over_ = true;
  sane_cancel(device_.handle());
}

}  // namespace mailroom::drivers
