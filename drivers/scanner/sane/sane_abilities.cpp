#include "drivers/scanner/sane/sane_abilities.h"

#include <algorithm>
#include <cmath>

#include "drivers/scanner/sane/value_names.h"

namespace mailroom::drivers {
namespace {

constexpr double kLargestDpi = 9600;
constexpr double kLargestSide = 30'000;  // mm: long paper of thirty metres, more is a misreading

std::string short_number(double number) {
  return std::to_string(long(std::lround(std::clamp(number, -1e9, 1e9))));
}

/// A range that can be meant: not empty, not negative, not beyond all devices.
bool sensible(const SaneOptions::Range& range, double largest) {
  return std::isfinite(range.lowest) && std::isfinite(range.highest) && range.lowest <= range.highest &&
         range.highest > 0 && range.highest <= largest && range.lowest >= -1;
}

void doubt(Capabilities& into, const std::string& option, const SaneOptions::Range& range) {
  into.doubts.push_back(option + ": " + short_number(range.lowest) + " to " + short_number(range.highest));
}

void read_resolutions(const SaneOptions& options, Capabilities& into) {
  for (const double number : options.numbers("resolution")) {
    if (number >= 1 && number <= kLargestDpi && number == std::floor(number))
      into.resolutions.listed.push_back(int(number));
    else
      into.doubts.push_back("resolution: " + short_number(number));
  }
  const auto range = options.range("resolution");
  if (!range) return;
  if (!sensible(*range, kLargestDpi)) return doubt(into, "resolution", *range);
  into.resolutions.lowest = std::max(1, int(std::ceil(range->lowest)));
  into.resolutions.highest = int(range->highest);
  into.resolutions.step = std::max(1, int(range->step));
}

/// The largest side in millimetres; 0 when no option of `names` tells.
double largest(const SaneOptions& options, std::initializer_list<const char*> names, Capabilities& into) {
  double found = 0;
  for (const char* name : names) {
    const auto range = options.range(name);
    if (!range || options.in_pixels(name)) continue;
    if (sensible(*range, kLargestSide))
      found = std::max(found, range->highest);
    else
      doubt(into, name, *range);
  }
  return found;
}

void read_sources(const SaneOptions& options, const Quirk& quirk, const DeviceInfo& info,
                  Capabilities& into) {
  const auto offered = options.choices("source");
  for (const Source source : {Source::flatbed, Source::feeder_front, Source::feeder_duplex}) {
    const auto named = quirk.sources.find(source);
    const bool has = named != quirk.sources.end() ? is_offered(options, named->second)
                                                  : source_name(offered, source).has_value();
    if (has) into.sources.push_back(source);
  }
  if (!offered.empty() || !into.sources.empty()) return;
  // A device with one source has no such option.
  const bool sheetfed = info.type.find("sheetfed") != std::string::npos;
  into.sources.push_back(sheetfed ? Source::feeder_front : Source::flatbed);
}

int endorser_letters(const SaneOptions& options, const EndorserQuirk& endorser) {
  const bool there =
      !endorser.text.empty() && (options.exists(endorser.text) || is_offered(options, endorser.on));
  if (!there) return 0;
  const int room = options.longest_text(endorser.text) - int(endorser.number.size());
  if (endorser.letters > 0) return room > 0 ? std::min(endorser.letters, room) : endorser.letters;
  return std::max(0, room);
}

bool any_exists(const SaneOptions& options, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return options.exists(name); });
}

}  // namespace

bool is_offered(const SaneOptions& options, const OptionValues& values) {
  return !values.empty() && options.offers({values.front()});
}

Capabilities abilities_of(const SaneOptions& options, const Quirk& quirk, const DeviceInfo& info) {
  Capabilities found;
  found.quirks = quirk.file;
  read_sources(options, quirk, info, found);
  const auto modes = options.choices("mode");
  for (const ColourMode mode : {ColourMode::bilevel, ColourMode::grey, ColourMode::colour}) {
    if (mode_name(modes, mode)) found.modes.push_back(mode);
  }
  read_resolutions(options, found);
  found.max_width_mm = largest(options, {"br-x", "page-width"}, found);
  found.max_height_mm = largest(options, {"br-y", "page-height"}, found);
  found.measures_paper = quirk.always_measured || is_offered(options, quirk.measured);
  found.detects_double_feed = is_offered(options, quirk.double_feed_on);
  found.endorser_letters = endorser_letters(options, quirk.endorser);
  found.counts_sheets = options.exists(quirk.sensors.counter);
  found.senses_paper = any_exists(options, quirk.sensors.loaded);
  for (const auto& button : quirk.sensors.buttons) {
    if (options.exists(button)) found.buttons.push_back(button);
  }
  return found;
}

}  // namespace mailroom::drivers
