#include "drivers/virtual/replay/recording.h"

#include <sstream>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"

namespace mailroom::drivers::replay {
namespace {

using nlohmann::json;

Place line_of(const std::string& file, unsigned long long number) {
  Place place = Place::in_file(file);
  place.line = number;
  return place;
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Result<void> read_head(Recording& recording, const json& head, const std::string& file) {
  if (!head.contains("recording") || !head["recording"].is_number_integer())
    return fail(Errc::invalid_input, "not a recording of a scanner", line_of(file, 1));
  if (head["recording"] != 1)
    return fail(Errc::unsupported, "a recording of another version", line_of(file, 1),
                "play it with the version that made it");
  const json device = head.value("device", json::object());
  recording.vendor = text_in(device, "vendor");
  recording.model = text_in(device, "model");
  recording.type = text_in(device, "type");
  return {};
}

bool set_value(DeviceConfig& device, std::string_view key, std::string_view value) {
  if (key == "recording")
    device.recording = value;
  else if (key == "speed" && (value == "0" || value == "1"))
    device.in_time = value == "1";
  else if (key == "unfinished" && (value == "hang" || value == "crash"))
    device.crash_at_the_end = value == "crash";
  else
    return false;
  return true;
}

}  // namespace

Result<Recording> read_recording(const std::filesystem::path& file) {
  MAILROOM_TRY(const Bytes bytes, read_file(file));
  std::istringstream text{std::string(as_text(bytes))};
  Recording recording;
  unsigned long long number = 0;
  for (std::string line; std::getline(text, line);) {
    number++;
    const json entry = json::parse(line, nullptr, false);
    const bool cut_off = text.eof() && entry.is_discarded() && number > 1;
    if (cut_off) break;
    if (!entry.is_object())
      return fail(Errc::invalid_input, "a line of a recording is not JSON", line_of(file.string(), number));
    if (number > 1) {
      recording.lines.push_back(entry);
    } else {
      MAILROOM_TRY_VOID(read_head(recording, entry, file.string()));
    }
  }
  if (number == 0)
    return fail(Errc::invalid_input, "an empty file is no recording", Place::in_file(file.string()));
  return recording;
}

Result<std::vector<DeviceConfig>> parse_config(std::string_view text, const std::string& file) {
  std::vector<DeviceConfig> devices;
  std::istringstream lines{std::string(text)};
  unsigned long long number = 0;
  for (std::string line; std::getline(lines, line);) {
    number++;
    const auto content = trimmed(line);
    if (content.empty() || content.front() == '#') continue;
    if (content.starts_with("device ")) {
      devices.push_back({std::string(trimmed(content.substr(7))), {}});
      continue;
    }
    const auto equals = content.find('=');
    const bool taken =
        equals != std::string_view::npos && !devices.empty() &&
        set_value(devices.back(), trimmed(content.substr(0, equals)), trimmed(content.substr(equals + 1)));
    if (!taken) return fail(Errc::invalid_input, "not a line of mailroomreplay.conf", line_of(file, number));
  }
  return devices;
}

}  // namespace mailroom::drivers::replay
