#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/base/clock.h"

namespace mailroom::station {

/// That one person works on a batch or clarification for the next two minutes.
struct Lease {
  std::string by;    ///< user id
  std::string name;  ///< of the person
  Timestamp until{};
};

/// Keeps two persons from working on the same thing. A courtesy to save work: what is correct is
/// guarded by versions. Kept in memory. Thread-safe.
class Leases {
 public:
  explicit Leases(const Clock& clock) : clock_(clock) {}

  /// The lease that holds now: the person's own, or that of who was there before.
  Lease take(const std::string& subject, const std::string& user, const std::string& name);
  void give(const std::string& subject, const std::string& user);
  void give_all_of(const std::string& user);
  [[nodiscard]] std::optional<Lease> holder(const std::string& subject);

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Lease> leases_;
};

}  // namespace mailroom::station
