#include "drivers/scanner/sane/value_names.h"

#include <algorithm>
#include <cctype>

namespace mailroom::drivers {
namespace {

/// Exact names in the order of preference, in lower case.
std::vector<std::string> known_names(Source wanted) {
  switch (wanted) {
    case Source::flatbed: return {"flatbed", "normal", "document table", "platen"};
    case Source::feeder_front:
      return {"adf front",
              "adf simplex",
              "automatic document feeder(one-sided)",
              "automatic document feeder",
              "adf",
              "document feeder",
              "feeder"};
    case Source::feeder_duplex:
      return {"adf duplex",
              "automatic document feeder(duplex)",
              "automatic document feeder (duplex)",
              "automatic document feeder(centrally aligned,duplex)",
              "adf - duplex",
              "duplex"};
  }
  return {};
}

std::vector<std::string> known_names(ColourMode wanted) {
  switch (wanted) {
    case ColourMode::bilevel: return {"lineart", "binary", "black & white", "monochrome"};
    case ColourMode::grey: return {"gray", "grayscale", "grey", "true gray", "8-bit gray"};
    case ColourMode::colour: return {"color", "24bit color", "24-bit color", "colour", "24bit color[fast]"};
  }
  return {};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return text;
}

template <typename Wanted>
std::optional<std::string> pick(const std::vector<std::string>& offered, Wanted wanted) {
  for (const auto& known : known_names(wanted)) {
    for (const auto& name : offered) {
      if (lower(name) == known) return name;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> source_name(const std::vector<std::string>& offered, Source wanted) {
  return pick(offered, wanted);
}

std::optional<std::string> mode_name(const std::vector<std::string>& offered, ColourMode wanted) {
  return pick(offered, wanted);
}

}  // namespace mailroom::drivers
