#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/identity_readings.h"
#include "daemon/base/clock.h"
#include "daemon/base/work_thread.h"
#include "daemon/crypto/certificate.h"
#include "drivers/card/client/card_process.h"

namespace mailroom::identity {

/// What the desk works with; everything outlives it.
struct DeskRooms {
  WorkThread& core;
  archive::Catalogue& catalogue;  ///< on the core thread only
  const Identity& appliance;      ///< signs statements
  const Clock& clock;
};

/// What is wanted of a holder, for one matter and its recipient.
struct Wish {
  std::string matter;                               ///< id without personal data
  std::string recipient;                            ///< id
  std::vector<std::string> recipient_certificates;  ///< PEM: who may open the record
  card::ReadingMode mode = card::ReadingMode::kiosk;
  std::string staff = {};  ///< counter: the user who compared the photo with the person
  std::vector<std::string> groups = {};
  std::optional<int> min_age = {};
  std::string community = {};
  bool pseudonym = false;
  std::string can = {};
};

/// What goes to the recipient with the matter (docs/formats/card-reading.md).
struct SealedIdentity {
  archive::IdentityReading row;
  Bytes record;                         ///< the identity record, encrypted
  std::string statement;                ///< canonical JSON
  Bytes signature;                      ///< of the appliance over `statement`, CMS
  std::string pseudonym = {};           ///< as the card gave it, hexadecimal; a secret between card and desk, kept nowhere
  std::optional<bool> old_enough = {};  ///< for the matter's next step; kept nowhere
  std::optional<bool> in_community = {};
};

/// What is kept of a pseudonym: enough to know the same card again, too little to be it. Empty for none.
std::string pseudonym_digest(const std::string& pseudonym);

/// Reads identities for matters: what was read is encrypted by the reader's process already; here it is
/// stated, signed, entered into the catalogue and audited, each reading and each refusal by its mode.
/// Thread-bound like its CardProcess.
class IdentityDesk {
 public:
  IdentityDesk(DeskRooms rooms, card::CardProcess& reader) : rooms_(rooms), reader_(reader) {}

  /// Faults as of CardProcess::read(), and mode_forbids for a counter without a member of staff. A reading
  /// that could not be entered is record_failed and given to nobody.
  card::EidResult<SealedIdentity> read(const Wish& wish,
                                       const std::function<void(std::string_view)>& on_step = {});

 private:
  Result<SealedIdentity> keep(const Wish& wish, card::SealedReading reading);
  Result<void> enter(const archive::IdentityReading& row);
  void note_refusal(const Wish& wish, const std::string& reading, const card::EidError& error);

  DeskRooms rooms_;
  card::CardProcess& reader_;
};

}  // namespace mailroom::identity
