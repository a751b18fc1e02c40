#include "daemon/identity/identity_desk.h"

#include "daemon/archive/audit.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/identity/statement.h"

namespace mailroom::identity {
namespace {

using card::EidFault;
using card::EidResult;

card::ReadRequest request_for(const Wish& wish, const std::string& reading) {
  card::ReadRequest request;
  request.reading = reading;
  request.matter = wish.matter;
  request.mode = wish.mode;
  request.photo_compared = !wish.staff.empty();
  request.groups = wish.groups;
  request.min_age = wish.min_age;
  request.community = wish.community;
  request.pseudonym = wish.pseudonym;
  request.can = wish.can;
  request.recipients = wish.recipient_certificates;
  return request;
}

std::string actor_of(const Wish& wish) {
  return wish.staff.empty() ? "kiosk" : "operator:" + wish.staff;
}

archive::IdentityReading row_of(const Wish& wish, const card::SealedReading& reading) {
  return {reading.reading,   wish.matter,           wish.recipient,
          reading.mode,      reading.assurance,     reading.kind,
          reading.read_at,   reading.terminal,      reading.certificate_digest,
          pseudonym_digest(reading.pseudonym), reading.record_digest, sha256_hex(reading.sealed),
          wish.staff};
}

}  // namespace

std::string pseudonym_digest(const std::string& pseudonym) {
  return pseudonym.empty() ? std::string() : sha256_hex(as_bytes("mailroom.pseudonym:" + pseudonym));
}

/// On the core thread: row and audit are there together or not at all.
Result<void> IdentityDesk::enter(const archive::IdentityReading& row) {
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(archive::IdentityReadings(rooms_.catalogue.database()).insert(row));
  const std::string actor = row.staff.empty() ? "kiosk" : "operator:" + row.staff;
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, rooms_.clock.now(),
                                     {actor,
                                      "identity.read_at_" + row.mode,
                                      {row.id, row.matter},
                                      {{"assurance", row.assurance},
                                       {"terminal", row.terminal},
                                       {"certificate", row.certificate_digest},
                                       {"recipient", row.recipient},
                                       {"sealed", row.sealed_digest}}}));
  return transaction.commit();
}

Result<SealedIdentity> IdentityDesk::keep(const Wish& wish, card::SealedReading reading) {
  SealedIdentity sealed{row_of(wish, reading), std::move(reading.sealed), {}, {}, reading.pseudonym,
                        reading.old_enough,    reading.in_community};
  MAILROOM_TRY(sealed.statement, statement_of(sealed.row, reading.authority));
  MAILROOM_TRY(sealed.signature, sign_detached(as_bytes(sealed.statement), rooms_.appliance));
  MAILROOM_TRY_VOID(rooms_.core.call([&] { return enter(sealed.row); }));
  return sealed;
}

void IdentityDesk::note_refusal(const Wish& wish, const std::string& reading, const card::EidError& error) {
  const auto noted = rooms_.core.call([&]() -> Result<void> {
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY([[maybe_unused]] const auto head,
                 archive::append_audit(transaction, rooms_.clock.now(),
                                       {actor_of(wish),
                                        "identity.refused_at_" + std::string(card::name_of(wish.mode)),
                                        {reading, wish.matter},
                                        {{"fault", card::name_of(error.fault)}}}));
    return transaction.commit();
  });
  if (!noted) log::error(noted.error());
}

EidResult<SealedIdentity> IdentityDesk::read(const Wish& wish,
                                             const std::function<void(std::string_view)>& on_step) {
  if (wish.mode == card::ReadingMode::counter && wish.staff.empty())
    return card::refuse(EidFault::mode_forbids, Errc::refused,
                        "a counter needs a member of staff who compared the photo");
  if (wish.mode == card::ReadingMode::kiosk && !wish.staff.empty())
    return card::refuse(EidFault::mode_forbids, Errc::refused,
                        "at a kiosk no member of staff vouches for the holder");
  const std::string id = new_uuid(rooms_.clock);
  auto reading = reader_.read(request_for(wish, id), on_step);
  if (!reading) {
    note_refusal(wish, id, reading.error());
    return tl::unexpected<card::EidError>(reading.error());
  }
  auto kept = keep(wish, *std::move(reading));
  if (!kept) return card::refuse(EidFault::record_failed, kept.error());
  return *std::move(kept);
}

}  // namespace mailroom::identity
