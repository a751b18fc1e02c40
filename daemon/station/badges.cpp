#include "daemon/station/badges.h"

#include "daemon/archive/badges.h"
#include "daemon/base/log.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/token_signature.h"

namespace mailroom::station {
namespace {

constexpr std::size_t kNonceOctets = 32;

/// What is signed says what for, so that no signature can be used elsewhere, and holds fresh octets.
Bytes fresh_challenge(const std::string& station) {
  const std::string purpose = "mailroom badge login v1 " + station.substr(0, 64) + " ";
  Bytes challenge(purpose.begin(), purpose.end());
  for (const std::uint8_t octet : random_bytes(kNonceOctets)) challenge.push_back(octet);
  return challenge;
}

card::CardOptions options_of(const BadgeReaderPlace& place) {
  card::CardOptions options;
  options.arguments = {"--badge-module", place.module.string()};
  if (!place.reader.empty()) options.arguments.insert(options.arguments.end(), {"--reader", place.reader});
  return options;
}

bool is_valid_at(const Certificate& certificate, Timestamp now) {
  return certificate.not_before() <= now && now <= certificate.not_after();
}

}  // namespace

Badges::Badges(Desk& desk, const std::filesystem::path& program, const std::vector<BadgeReaderPlace>& places)
    : desk_(desk) {
  for (const auto& place : places) {
    readers_[place.station] = std::make_unique<BadgeReader>(
        program, options_of(place), [this, station = place.station] { lock_station(station); });
  }
}

std::vector<std::string> Badges::stations() const {
  std::vector<std::string> list;
  for (const auto& [station, reader] : readers_) list.push_back(station);
  return list;
}

void Badges::stop() {
  for (auto& [station, reader] : readers_) reader->stop();
}

void Badges::bind(const std::string& station, const Session& session, BadgeStay stay) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(bound_[station], [&](const auto& one) { return !desk_.sessions.find(one.first, false); });
  bound_[station][session.token] = {session.user, stay};
}

void Badges::lock_station(const std::string& station) {
  std::map<std::string, Bound> sessions;
  {
    const std::scoped_lock lock(mutex_);
    sessions = std::exchange(bound_[station], {});
  }
  for (const auto& [token, bound] : sessions) {
    const bool ends = bound.stay == BadgeStay::ends;
    ends ? desk_.sessions.close(token) : desk_.sessions.lock(token);
    desk_.leases.give_all_of(bound.user);
    const auto noted = desk_.audit("operator:" + bound.user, ends ? "session.closed" : "session.locked", {},
                                   {{"by", "badge"}, {"station", station}});
    if (!noted) log::error(noted.error());
  }
}

Result<std::optional<archive::User>> Badges::owner_of(const card::BadgeAnswer& answer,
                                                      const Bytes& challenge) {
  const std::optional<archive::User> nobody;
  const auto shown = Certificate::from_pem(answer.certificate);
  if (!shown) return nobody;
  MAILROOM_TRY(const auto badge, desk_.rooms.core.call([&] {
    return archive::Badges(desk_.rooms.catalogue.database()).find(shown->fingerprint());
  }));
  if (!badge) return nobody;
  // The enrolled certificate decides, not the one that was shown.
  MAILROOM_TRY(const auto enrolled, Certificate::from_pem(badge->certificate));
  if (!is_valid_at(enrolled, desk_.rooms.clock.now())) return nobody;
  if (!verify_token_signature(enrolled, challenge, answer.signature, answer.scheme)) return nobody;
  MAILROOM_TRY(auto user,
               desk_.rooms.core.call([&] { return desk_.rooms.catalogue.users().find(badge->user); }));
  if (!user || !user->active) return nobody;
  return user;
}

Result<std::optional<archive::User>> Badges::prove(const std::string& station,
                                                   const std::optional<std::string>& pin) {
  const auto reader = readers_.find(station);
  if (reader == readers_.end())
    return fail(Errc::not_found, "there is no card reader for badges at this station");
  const Bytes challenge = fresh_challenge(station);
  const auto answer = reader->second->sign(challenge, pin);
  if (!answer && answer.error().code == Errc::refused) return std::optional<archive::User>();
  if (!answer) return fail(answer.error());
  return owner_of(*answer, challenge);
}

Result<BadgeLogin> Badges::log_in(const std::string& station, const std::optional<std::string>& pin,
                                  const std::string& from, BadgeStay stay) {
  // The badge counts wrong PINs itself; this keeps its three tries from being used up at once.
  const std::string throttled = "badge at " + station;
  BadgeLogin login;
  login.wait = desk_.throttle.wait_of(throttled);
  if (login.wait.count() > 0) return login;
  MAILROOM_TRY(const auto user, prove(station, pin));
  if (!user) {
    desk_.throttle.failed(throttled);
    MAILROOM_TRY_VOID(desk_.audit("station", "session.refused", {}, {{"from", from}, {"by", "badge"}}));
    return login;
  }
  desk_.throttle.succeeded(throttled);
  MAILROOM_TRY_VOID(desk_.audit("operator:" + user->id, "session.opened", {},
                                {{"from", from}, {"by", "badge"}, {"station", station}}));
  login.session = desk_.sessions.open(*user);
  bind(station, *login.session, stay);
  return login;
}

}  // namespace mailroom::station
