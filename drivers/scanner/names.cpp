#include "drivers/scanner/names.h"

#include <array>
#include <utility>

namespace mailroom::drivers {
namespace {

template <typename Value, std::size_t N>
using Table = std::array<std::pair<Value, std::string_view>, N>;

constexpr Table<Source, 3> kSources = {{{Source::flatbed, "flatbed"},
                                        {Source::feeder_front, "feeder_front"},
                                        {Source::feeder_duplex, "feeder_duplex"}}};
constexpr Table<ColourMode, 3> kModes = {
    {{ColourMode::bilevel, "bilevel"}, {ColourMode::grey, "grey"}, {ColourMode::colour, "colour"}}};
constexpr Table<DoubleFeedCheck, 3> kChecks = {{{DoubleFeedCheck::if_offered, "if_offered"},
                                                {DoubleFeedCheck::required, "required"},
                                                {DoubleFeedCheck::off, "off"}}};

template <typename Value, std::size_t N>
std::string_view name_in(const Table<Value, N>& table, Value value) {
  for (const auto& [known, name] : table) {
    if (known == value) return name;
  }
  return {};
}

template <typename Value, std::size_t N>
std::optional<Value> value_in(const Table<Value, N>& table, std::string_view wanted) {
  for (const auto& [value, name] : table) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Source source) {
  return name_in(kSources, source);
}
std::string_view name_of(ColourMode mode) {
  return name_in(kModes, mode);
}
std::string_view name_of(DoubleFeedCheck check) {
  return name_in(kChecks, check);
}
std::optional<Source> source_from(std::string_view name) {
  return value_in(kSources, name);
}
std::optional<ColourMode> mode_from(std::string_view name) {
  return value_in(kModes, name);
}
std::optional<DoubleFeedCheck> double_feed_from(std::string_view name) {
  return value_in(kChecks, name);
}

}  // namespace mailroom::drivers
