#include "daemon/station/sessions.h"

#include <algorithm>

#include "daemon/crypto/digest.h"

namespace mailroom::station {
namespace {

constexpr std::chrono::minutes kLongestWait{5};
constexpr std::size_t kMostRemembered = 10'000;

std::string key_of(const std::string& token) {
  return sha256_hex(as_bytes(token));
}

}  // namespace

void Sessions::forget_ended(Timestamp now) {
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.session.ends <= now; });
}

Session Sessions::open(const archive::User& user) {
  Session session;
  session.token = to_hex(random_bytes(32));
  session.csrf = to_hex(random_bytes(32));
  session.user = user.id;
  session.name = user.name;
  session.rights = Rights(user.rights);
  session.must_change = user.must_change;
  const Timestamp now = clock_.now();
  session.ends = now + length_;
  const std::scoped_lock lock(mutex_);
  forget_ended(now);
  Entry entry{session, now};
  entry.session.token.clear();
  entries_[key_of(session.token)] = entry;
  return session;
}

std::optional<Session> Sessions::find(const std::string& token, bool by_person) {
  if (token.empty()) return std::nullopt;
  const Timestamp now = clock_.now();
  const std::scoped_lock lock(mutex_);
  forget_ended(now);
  const auto found = entries_.find(key_of(token));
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  look_at_lock(entry, now);
  if (by_person && !entry.session.locked) entry.active = now;
  Session session = entry.session;
  session.token = token;
  return session;
}

void Sessions::look_at_lock(Entry& entry, Timestamp now) const {
  if (now - entry.active >= lock_after_) entry.session.locked = true;
}

void Sessions::sit_down(const std::string& token, const std::string& station) {
  const std::scoped_lock lock(mutex_);
  const std::string key = key_of(token);
  for (auto& [other, entry] : entries_) {
    if (other == key)
      entry.session.station = station;
    else if (entry.session.station == station)
      entry.session.station.clear();
  }
}

std::optional<Session> Sessions::at(const std::string& station, bool by_person) {
  const Timestamp now = clock_.now();
  const std::scoped_lock lock(mutex_);
  forget_ended(now);
  for (auto& [key, entry] : entries_) {
    if (entry.session.station != station) continue;
    look_at_lock(entry, now);
    if (entry.session.locked) return std::nullopt;
    if (by_person) entry.active = now;
    return entry.session;
  }
  return std::nullopt;
}

void Sessions::lock(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = entries_.find(key_of(token)); found != entries_.end())
    found->second.session.locked = true;
}

void Sessions::unlock(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key_of(token));
  if (found == entries_.end()) return;
  found->second.session.locked = false;
  found->second.active = clock_.now();
}

void Sessions::close(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  entries_.erase(key_of(token));
}

void Sessions::end_all_of(const std::string& user) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.session.user == user; });
}

std::chrono::seconds LoginThrottle::wait_of(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  const auto found = failures_.find(who);
  if (found == failures_.end()) return std::chrono::seconds(0);
  const auto left = found->second.until - clock_.now();
  return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(left));
}

void LoginThrottle::failed(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  if (failures_.size() > kMostRemembered) {
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.until <= clock_.now(); });
  }
  Failures& failures = failures_[who];
  ++failures.count;
  if (failures.count < free_tries_) return;
  const int doublings = std::min(failures.count - free_tries_, 10);
  const auto wait = std::min<std::chrono::seconds>(std::chrono::seconds(1L << doublings), kLongestWait);
  failures.until = clock_.now() + wait;
}

void LoginThrottle::succeeded(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  failures_.erase(who);
}

}  // namespace mailroom::station
