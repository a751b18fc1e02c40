#pragma once

#include <optional>
#include <string_view>

#include "drivers/scanner/scanner.h"

/// The words of the scanner contract in profiles and helper messages. Persistent. Reentrant.
namespace mailroom::drivers {

std::string_view name_of(Source source);          ///< "flatbed", "feeder_front", "feeder_duplex"
std::string_view name_of(ColourMode mode);        ///< "bilevel", "grey", "colour"
std::string_view name_of(DoubleFeedCheck check);  ///< "if_offered", "required", "off"

std::optional<Source> source_from(std::string_view name);
std::optional<ColourMode> mode_from(std::string_view name);
std::optional<DoubleFeedCheck> double_feed_from(std::string_view name);

}  // namespace mailroom::drivers
