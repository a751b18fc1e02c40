#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/bytes.h"
#include "firmware/protocol/crc.h"

namespace mailroom::station {

/// A short name for the context of a press: equal texts have equal tags, others hardly ever.
inline std::uint32_t panel_tag(std::string_view text) {
  return panel::crc16(as_bytes(text));
}

}  // namespace mailroom::station
