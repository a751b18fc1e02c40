#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/child_process.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// A real pcscd with vpcd's virtual reader, in network and mount namespaces of this process: vpcd listens on all
/// addresses, and pcscd has one socket a machine. Programs that the test starts live in the same namespaces.
class PrivatePcscd {
 public:
  /// Moves the process into namespaces of its own, before it has any thread, and starts pcscd.
  /// `more` is what reader.conf holds besides vpcd's reader.
  explicit PrivatePcscd(const std::string& more = {});
  ~PrivatePcscd();

  /// Why there is none on this machine; nullopt when it runs.
  [[nodiscard]] const std::optional<std::string>& missing() const { return missing_; }

  void stop();   ///< as systemd or an administrator would
  void start();  ///< again

  static constexpr std::uint16_t kFirstSlot = 35963, kSecondSlot = 35964;
  static constexpr const char* kFirstReader = "Virtual PCD 00 00";
  static constexpr const char* kSecondReader = "Virtual PCD 00 01";

 private:
  TemporaryFolder folder_;
  ChildProcess daemon_;
  std::optional<std::string> missing_;
};

}  // namespace mailroom::test
