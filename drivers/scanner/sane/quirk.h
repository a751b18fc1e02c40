#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// An option and what to set it to: "yes" or "no", a number, or a word of its list.
struct OptionValue {
  std::string option;
  std::string value;
};
using OptionValues = std::vector<OptionValue>;

/// How a number is printed on each sheet. `text` names the option that takes the text, empty: no endorser.
struct EndorserQuirk {
  OptionValues on, off;
  std::string text;
  std::string number;   ///< what stands for the running number within the text, "%05ud"
  std::string start;    ///< option of the first number
  std::string printed;  ///< option that counts the sheets printed on, empty: none
  int letters = 0;      ///< longest text without the number
};

/// By which names a device tells what it senses; an empty name is nothing.
struct SensorQuirk {
  std::vector<std::string> loaded = {"page-loaded", "adf-loaded"};
  std::string cover = "cover-open";
  std::string double_feed = "double-feed";
  std::string staple = "staple";
  std::string ink_low = "ink-low";
  std::string counter = "sheet-counter";  ///< sheets in the life of the device
  std::string error_code = {};
  std::map<int, FaultKind> error_codes = {};
  std::vector<std::string> buttons = {"scan", "start", "email", "function"};
  /// One reading fills the driver's memory for all sensors, and only reading the same one again asks the
  /// device.
  bool read_twice = true;
};

/// What is peculiar to the devices of one SANE backend (docs/scanner-quirks.md): by which options they do
/// what a profile asks for, and by which sensors they tell. Data, one file per backend; without a file the
/// names that most backends use.
struct Quirk {
  std::string file;  ///< empty: none
  std::map<Source, OptionValues>
      sources;                   ///< what chooses a source; the others are found by their usual names
  OptionValues set;              ///< always set where offered
  OptionValues off;              ///< what alters images in the device; set where offered
  OptionValues measured;         ///< makes each side as large as its paper
  bool always_measured = false;  ///< it never does otherwise
  OptionValues double_feed_on, double_feed_off;
  EndorserQuirk endorser;
  SensorQuirk sensors;
  bool grey_tail = false;  ///< a damaged image shows as an even grey end although the status is good

  /// The quirk of a device, from `folder` (empty: none). Errc::invalid_input names the file and what is wrong
  /// in it.
  static Result<Quirk> of(const DeviceInfo& device, const std::filesystem::path& folder);
};

/// Reads the text of a quirk file for one device. `file` is for errors.
Result<Quirk> read_quirk(const nlohmann::ordered_json& text, const DeviceInfo& device,
                         const std::string& file);

}  // namespace mailroom::drivers
