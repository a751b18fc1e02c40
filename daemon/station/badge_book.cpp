#include "daemon/station/badge_book.h"

#include "daemon/archive/audit.h"
#include "daemon/crypto/certificate.h"

namespace mailroom::station {

Result<archive::Badge> enrol_badge(archive::Catalogue& catalogue, const Clock& clock, const std::string& user,
                                   const std::string& certificate, const std::string& actor) {
  const auto read = Certificate::from_pem(certificate);
  if (!read) return fail(Errc::invalid_input, "this is no certificate in PEM");
  archive::Badges badges(catalogue.database());
  const archive::Badge badge{read->fingerprint(), user, read->pem()};
  MAILROOM_TRY(const auto known, catalogue.users().find(user));
  if (!known) return fail(Errc::not_found, "there is no user '" + user + "'");
  MAILROOM_TRY(const auto taken, badges.find(badge.fingerprint));
  if (taken) return fail(Errc::conflict, "this badge is enrolled for '" + taken->user + "' already");
  MAILROOM_TRY(auto transaction, catalogue.database().begin());
  MAILROOM_TRY_VOID(badges.insert(badge, clock.now()));
  MAILROOM_TRY(
      [[maybe_unused]] const auto head,
      archive::append_audit(transaction, clock.now(),
                            {actor, "badge.enrolled", {user}, {{"certificate", badge.fingerprint}}}));
  MAILROOM_TRY_VOID(transaction.commit());
  return badge;
}

Result<void> withdraw_badge(archive::Catalogue& catalogue, const Clock& clock, const std::string& fingerprint,
                            const std::string& actor) {
  archive::Badges badges(catalogue.database());
  MAILROOM_TRY(const auto badge, badges.find(fingerprint));
  if (!badge) return fail(Errc::not_found, "there is no such badge in use");
  MAILROOM_TRY(auto transaction, catalogue.database().begin());
  MAILROOM_TRY_VOID(badges.withdraw(fingerprint, clock.now()));
  MAILROOM_TRY(
      [[maybe_unused]] const auto head,
      archive::append_audit(transaction, clock.now(),
                            {actor, "badge.withdrawn", {badge->user}, {{"certificate", fingerprint}}}));
  return transaction.commit();
}

}  // namespace mailroom::station
