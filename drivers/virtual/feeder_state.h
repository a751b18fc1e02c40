#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "drivers/virtual/feeder_config.h"

namespace mailroom::drivers::feeder {

/// What a virtual scanner remembers between two openings: which images went through it, what its
/// counter says and which faults have fired. Kept in NAME.feeder of the state folder
/// (docs/virtual-scanner.md), which is locked while the device is open. Move-only, thread-bound.
class FeederState {
 public:
  /// Errc::busy while another process has the device open.
  static Result<FeederState> open(const DeviceConfig& config);

  /// The images still in the feeder, in feeding order.
  [[nodiscard]] Result<std::vector<std::string>> images_left() const;

  [[nodiscard]] int sheets() const { return sheets_; }    ///< that went through since the file began
  [[nodiscard]] int counter() const { return counter_; }  ///< what the device claims

  [[nodiscard]] bool button_pressed() const;  ///< the file NAME.button is there
  void forget_button();                       ///< a press is over once it was read

  /// True the first time it is asked about this fault; remembers it before it returns.
  Result<bool> fires(const Fault& fault);

  /// These images went through as one sheet; the counter moves by `counted`.
  Result<void> consume(const std::vector<std::string>& images, int counted);

 private:
  Result<void> load();
  [[nodiscard]] Result<void> save() const;

  std::filesystem::path folder_;
  std::filesystem::path file_;
  std::filesystem::path button_;
  UniqueFd lock_;
  int sheets_ = 0;
  int counter_ = 0;
  std::set<std::string> fed_;
  std::set<std::string> fired_;
};

}  // namespace mailroom::drivers::feeder
