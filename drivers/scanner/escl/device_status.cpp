#include "drivers/scanner/escl/device_status.h"

#include <charconv>

#include "drivers/scanner/escl/http_get.h"

namespace mailroom::drivers {
namespace {

constexpr std::size_t kJobsLimit = 1000;

/// The content of the next element called `name`, whatever its prefix, at or after `from`; moves `from`
/// behind it. Status documents have no attributes on these elements, no CDATA and no nesting of equal names.
std::optional<std::string_view> next_element(std::string_view xml, std::string_view name, std::size_t& from) {
  const std::string opening = std::string(name) + ">";
  for (auto at = xml.find(opening, from); at != std::string_view::npos; at = xml.find(opening, at + 1)) {
    const auto bracket = xml.rfind('<', at);
    const auto prefix =
        bracket == std::string_view::npos ? std::string_view("/") : xml.substr(bracket + 1, at - bracket - 1);
    if (prefix.find_first_of("/ >") != std::string_view::npos || (!prefix.empty() && prefix.back() != ':'))
      continue;
    const std::string closing = "</" + std::string(prefix) + opening;
    const auto start = at + opening.size();
    const auto end = xml.find(closing, start);
    if (end == std::string_view::npos) return std::nullopt;
    from = end + closing.size();
    return xml.substr(start, end - start);
  }
  return std::nullopt;
}

std::string text_in(std::string_view xml, std::string_view name) {
  std::size_t from = 0;
  const auto content = next_element(xml, name, from);
  if (!content) return {};
  const auto first = content->find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(content->substr(first, content->find_last_not_of(" \t\r\n") - first + 1));
}

std::optional<int> number_in(std::string_view xml, std::string_view name) {
  const std::string text = text_in(xml, name);
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return number;
}

}  // namespace

Result<DeviceStatus> device_status_from(std::string_view xml) {
  const auto root = xml.find("ScannerStatus");
  if (root == std::string_view::npos || xml.find("ScannerStatus>", root + 1) == std::string_view::npos)
    return fail(Errc::corrupt, "the scanner answered something that is not its status");
  DeviceStatus status;
  status.adf_state = text_in(xml, "AdfState");
  status.working = text_in(xml, "State") == "Processing";
  std::size_t from = 0;
  while (const auto job = next_element(xml, "JobInfo", from)) {
    if (status.jobs.size() == kJobsLimit)
      return fail(Errc::corrupt, "the scanner lists more jobs than it can have");
    status.jobs.push_back({text_in(*job, "JobUri"), number_in(*job, "ImagesCompleted")});
  }
  return status;
}

Result<DeviceStatus> ask_device_status(const DeviceAddress& address, std::chrono::milliseconds patience) {
  MAILROOM_TRY(const std::string body,
               http_get(address.host, address.port, address.root + "/ScannerStatus", patience));
  return device_status_from(body);
}

}  // namespace mailroom::drivers
