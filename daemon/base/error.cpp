#include "daemon/base/error.h"

#include <array>
#include <utility>

namespace mailroom {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::invalid_input: return "invalid_input";
    case Errc::unsupported: return "unsupported";
    case Errc::not_found: return "not_found";
    case Errc::busy: return "busy";
    case Errc::timed_out: return "timed_out";
    case Errc::disk_full: return "disk_full";
    case Errc::io: return "io";
    case Errc::corrupt: return "corrupt";
    case Errc::conflict: return "conflict";
    case Errc::illegal_state: return "illegal_state";
    case Errc::refused: return "refused";
    case Errc::crashed: return "crashed";
    case Errc::cancelled: return "cancelled";
    case Errc::paper_jam: return "paper_jam";
    case Errc::double_feed: return "double_feed";
    case Errc::cover_open: return "cover_open";
    case Errc::feeder_empty: return "feeder_empty";
    case Errc::device_lost: return "device_lost";
    case Errc::unreachable: return "unreachable";
  }
  return "unknown";
}

std::optional<Errc> errc_from(std::string_view name) {
  for (int code = 0; code <= int(Errc::unreachable); ++code) {
    if (name_of(Errc(code)) == name) return Errc(code);
  }
  return std::nullopt;
}

namespace {

std::string describe(const Place& place) {
  std::string file = place.file;
  if (!file.empty() && place.line) file += ":" + std::to_string(*place.line);
  if (!file.empty() && place.offset) file += " at byte " + std::to_string(*place.offset);
  const std::array<std::pair<const char*, const std::string*>, 4> parts = {
      {{"device ", &place.device}, {"batch ", &place.batch}, {"page ", &place.page}, {"file ", &file}}};
  std::string text;
  for (const auto& [label, value] : parts) {
    if (value->empty()) continue;
    text += (text.empty() ? "" : ", ") + std::string(label) + *value;
  }
  return text;
}

}  // namespace

std::string Error::message() const {
  std::string text = what;
  if (const auto where = describe(place); !where.empty()) text += " (" + where + ")";
  if (!remedy.empty()) text += " - " + remedy;
  return text;
}

}  // namespace mailroom
