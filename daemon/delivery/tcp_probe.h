#pragma once

#include <chrono>
#include <string>

namespace mailroom::delivery {

/// True when something accepts TCP connections at `host`:`port`: tells a broker that is away from
/// one that will not have us, which the MQTT library reports alike. Blocks up to `timeout`.
bool answers_tcp(const std::string& host, int port, std::chrono::milliseconds timeout);

}  // namespace mailroom::delivery
