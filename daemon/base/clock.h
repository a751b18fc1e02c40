#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace mailroom {

/// A moment in UTC, to the millisecond. Stored and sent as RFC 3339 text.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where "now" comes from, so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
};

/// A clock that stands still until it is told to move. Thread-bound.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  [[nodiscard]] Timestamp now() const override { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  Timestamp now_;
};

/// "2026-11-23T20:15:30.123Z" (RFC 3339, always UTC, always three digits).
std::string to_rfc3339(Timestamp time);

/// Reads what to_rfc3339() writes.
Result<Timestamp> from_rfc3339(std::string_view text);

/// "2026-11-23", the calendar day in UTC.
std::string to_iso_date(Timestamp time);

}  // namespace mailroom
