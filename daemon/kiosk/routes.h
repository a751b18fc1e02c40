#pragma once

#include <functional>
#include <vector>

#include "daemon/kiosk/kiosk.h"
#include "daemon/web/message.h"

namespace mailroom::kiosk {

/// The kiosk a request is for. Errc::refused when there is none, or it comes from another device.
using FindKiosk = std::function<Result<Kiosk*>(const web::Request&)>;

/// The addresses of config/contract/kiosk.yaml.
std::vector<web::Route> kiosk_routes(const FindKiosk& find);

}  // namespace mailroom::kiosk
