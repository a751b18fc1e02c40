#include "drivers/virtual/feeder_options.h"

#include <algorithm>
#include <cstring>

#include "drivers/virtual/paper.h"

namespace mailroom::drivers::feeder {
namespace {

constexpr std::array<const char*, 4> kModes = {"Lineart", "Gray", "Color", nullptr};
constexpr std::array<const char*, 4> kSources = {"Flatbed", "ADF Front", "ADF Duplex", nullptr};
constexpr SANE_Int kTextSize = 16;
constexpr SANE_Int kSettable = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT;

SANE_Option_Descriptor described(const char* name, const char* title, SANE_Value_Type type, SANE_Unit unit,
                                 SANE_Int capabilities) {
  SANE_Option_Descriptor descriptor{};
  descriptor.name = name;
  descriptor.title = title;
  descriptor.desc = title;
  descriptor.type = type;
  descriptor.unit = unit;
  descriptor.size = type == SANE_TYPE_STRING ? kTextSize : SANE_Int(sizeof(SANE_Word));
  descriptor.cap = capabilities;
  return descriptor;
}

SANE_Option_Descriptor choice(const char* name, const char* title, const char* const* offered) {
  auto descriptor = described(name, title, SANE_TYPE_STRING, SANE_UNIT_NONE, kSettable);
  descriptor.constraint_type = SANE_CONSTRAINT_STRING_LIST;
  descriptor.constraint.string_list = offered;
  return descriptor;
}

/// The index of `value` in a list that ends with nullptr; its length when it is not offered.
template <std::size_t N>
std::size_t index_in(const std::array<const char*, N>& offered, const char* value) {
  const auto found = std::find_if(offered.begin(), offered.end() - 1,
                                  [value](const char* entry) { return std::strcmp(entry, value) == 0; });
  return std::size_t(found - offered.begin());
}

}  // namespace

FeederOptions::FeederOptions(const DeviceConfig& config)
    : width_{0, SANE_FIX(kMaxWidth), 0}, height_{0, SANE_FIX(kMaxHeight), 0} {
  resolutions_ = {SANE_Word(config.resolutions.size())};
  resolutions_.insert(resolutions_.end(), config.resolutions.begin(), config.resolutions.end());
  if (std::find(config.resolutions.begin(), config.resolutions.end(), dpi_) == config.resolutions.end()) {
    dpi_ = config.resolutions.front();
  }
  descriptors_[kCount] =
      described("", "Number of options", SANE_TYPE_INT, SANE_UNIT_NONE, SANE_CAP_SOFT_DETECT);
  descriptors_[kMode] = choice("mode", "Scan mode", kModes.data());
  descriptors_[kSource] = choice("source", "Scan source", kSources.data());
  descriptors_[kResolution] = described("resolution", "Resolution", SANE_TYPE_INT, SANE_UNIT_DPI, kSettable);
  descriptors_[kResolution].constraint_type = SANE_CONSTRAINT_WORD_LIST;
  descriptors_[kResolution].constraint.word_list = resolutions_.data();
  describe_geometry();
  describe_sensors();
}

void FeederOptions::describe_geometry() {
  area_ = {0, 0, SANE_FIX(210), SANE_FIX(297)};
  constexpr std::array<const char*, 4> kNames = {"tl-x", "tl-y", "br-x", "br-y"};
  for (std::size_t i = 0; i < kNames.size(); i++) {
    auto& descriptor = descriptors_[kLeft + i];
    descriptor = described(kNames[i], "Scan area", SANE_TYPE_FIXED, SANE_UNIT_MM, kSettable);
    descriptor.constraint_type = SANE_CONSTRAINT_RANGE;
    descriptor.constraint.range = i % 2 == 0 ? &width_ : &height_;
  }
}

void FeederOptions::describe_sensors() {
  constexpr SANE_Int kSensor = SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT | SANE_CAP_ADVANCED;
  descriptors_[kPageLoaded] =
      described("page-loaded", "Paper in the feeder", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
  descriptors_[kCoverOpen] = described("cover-open", "Cover open", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
  descriptors_[kDoubleFeed] =
      described("double-feed", "Double feed detected", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
  descriptors_[kSheetCounter] =
      described("sheet-counter", "Sheets fed in the device's life", SANE_TYPE_INT, SANE_UNIT_NONE, kSensor);
}

const SANE_Option_Descriptor* FeederOptions::descriptor(SANE_Int option) const {
  return option >= 0 && option < kOptions ? &descriptors_[std::size_t(option)] : nullptr;
}

SANE_Status FeederOptions::get(SANE_Int option, void* value, const Sensors& sensors) const {
  auto* word = static_cast<SANE_Word*>(value);
  switch (option) {
    case kCount: *word = kOptions; break;
    case kMode: std::strcpy(static_cast<char*>(value), kModes[mode_]); break;
    case kSource: std::strcpy(static_cast<char*>(value), kSources[source_]); break;
    case kResolution: *word = dpi_; break;
    case kLeft:
    case kTop:
    case kRight:
    case kBottom: *word = area_[std::size_t(option - kLeft)]; break;
    case kPageLoaded: *word = sensors.page_loaded ? SANE_TRUE : SANE_FALSE; break;
    case kCoverOpen: *word = sensors.cover_open ? SANE_TRUE : SANE_FALSE; break;
    case kDoubleFeed: *word = sensors.double_feed ? SANE_TRUE : SANE_FALSE; break;
    case kSheetCounter: *word = sensors.sheet_counter; break;
    default: return SANE_STATUS_INVAL;
  }
  return SANE_STATUS_GOOD;
}

SANE_Status FeederOptions::set_word(SANE_Int option, SANE_Word value) {
  if (option == kResolution) {
    if (std::find(resolutions_.begin() + 1, resolutions_.end(), value) == resolutions_.end())
      return SANE_STATUS_INVAL;
    dpi_ = value;
    return SANE_STATUS_GOOD;
  }
  if (option < kLeft || option > kBottom) return SANE_STATUS_INVAL;
  const SANE_Range& range = *descriptors_[std::size_t(option)].constraint.range;
  if (value < range.min || value > range.max) return SANE_STATUS_INVAL;
  area_[std::size_t(option - kLeft)] = value;
  return SANE_STATUS_GOOD;
}

SANE_Status FeederOptions::set(SANE_Int option, const void* value, SANE_Int* info) {
  if (info != nullptr) *info = SANE_INFO_RELOAD_PARAMS;
  if (option != kMode && option != kSource) return set_word(option, *static_cast<const SANE_Word*>(value));
  const auto* text = static_cast<const char*>(value);
  const std::size_t index = option == kMode ? index_in(kModes, text) : index_in(kSources, text);
  if (index > 2) return SANE_STATUS_INVAL;
  (option == kMode ? mode_ : source_) = index;
  return SANE_STATUS_GOOD;
}

ColourMode FeederOptions::mode() const {
  constexpr std::array<ColourMode, 3> kMeanings = {ColourMode::bilevel, ColourMode::grey, ColourMode::colour};
  return kMeanings[mode_];
}

Source FeederOptions::source() const {
  constexpr std::array<Source, 3> kMeanings = {Source::flatbed, Source::feeder_front, Source::feeder_duplex};
  return kMeanings[source_];
}

}  // namespace mailroom::drivers::feeder
