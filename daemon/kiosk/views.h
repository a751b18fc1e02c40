#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/kiosk/kiosk.h"

/// JSON of config/contract/kiosk.yaml.
namespace mailroom::kiosk {

std::string_view name_of(Help help);
nlohmann::json matter_json(const Matter& matter, const std::vector<std::string>& missing);
nlohmann::json hours_json(const std::vector<OpeningHours>& hours);
nlohmann::json proof_json(const Proof& proof);
nlohmann::json reading_json(const IdentityReading& reading);
nlohmann::json payment_json(const Payment& payment, int cents);

}  // namespace mailroom::kiosk
