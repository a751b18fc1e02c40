#include "daemon/crypto/signed_object.h"
#include "drivers/card/eid/authentication.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {

EidResult<SignedCardData> authenticate_data(EidChannel& channel, const PaceOutcome& pace,
                                            const std::vector<Certificate>& country_signers, Timestamp now) {
  MAILROOM_EID_TRY(Bytes card_security, EidFault::malformed_answer,
                   channel.read_file(kFileCardSecurity, EidFault::malformed_answer, "EF.CardSecurity"));
  const auto content = verify_signed_object(card_security, kSecurityObject, country_signers, now);
  if (!content) {
    return refuse(content.error().code == Errc::refused ? EidFault::signer_not_trusted : EidFault::data_not_signed,
                  content.error());
  }
  MAILROOM_EID_TRY(auto confirmed, EidFault::data_not_signed, read_security_infos(*content));
  MAILROOM_EID_TRY(const auto offered, EidFault::not_an_eid_card, read_security_infos(pace.card_access));
  if (!is_confirmed(offered, confirmed))
    return refuse(EidFault::card_access_differs, Errc::refused, "EF.CardAccess offers what the signed EF.CardSecurity does not");
  return SignedCardData{std::move(card_security), std::move(confirmed)};
}

}  // namespace mailroom::card
