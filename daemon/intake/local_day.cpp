#include "daemon/intake/local_day.h"

#include <ctime>

namespace mailroom::intake {

std::string local_day(Timestamp time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

}  // namespace mailroom::intake
