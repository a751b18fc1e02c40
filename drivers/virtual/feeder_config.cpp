#include "drivers/virtual/feeder_config.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "drivers/virtual/played_options.h"

namespace mailroom::drivers::feeder {
namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, 19> kFaultNames = {{
    {FaultKind::jam, "jam"},
    {FaultKind::doublefeed, "doublefeed"},
    {FaultKind::cover, "cover"},
    {FaultKind::io, "io"},
    {FaultKind::read_jam, "read-jam"},
    {FaultKind::back_jam, "back-jam"},
    {FaultKind::short_page, "short"},
    {FaultKind::start_hang, "start-hang"},
    {FaultKind::read_hang, "read-hang"},
    {FaultKind::crash, "crash"},
    {FaultKind::lost, "lost"},
    {FaultKind::counter, "counter"},
    {FaultKind::stop_button, "stop-button"},
    {FaultKind::staple, "staple"},
    {FaultKind::no_ink, "no-ink"},
    {FaultKind::damaged, "damaged"},
    {FaultKind::changes, "changes"},
    {FaultKind::contradicts, "contradicts"},
    {FaultKind::busy, "busy"},
}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

template <typename Number>
Result<Number> number_from(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || number < 0) {
    return fail(Errc::invalid_input, "'" + std::string(text) + "' is not a number");
  }
  return number;
}

Result<Fault> fault_from(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return fail(Errc::invalid_input, "a fault is written SHEET:KIND");
  MAILROOM_TRY(const int sheet, number_from<int>(trimmed(text.substr(0, colon))));
  const std::string_view name = trimmed(text.substr(colon + 1));
  for (const auto& [kind, known] : kFaultNames) {
    if (known == name && sheet > 0) return Fault{sheet, kind};
  }
  return fail(Errc::invalid_input, "'" + std::string(text) + "' is not a fault");
}

Result<std::vector<int>> resolutions_from(std::string_view text) {
  std::vector<int> resolutions;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    MAILROOM_TRY(const int dpi, number_from<int>(word));
    if (dpi < 1 || dpi > 1200) return fail(Errc::invalid_input, word + " dpi is not offered");
    resolutions.push_back(dpi);
  }
  if (resolutions.empty()) return fail(Errc::invalid_input, "no resolution given");
  return resolutions;
}

Result<void> set_value(DeviceConfig& device, std::string_view key, std::string_view value) {
  if (key == "folder") {
    device.folder = value;
  } else if (key == "state") {
    device.state = value;
  } else if (key == "vendor") {
    device.vendor = value;
  } else if (key == "model") {
    device.model = value;
  } else if (key == "pace") {
    MAILROOM_TRY(device.pace, number_from<double>(value));
  } else if (key == "height" && (value == "known" || value == "unknown")) {
    device.unknown_height = value == "unknown";
  } else if (key == "plays" && can_play(value)) {
    device.plays = value;
  } else if (key == "cached-sensors" && (value == "yes" || value == "no")) {
    device.cached_sensors = value == "yes";
  } else if (key == "resolutions") {
    MAILROOM_TRY(device.resolutions, resolutions_from(value));
  } else if (key == "fault") {
    MAILROOM_TRY(device.faults.emplace_back(), fault_from(value));
  } else {
    return fail(Errc::invalid_input, "'" + std::string(key) + "' is not a key or cannot have this value");
  }
  return {};
}

Result<void> read_line(std::vector<DeviceConfig>& devices, std::string_view line) {
  if (line.empty() || line.front() == '#') return {};
  if (line.starts_with("device ")) {
    devices.push_back({std::string(trimmed(line.substr(7)))});
    return {};
  }
  const auto equals = line.find('=');
  if (equals == std::string_view::npos)
    return fail(Errc::invalid_input, "expected 'device NAME' or 'KEY = VALUE'");
  if (devices.empty()) return fail(Errc::invalid_input, "a key before the first 'device NAME'");
  return set_value(devices.back(), trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
}

Result<void> complete(DeviceConfig& device) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  if (device.name.empty() || device.name.find_first_not_of(kAllowed) != std::string::npos) {
    return fail(Errc::invalid_input, "'" + device.name + "' is not a device name: letters, digits, - and _");
  }
  if (device.folder.empty()) return fail(Errc::invalid_input, "device '" + device.name + "' has no folder");
  if (!device.folder.has_filename()) device.folder = device.folder.parent_path();
  if (device.state.empty()) device.state = device.folder.parent_path();
  return {};
}

std::vector<std::filesystem::path> config_folders() {
  const char* set = std::getenv("SANE_CONFIG_DIR");
  const std::string folders = set == nullptr ? ":" : set;
  std::vector<std::filesystem::path> found;
  std::istringstream parts(folders);
  for (std::string part; std::getline(parts, part, ':');) {
    if (!part.empty()) found.emplace_back(part);
  }
  if (folders.ends_with(':')) found.insert(found.end(), {".", "/etc/sane.d"});
  return found;
}

}  // namespace

std::string_view name_of(FaultKind kind) {
  for (const auto& [known, name] : kFaultNames) {
    if (known == kind) return name;
  }
  return {};
}

Result<std::vector<DeviceConfig>> parse_config(std::string_view text, const std::string& file) {
  std::vector<DeviceConfig> devices;
  unsigned long long number = 0;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    number++;
    auto read = read_line(devices, trimmed(line));
    if (read) continue;
    Error error = std::move(read).error();
    error.place.file = file;
    error.place.line = number;
    return fail(std::move(error));
  }
  for (auto& device : devices) MAILROOM_TRY_VOID(complete(device));
  return devices;
}

Result<std::vector<DeviceConfig>> read_config() {
  for (const auto& folder : config_folders()) {
    const auto file = folder / "mailroomfeeder.conf";
    if (!std::filesystem::exists(file)) continue;
    MAILROOM_TRY(const Bytes bytes, read_file(file, std::size_t{1} << 20U));
    return parse_config(as_text(bytes), file.string());
  }
  return std::vector<DeviceConfig>{};
}

}  // namespace mailroom::drivers::feeder
