#include "daemon/station/offered_classes.h"

namespace mailroom::station {

bool is_offered_at_stations(const Configuration& configuration, const std::string& document_class) {
  bool from_kiosks = false;
  for (const auto& [id, profile] : configuration.profiles) {
    if (profile.document_class != document_class) continue;
    if (profile.channel != Channel::kiosk) return true;
    from_kiosks = true;
  }
  return !from_kiosks;
}

}  // namespace mailroom::station
