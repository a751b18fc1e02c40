#pragma once

#include "drivers/card/eid/pace.h"
#include "drivers/card/eid/security_infos.h"
#include "drivers/card/eid/terminal.h"

/// The rest of the General Authentication Procedure after PACE (BSI TR-03110-2 §3.3, §3.4, TR-03110-3 B.3, B.4).
namespace mailroom::card {

/// What the card compares with its own data (TR-03110-3 A.6.5).
struct AuxiliaryData {
  std::optional<std::string> born_until = {};  ///< YYYYMMDD; age check
  std::optional<Bytes> community = {};         ///< municipality key; place check
  std::string valid_on;                        ///< YYYYMMDD, today: is the card still valid
  [[nodiscard]] Bytes encoded() const;         ///< data object 67
};

/// Terminal authentication: the card checks our certificates and our signature. Faults:
/// certificate_unknown_to_card, terminal_refused, terminal_key, transport_pin.
EidResult<void> authenticate_terminal(EidChannel& channel, PaceOutcome& pace, const Terminal& terminal,
                                      const AuxiliaryData& auxiliary);

/// What the card holds, signed by its maker.
struct SignedCardData {
  Bytes card_security;  ///< EF.CardSecurity, verified
  std::vector<SecurityInfo> infos;
};

/// Passive authentication: EF.CardSecurity is signed by whom we trust, and EF.CardAccess offered nothing else.
/// Faults: data_not_signed, signer_not_trusted, card_access_differs.
EidResult<SignedCardData> authenticate_data(EidChannel& channel, const PaceOutcome& pace,
                                            const std::vector<Certificate>& country_signers, Timestamp now);

/// Chip authentication: the chip holds the key in EF.CardSecurity. The channel gets new keys. Fault:
/// chip_not_genuine.
EidResult<void> authenticate_chip(EidChannel& channel, PaceOutcome& pace, const SignedCardData& data);

}  // namespace mailroom::card
