#pragma once

#include <chrono>
#include <string>

namespace mailroom::delivery {

/// True when something accepts TCP connections at `host`:`port`: tells a broker that is away from
/// one that will not have us, which the MQTT library reports alike. Blocks up to `timeout`.
bool answers_tcp(const std::string& host, int port, std::chrono::milliseconds timeout);

/// Sets TCP_NODELAY on every socket of this process that is connected to `port`. The MQTT library
/// neither does so nor shows its socket (paho.mqtt.c#530); without it each small message after a
/// large one waits for a delayed acknowledgement, about 40 ms.
void send_without_delay(int port);

}  // namespace mailroom::delivery
