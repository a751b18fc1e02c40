#pragma once

#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::kiosk {

/// Spoken words for headphones, by the synthesiser of this machine (espeak-ng). The words pass through memory
/// only. Reentrant.
class Speech {
 public:
  /// `language` as of BCP 47; plain German speaks slowly. Sound as WAV. Errc::not_found without the
  /// synthesiser, Errc::unsupported for a language it does not speak, Errc::timed_out.
  Result<Bytes> speak(const std::string& text, const std::string& language) const;
};

}  // namespace mailroom::kiosk
