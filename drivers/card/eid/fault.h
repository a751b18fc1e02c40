#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "daemon/base/result.h"

namespace mailroom::card {

/// Why a reading came to nothing. The names are persistent (docs/formats/card-reading.md); screens have words
/// for each (eid/words.h).
enum class EidFault {
  no_card,                     ///< nothing on the reader
  card_lost,                   ///< taken away before the end
  reader_lost,                 ///< the reader or its service is gone
  reader_busy,                 ///< another program holds the card
  not_an_eid_card,             ///< no EF.CardAccess, or protocols we do not know
  malformed_answer,            ///< the card's answer breaks the standard
  channel_broken,              ///< a protected message was changed, repeated, cut or left out
  wrong_can,
  wrong_pin,                   ///< EidError::tries says how many are left
  pin_suspended,               ///< one try left; the CAN must be given first
  pin_blocked,                 ///< none left; the PUK frees it
  pin_deactivated,             ///< the function is switched off
  transport_pin,               ///< the five digits of the letter were never replaced
  entry_cancelled,             ///< at the reader's keypad
  entry_timed_out,
  keypad_needed,               ///< a PIN is not taken by software here
  mode_forbids,                ///< this mode has no such password or lacks what it asks for
  certificate_malformed,
  certificate_chain,           ///< one is not issued by the one before it
  certificate_not_yet_valid,
  certificate_expired,
  certificate_rights,          ///< asks for more than the certificate allows
  certificate_unknown_to_card, ///< the card trusts another CVCA
  terminal_refused,            ///< the card did not accept our certificates or signature
  terminal_key,                ///< the HSM did not sign
  data_not_signed,             ///< EF.CardSecurity was changed
  signer_not_trusted,          ///< EF.CardSecurity is signed by somebody else
  card_access_differs,         ///< EF.CardAccess offers what EF.CardSecurity does not: a downgrade
  chip_not_genuine,            ///< chip authentication failed
  card_expired,                ///< the card says that it is no longer valid
  data_malformed,              ///< a data group cannot be read
  data_refused,                ///< the card withholds a data group that the certificate allows
  record_failed,               ///< the record could not be sealed for its recipient
  crashed,                     ///< the process at the reader ended
  timed_out,                   ///< it did not answer in time
};

std::string_view name_of(EidFault fault);
std::optional<EidFault> fault_from(std::string_view name);

struct EidError {
  EidFault fault = EidFault::malformed_answer;
  Error error;                ///< for the administrator; never personal data
  std::optional<int> tries = {};  ///< of the PIN, as far as the card told
};

template <typename T>
class [[nodiscard]] EidResult : public tl::expected<T, EidError> {
 public:
  using tl::expected<T, EidError>::expected;
};

/// The failure side of an EidResult. A lost card or reader stays what it is whatever was being done.
tl::unexpected<EidError> refuse(EidFault fault, Error error);
tl::unexpected<EidError> refuse(EidFault fault, Errc code, std::string what);
/// An EidError is passed on unchanged.
inline tl::unexpected<EidError> refuse(EidFault /*already said*/, EidError error) {
  return tl::unexpected<EidError>(std::move(error));
}

}  // namespace mailroom::card

/// As MAILROOM_TRY, for functions that give an EidResult: `fault` is what a plain Error means here.
#define MAILROOM_EID_TRY_(tmp, declaration, fault, expression)                          \
  auto tmp = (expression);                                                              \
  if (!tmp) return ::mailroom::card::refuse(fault, std::move(tmp).error());             \
  declaration = *std::move(tmp)
#define MAILROOM_EID_TRY(declaration, fault, expression) \
  MAILROOM_EID_TRY_(MAILROOM_CONCAT(mailroom_eid_try_, __LINE__), declaration, fault, expression)
#define MAILROOM_EID_TRY_VOID(fault, expression)                                                      \
  do {                                                                                                \
    auto mailroom_eid_result = (expression);                                                          \
    if (!mailroom_eid_result) return ::mailroom::card::refuse(fault, std::move(mailroom_eid_result).error()); \
  } while (false)
