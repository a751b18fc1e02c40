#include "drivers/virtual/escl/escl_messages.h"

#include <algorithm>
#include <sstream>

#include "drivers/virtual/paper.h"

namespace mailroom::drivers::escl {
namespace {

constexpr const char* kNamespaces =
    R"( xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm")";
constexpr const char* kFirstLine = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// eSCL gives lengths in three hundredths of an inch.
int units_of(double millimetres) {
  return int(millimetres / 25.4 * 300);
}

std::string element(const std::string& name, const std::string& content) {
  return "<" + name + ">" + content + "</" + name + ">";
}

std::string element(const std::string& name, int number) {
  return element(name, std::to_string(number));
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else
      safe += c;
  }
  return safe;
}

std::string profile_of(const feeder::DeviceConfig& device) {
  std::string resolutions;
  for (const int dpi : device.resolutions) {
    resolutions += element("scan:DiscreteResolution",
                           element("scan:XResolution", dpi) + element("scan:YResolution", dpi));
  }
  const std::string modes = element("scan:ColorMode", "Grayscale8") + element("scan:ColorMode", "RGB24");
  const std::string formats =
      element("pwg:DocumentFormat", "image/jpeg") + element("scan:DocumentFormatExt", "image/jpeg");
  return element("scan:SettingProfile",
                 element("scan:ColorModes", modes) + element("scan:DocumentFormats", formats) +
                     element("scan:SupportedResolutions", element("scan:DiscreteResolutions", resolutions)));
}

std::string feeder_of(const std::string& name, const feeder::DeviceConfig& device) {
  return element(name,
                 element("scan:MinWidth", 16) + element("scan:MaxWidth", units_of(feeder::kMaxWidth)) +
                     element("scan:MinHeight", 16) + element("scan:MaxHeight", units_of(feeder::kMaxHeight)) +
                     element("scan:MaxScanRegions", 1) + element("scan:SettingProfiles", profile_of(device)));
}

std::string job_info(const JobState& job) {
  const char* state = job.aborted ? "Aborted" : job.finished ? "Completed" : "Processing";
  return element("scan:JobInfo", element("pwg:JobUri", job.uri) + element("pwg:JobUuid", job.uuid) +
                                     element("pwg:ImagesCompleted", job.images_completed) +
                                     element("pwg:JobState", state));
}

/// The text of the first element called `name`, whatever its prefix; empty when there is none.
std::string text_in(const std::string& xml, const std::string& name) {
  for (std::size_t at = xml.find(name + ">"); at != std::string::npos; at = xml.find(name + ">", at + 1)) {
    if (at == 0 || (xml[at - 1] != ':' && xml[at - 1] != '<')) continue;
    const auto start = at + name.size() + 1;
    return xml.substr(start, xml.find('<', start) - start);
  }
  return {};
}

}  // namespace

std::string capabilities_of(const feeder::DeviceConfig& device) {
  const std::string feeder = feeder_of("scan:AdfSimplexInputCaps", device) +
                             feeder_of("scan:AdfDuplexInputCaps", device) +
                             element("scan:AdfOptions", element("scan:AdfOption", "DetectPaperLoaded"));
  return std::string(kFirstLine) + "<scan:ScannerCapabilities" + kNamespaces + ">" +
         element("pwg:Version", "2.97") +
         element("pwg:MakeAndModel", escaped(device.vendor + " " + device.model)) +
         element("scan:Adf", feeder) + "</scan:ScannerCapabilities>\n";
}

std::string status_of(bool busy, const std::string& adf_state, const std::vector<JobState>& jobs) {
  std::string list;
  for (const auto& job : jobs) list += job_info(job);
  return std::string(kFirstLine) + "<scan:ScannerStatus" + kNamespaces + ">" +
         element("pwg:Version", "2.97") + element("pwg:State", busy ? "Processing" : "Idle") +
         element("scan:AdfState", adf_state) + element("scan:Jobs", list) + "</scan:ScannerStatus>\n";
}

Result<JobSettings> job_settings_from(const std::string& xml, const feeder::DeviceConfig& device) {
  JobSettings settings;
  settings.source = text_in(xml, "Duplex") == "true" ? Source::feeder_duplex : Source::feeder_front;
  const std::string mode = text_in(xml, "ColorMode");
  settings.mode = mode == "RGB24" ? ColourMode::colour : ColourMode::grey;
  settings.dpi = std::atoi(text_in(xml, "XResolution").c_str());
  const auto& offered = device.resolutions;
  const bool fits = text_in(xml, "InputSource") == "Feeder" && (mode == "RGB24" || mode == "Grayscale8") &&
                    std::find(offered.begin(), offered.end(), settings.dpi) != offered.end();
  if (!fits) return fail(Errc::unsupported, "a scan job with settings the device does not have");
  return settings;
}

}  // namespace mailroom::drivers::escl
