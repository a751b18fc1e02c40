#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/card_readers.h"
#include "daemon/station/badge_reader.h"
#include "daemon/station/desk.h"

namespace mailroom::station {

/// What taking the badge away does to a session that it opened.
enum class BadgeStay {
  locks,  ///< the person goes on with badge or password at the same screen
  ends,   ///< nobody could unlock it: it was opened at a panel
};

/// What came of a login with a badge.
struct BadgeLogin {
  std::optional<Session> session;  ///< none: the badge is nobody's, or its PIN was wrong
  std::chrono::seconds wait{0};    ///< above 0: nothing was tried, there were too many failures
};

/// Login with staff badges: a fresh challenge, the badge's PIN, the signature checked against the certificate
/// that is enrolled. A card's number is never asked for. Taking the badge away locks what it opened.
/// Thread-safe.
class Badges {
 public:
  /// `program` is mailroom-card. `desk` outlives it.
  Badges(Desk& desk, const std::filesystem::path& program, const std::vector<BadgeReaderPlace>& places);
  ~Badges() { stop(); }
  Badges(const Badges&) = delete;
  Badges& operator=(const Badges&) = delete;

  /// Logs in who the badge at `station` proves to be; waits for it and for its PIN, which without `pin` is
  /// typed at the reader's keypad. `from` is written down: a peer, or "panel". For screens and panels alike.
  Result<BadgeLogin> log_in(const std::string& station, const std::optional<std::string>& pin,
                            const std::string& from, BadgeStay stay);
  [[nodiscard]] bool has_reader(const std::string& station) const { return readers_.contains(station); }
  [[nodiscard]] std::vector<std::string> stations() const;  ///< that have a reader
  void stop();

 private:
  struct Bound {
    std::string user;
    BadgeStay stay = BadgeStay::locks;
  };
  Result<std::optional<archive::User>> prove(const std::string& station,
                                             const std::optional<std::string>& pin);
  void bind(const std::string& station, const Session& session, BadgeStay stay);
  void lock_station(const std::string& station);
  Result<std::optional<archive::User>> owner_of(const card::BadgeAnswer& answer, const Bytes& challenge);

  Desk& desk_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, Bound>> bound_;    // by station and token
  std::map<std::string, std::unique_ptr<BadgeReader>> readers_;  // last: their threads use the rest
};

/// The addresses of badges; `badges` outlives them.
std::vector<web::Route> badge_routes(Desk& desk, Badges& badges);

}  // namespace mailroom::station
