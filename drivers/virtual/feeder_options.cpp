#include "drivers/virtual/feeder_options.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "drivers/virtual/paper.h"

namespace mailroom::drivers::feeder {
namespace {

constexpr SANE_Int kTextSize = 32;
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
std::size_t index_in(const std::vector<const char*>& offered, const char* value) {
  const auto found = std::find_if(offered.begin(), offered.end() - 1,
                                  [value](const char* entry) { return std::strcmp(entry, value) == 0; });
  return std::size_t(found - offered.begin());
}

std::vector<const char*> list_of(const std::vector<std::string>& words) {
  std::vector<const char*> list;
  for (const auto& word : words) list.push_back(word.c_str());
  list.push_back(nullptr);
  return list;
}

}  // namespace

FeederOptions::FeederOptions(const DeviceConfig& config)
    : played_(options_played_by(config.plays)),
      source_words_(list_of(played_.sources)),
      mode_words_(list_of(played_.modes)),
      cached_(config.cached_sensors),
      width_{0, SANE_FIX(kMaxWidth), 0},
      height_{0, SANE_FIX(kMaxHeight), 0},
      mode_(std::min(std::size_t(1), played_.modes.size() - 1)),
      source_(played_.sources.size() - 1) {
  resolutions_ = {SANE_Word(config.resolutions.size())};
  resolutions_.insert(resolutions_.end(), config.resolutions.begin(), config.resolutions.end());
  if (std::find(config.resolutions.begin(), config.resolutions.end(), dpi_) == config.resolutions.end()) {
    dpi_ = config.resolutions.front();
  }
  descriptors_[kCount] =
      described("", "Number of options", SANE_TYPE_INT, SANE_UNIT_NONE, SANE_CAP_SOFT_DETECT);
  descriptors_[kMode] = choice("mode", "Scan mode", mode_words_.data());
  descriptors_[kSource] = choice("source", "Scan source", source_words_.data());
  descriptors_[kResolution] = described("resolution", "Resolution", SANE_TYPE_INT, SANE_UNIT_DPI, kSettable);
  descriptors_[kResolution].constraint_type = SANE_CONSTRAINT_WORD_LIST;
  descriptors_[kResolution].constraint.word_list = resolutions_.data();
  if (config.plays == "nonsense") {
    backwards_ = {600, 300, 0};
    descriptors_[kResolution].constraint_type = SANE_CONSTRAINT_RANGE;
    descriptors_[kResolution].constraint.range = &backwards_;
    width_ = {0, 0, 0};
  }
  describe_geometry();
  describe_sensors();
  describe_played();
}

void FeederOptions::describe_played() {
  using Kind = PlayedOption::Kind;
  for (const PlayedOption& option : played_.options) {
    const bool word = option.kind == Kind::words || option.kind == Kind::text;
    const SANE_Value_Type type = word                          ? SANE_TYPE_STRING
                                 : option.kind == Kind::yes_no ? SANE_TYPE_BOOL
                                                               : SANE_TYPE_INT;
    auto descriptor = described(option.name.c_str(), option.name.c_str(), type, SANE_UNIT_NONE, kSettable);
    if (option.kind == Kind::sensor) descriptor.cap = SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT;
    if (option.kind == Kind::text) descriptor.size = option.letters + 1;
    if (option.kind == Kind::words) {
      word_lists_.push_back(list_of(option.words));
      descriptor.constraint_type = SANE_CONSTRAINT_STRING_LIST;
      descriptor.constraint.string_list = word_lists_.back().data();
    }
    if (option.kind == Kind::number) {
      ranges_.push_back({option.lowest, option.highest, 0});
      descriptor.constraint_type = SANE_CONSTRAINT_RANGE;
      descriptor.constraint.range = &ranges_.back();
    }
    played_descriptors_.push_back(descriptor);
  }
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
  descriptors_[kStaple] = described("staple", "Staple found", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
  descriptors_[kInkLow] =
      described("ink-low", "Endorser out of ink", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
  descriptors_[kPrinted] =
      described("endorser-printed", "Sheets printed on", SANE_TYPE_INT, SANE_UNIT_NONE, kSensor);
  descriptors_[kScanButton] = described("scan", "Scan button", SANE_TYPE_BOOL, SANE_UNIT_NONE, kSensor);
}

const SANE_Option_Descriptor* FeederOptions::descriptor(SANE_Int option) const {
  const auto index = std::size_t(std::max(option, 0));
  if (option >= 0 && option < kOptions) return &descriptors_[index];
  const std::size_t played = index - kOptions;
  return option >= kOptions && played < played_descriptors_.size() ? &played_descriptors_[played] : nullptr;
}

std::string FeederOptions::played_value(const std::string& name) const {
  for (const PlayedOption& option : played_.options) {
    if (option.name == name) return option.value;
  }
  return {};
}

/// What a sensor says. A driver that caches keeps all of them at the first reading of any one, until a sensor
/// is read that was read since.
SANE_Word FeederOptions::reading(SANE_Int option, const Sensors& sensors) const {
  if (!cached_ || !keeps_ || read_[std::size_t(option)]) {
    kept_ = sensors;
    keeps_ = true;
    read_.fill(false);
  }
  read_[std::size_t(option)] = true;
  switch (option) {
    case kPageLoaded: return kept_.page_loaded;
    case kCoverOpen: return kept_.cover_open;
    case kDoubleFeed: return kept_.double_feed;
    case kStaple: return kept_.staple;
    case kInkLow: return kept_.ink_low;
    case kPrinted: return kept_.printed;
    case kScanButton: return kept_.scan_button;
    default: return kept_.sheet_counter;
  }
}

SANE_Status FeederOptions::get(SANE_Int option, void* value, const Sensors& sensors) const {
  auto* word = static_cast<SANE_Word*>(value);
  switch (option) {
    case kCount: *word = kOptions + SANE_Int(played_descriptors_.size()); break;
    case kMode: std::strcpy(static_cast<char*>(value), mode_words_[mode_]); break;
    case kSource: std::strcpy(static_cast<char*>(value), source_words_[source_]); break;
    case kResolution: *word = shown_dpi_.value_or(dpi_); break;
    case kLeft:
    case kTop:
    case kRight:
    case kBottom: *word = area_[std::size_t(option - kLeft)]; break;
    default: break;
  }
  if (option < kPageLoaded) return SANE_STATUS_GOOD;
  if (option < kOptions) {
    *word = reading(option, sensors);
    return SANE_STATUS_GOOD;
  }
  if (descriptor(option) == nullptr) return SANE_STATUS_INVAL;
  const PlayedOption& played = played_.options[std::size_t(option - kOptions)];
  const auto type = descriptor(option)->type;
  if (type == SANE_TYPE_STRING) std::strcpy(static_cast<char*>(value), played.value.c_str());
  if (type == SANE_TYPE_BOOL) *word = played.value == "yes" ? SANE_TRUE : SANE_FALSE;
  if (type == SANE_TYPE_INT) *word = std::atoi(played.value.c_str());
  return SANE_STATUS_GOOD;
}

SANE_Status FeederOptions::set_played(PlayedOption& option, const void* value) {
  using Kind = PlayedOption::Kind;
  const SANE_Word word =
      option.kind == Kind::words || option.kind == Kind::text ? 0 : *static_cast<const SANE_Word*>(value);
  const auto* text = static_cast<const char*>(value);
  switch (option.kind) {
    case Kind::sensor: return SANE_STATUS_INVAL;
    case Kind::yes_no: option.value = word != 0 ? "yes" : "no"; break;
    case Kind::number:
      if (word < option.lowest || word > option.highest) return SANE_STATUS_INVAL;
      option.value = std::to_string(word);
      break;
    case Kind::words:
      if (std::find(option.words.begin(), option.words.end(), text) == option.words.end())
        return SANE_STATUS_INVAL;
      option.value = text;
      break;
    case Kind::text:
      if (std::strlen(text) > std::size_t(option.letters)) return SANE_STATUS_INVAL;
      option.value = text;
      break;
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
  if (descriptor(option) == nullptr) return SANE_STATUS_INVAL;
  if (option >= kOptions) return set_played(played_.options[std::size_t(option - kOptions)], value);
  if (option != kMode && option != kSource) return set_word(option, *static_cast<const SANE_Word*>(value));
  const auto& offered = option == kMode ? mode_words_ : source_words_;
  const std::size_t index = index_in(offered, static_cast<const char*>(value));
  if (index + 1 >= offered.size()) return SANE_STATUS_INVAL;
  (option == kMode ? mode_ : source_) = index;
  return SANE_STATUS_GOOD;
}

ColourMode FeederOptions::mode() const {
  const std::string word = mode_words_[mode_];
  return word == "Color" ? ColourMode::colour : word == "Gray" ? ColourMode::grey : ColourMode::bilevel;
}

Source FeederOptions::source() const {
  const std::string word = source_words_[source_];
  if (word == "Flatbed" || word == "fb") return Source::flatbed;
  const bool both =
      word == "ADF Duplex" || played_value("adf-mode") == "Duplex" || played_value("duplex") == "yes";
  return both ? Source::feeder_duplex : Source::feeder_front;
}

}  // namespace mailroom::drivers::feeder
