#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace mailroom::drivers {

/// The names of SANE's status codes in recordings, by their numbers (SANE Standard 1.06, §4.2.7); persistent
/// (docs/formats/scan-recording.md).
inline constexpr std::array<std::string_view, 12> kStatusNames = {
    "good",   "unsupported", "cancelled",  "device_busy", "inval",  "eof",
    "jammed", "no_docs",     "cover_open", "io_error",    "no_mem", "access_denied"};
inline constexpr int kIoErrorStatus = 9;

inline std::string status_name(int status) {
  const bool known = status >= 0 && std::size_t(status) < kStatusNames.size();
  return std::string(kStatusNames[std::size_t(known ? status : kIoErrorStatus)]);
}

inline int status_named(std::string_view name) {
  const auto found = std::find(kStatusNames.begin(), kStatusNames.end(), name);
  return found == kStatusNames.end() ? kIoErrorStatus : int(found - kStatusNames.begin());
}

}  // namespace mailroom::drivers
