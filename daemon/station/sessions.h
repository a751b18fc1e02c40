#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/station/rights.h"

namespace mailroom::station {

/// Somebody who is logged in.
struct Session {
  std::string token;  ///< the cookie's value; kept only as its digest
  std::string csrf;
  std::string user;
  std::string name;
  Rights rights;
  bool must_change = false;
  bool locked = false;
  Timestamp ends{};
  std::string station = {};  ///< the workplace that the person works at; empty: none was named
};

/// The sessions of all stations. Kept in memory: a restart asks everybody to log in again. Thread-safe.
class Sessions {
 public:
  Sessions(const Clock& clock, std::chrono::minutes lock_after, std::chrono::hours length)
      : clock_(clock), lock_after_(lock_after), length_(length) {}

  Session open(const archive::User& user);

  /// The session of a cookie. `by_person` counts as an action of the person, which puts off the lock.
  std::optional<Session> find(const std::string& token, bool by_person);

  /// The person of this session works at `station` from now on, and nobody else does.
  void sit_down(const std::string& token, const std::string& station);
  /// Who works at `station`: logged in and not locked. `by_person` counts as an action of the person.
  std::optional<Session> at(const std::string& station, bool by_person);

  void lock(const std::string& token);
  void unlock(const std::string& token);
  void close(const std::string& token);
  void end_all_of(const std::string& user);
  [[nodiscard]] std::chrono::seconds lock_after() const { return lock_after_; }

 private:
  struct Entry {
    Session session;
    Timestamp active{};
  };
  void forget_ended(Timestamp now);
  void look_at_lock(Entry& entry, Timestamp now) const;

  const Clock& clock_;
  std::chrono::minutes lock_after_;
  std::chrono::hours length_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // by digest of the token
};

/// How long somebody who failed to log in has to wait: nothing for the first tries, then longer each time
/// up to five minutes. Thread-safe.
class LoginThrottle {
 public:
  LoginThrottle(const Clock& clock, int free_tries) : clock_(clock), free_tries_(free_tries) {}

  [[nodiscard]] std::chrono::seconds wait_of(const std::string& who);
  void failed(const std::string& who);
  void succeeded(const std::string& who);

 private:
  struct Failures {
    int count = 0;
    Timestamp until{};
  };
  const Clock& clock_;
  int free_tries_;
  std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

}  // namespace mailroom::station
