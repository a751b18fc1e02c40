#include "drivers/scanner/escl/device_address.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace mailroom::drivers {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kBackend = "airscan:";

/// Without white space around and without quotes round all of it.
std::string_view bare(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// The folders SANE reads its configuration from (sane(7), SANE_CONFIG_DIR).
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

std::string configured_url(std::string_view name) {
  for (const auto& folder : config_folders()) {
    std::vector<std::filesystem::path> files = {folder / "airscan.conf"};
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "airscan.d", ignored))
      files.push_back(entry.path());
    for (const auto& file : files) {
      const auto url = url_in_airscan_config(text_of(file), name);
      if (!url.empty()) return url;
    }
  }
  return {};
}

}  // namespace

std::optional<DeviceAddress> address_from_url(std::string_view url) {
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto place = url.substr(0, slash);
  const auto colon = place.find(':');
  DeviceAddress address;
  address.host = place.substr(0, colon);
  if (colon != std::string_view::npos) address.port = place.substr(colon + 1);
  address.root = url.substr(slash);
  while (address.root.ends_with('/')) address.root.pop_back();
  const bool numeric =
      !address.port.empty() && address.port.find_first_not_of("0123456789") == std::string::npos;
  if (address.host.empty() || address.host.front() == '[' || !numeric) return std::nullopt;
  return address;
}

std::string url_in_airscan_config(std::string_view text, std::string_view name) {
  bool devices = false;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const auto content = bare(line);
    if (content.starts_with('[')) devices = content == "[devices]";
    const auto equals = content.find('=');
    if (!devices || content.starts_with('#') || content.starts_with(';') || equals == std::string_view::npos)
      continue;
    if (bare(content.substr(0, equals)) != name) continue;
    const auto value = content.substr(equals + 1, content.find_first_of("#;", equals) - equals - 1);
    const auto comma = value.find(',');
    const auto protocol =
        comma == std::string_view::npos ? std::string_view{} : bare(value.substr(comma + 1));
    const bool escl = protocol.empty() || protocol == "eSCL" || protocol == "escl";
    return escl ? std::string(bare(value.substr(0, comma))) : "";
  }
  return {};
}

std::optional<DeviceAddress> escl_address_of(const std::string& device) {
  if (!device.starts_with(kBackend)) return std::nullopt;
  const auto rest = std::string_view(device).substr(kBackend.size());
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto kind = rest.substr(0, colon);
  const auto name = rest.substr(colon + 1);
  if (kind != "escl") return kind.starts_with('e') ? address_from_url(configured_url(name)) : std::nullopt;
  const auto url = name.find(":http");
  return url == std::string_view::npos ? std::nullopt : address_from_url(name.substr(url + 1));
}

}  // namespace mailroom::drivers
