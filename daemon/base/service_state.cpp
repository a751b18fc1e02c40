#include "daemon/base/service_state.h"

#include <systemd/sd-daemon.h>

namespace mailroom::service {

void starting(const std::string& text) {
  ::sd_notify(0, ("EXTEND_TIMEOUT_USEC=30000000\nSTATUS=" + text).c_str());
}
void ready() { ::sd_notify(0, "READY=1"); }
void stopping() { ::sd_notify(0, "STOPPING=1"); }
void status(const std::string& text) { ::sd_notify(0, ("STATUS=" + text).c_str()); }
void alive() { ::sd_notify(0, "WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

}  // namespace mailroom::service
