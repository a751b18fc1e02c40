#pragma once

#include <filesystem>
#include <string>

#include "drivers/virtual/card/crypto/curve.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// SoftHSM2 with tokens in a folder of its own; programs started later see the same.
class SoftToken {
 public:
  SoftToken();

  [[nodiscard]] static bool installed();
  static constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";
  static constexpr const char* kPin = "4711";

  /// A token with that private key, under the label and identifier 01.
  void add_key(const std::string& token, const std::string& label, const std::string& pem) const;
  /// The same with a certificate (DER) beside it.
  void add_certificate(const std::string& token, const std::string& label, const Bytes& der) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace mailroom::test
