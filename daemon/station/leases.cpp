#include "daemon/station/leases.h"

namespace mailroom::station {
namespace {
constexpr std::chrono::minutes kLength{2};
}

Lease Leases::take(const std::string& subject, const std::string& user, const std::string& name) {
  const Timestamp now = clock_.now();
  const std::scoped_lock lock(mutex_);
  std::erase_if(leases_, [&](const auto& entry) { return entry.second.until <= now; });
  const auto found = leases_.find(subject);
  if (found != leases_.end() && found->second.by != user) return found->second;
  return leases_[subject] = Lease{user, name, now + kLength};
}

void Leases::give(const std::string& subject, const std::string& user) {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(subject);
  if (found != leases_.end() && found->second.by == user) leases_.erase(found);
}

void Leases::give_all_of(const std::string& user) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(leases_, [&](const auto& entry) { return entry.second.by == user; });
}

std::optional<Lease> Leases::holder(const std::string& subject) {
  const std::scoped_lock lock(mutex_);
  const auto found = leases_.find(subject);
  if (found == leases_.end() || found->second.until <= clock_.now()) return std::nullopt;
  return found->second;
}

}  // namespace mailroom::station
