#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What the service manager is told (sd_notify(3)). Without one, nothing happens. Thread-safe.
namespace mailroom::service {

void starting(const std::string& text);  ///< still on the way to ready(); asks for more time to get there
void ready();
void stopping();
void status(const std::string& text);  ///< one line for `systemctl status`; no personal data
void alive();                          ///< feeds the watchdog

/// How often the manager wants to hear alive() at least; nullopt when it does not watch us.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace mailroom::service
