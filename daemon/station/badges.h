#pragma once

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

  /// Who the badge at `station` proves to be; nullopt when it is nobody's, or wrong. For screens and panels
  /// alike.
  Result<std::optional<archive::User>> prove(const std::string& station,
                                             const std::optional<std::string>& pin);

  /// A session that ends with the badge's stay at `station`.
  void bind(const std::string& station, const std::string& token);
  [[nodiscard]] bool has_reader(const std::string& station) const { return readers_.contains(station); }
  [[nodiscard]] std::vector<std::string> stations() const;  ///< that have a reader
  void stop();

 private:
  void lock_station(const std::string& station);
  Result<std::optional<archive::User>> owner_of(const card::BadgeAnswer& answer, const Bytes& challenge);

  Desk& desk_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, std::string>> bound_;  ///< station to token to user
  std::map<std::string, std::unique_ptr<BadgeReader>> readers_;      // last: their threads use the rest
};

/// The addresses of badges; `badges` outlives them.
std::vector<web::Route> badge_routes(Desk& desk, Badges& badges);

}  // namespace mailroom::station
