#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/matters.h"
#include "daemon/base/work_thread.h"
#include "daemon/config/kiosks.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/kiosk/package.h"

namespace mailroom::kiosk {

/// What handing in works with; everything outlives it.
struct HandInRooms {
  WorkThread& core;
  archive::Catalogue& catalogue;  ///< on the core thread only
  const Configuration& configuration;
  const KioskConfiguration& kiosks;
  const Clock& clock;
  std::map<std::string, Certificate> certificates;  ///< of recipients, by id
  std::filesystem::path packages;                   ///< folder
  std::function<Result<archive::Batch>(const intake::ReceivedFile&)> receive;
};

/// The way of a matter from the citizen's hands to a batch: kept, paid, received (docs/formats/matter.md).
/// Each step is durable before the next, and doing one again changes nothing. Thread-safe.
class HandIn {
 public:
  explicit HandIn(HandInRooms rooms) : rooms_(std::move(rooms)) {}

  /// Makes the folder; hands on what an earlier run did not, gives up what was being paid and is not.
  Result<void> begin();

  /// Keeps what the visit has gathered: durable when this returns. `way`: "card" is to be paid now, "later"
  /// and "" are handed in at once. Errc::disk_full without room.
  Result<archive::MatterRow> keep(const Visit& visit, const std::string& kiosk, const std::string& way);

  /// Notes a payment before its terminal is asked.
  Result<void> begin_payment(const archive::PaymentAttemptRow& attempt);
  /// It was not paid: the matter is still kept.
  Result<void> note_not_paid(const archive::PaymentAttemptRow& attempt, const std::string& outcome);
  /// Nobody can tell yet.
  Result<void> note_unknown(const archive::PaymentAttemptRow& attempt, const std::string& outcome);
  /// It was paid: hands the matter in.
  Result<void> note_paid(const archive::PaymentAttemptRow& attempt, const std::string& outcome);

  /// A person has compared with the terminal's journal and says what became of a payment that nobody could
  /// tell of: paid with this receipt number hands the matter in, empty: it was not paid and is given up.
  /// Errc::not_found.
  Result<void> settle(const std::string& attempt, const std::string& receipt, const std::string& person);
  Result<std::vector<archive::PaymentAttemptRow>> all_open_attempts();

  /// Payments at this terminal of which nobody knows what became, oldest first.
  Result<std::vector<archive::PaymentAttemptRow>> open_attempts(const std::string& terminal);
  Result<std::optional<archive::MatterRow>> find(const std::string& matter);

  /// Hands in a matter that is to be paid by transfer.
  Result<void> pay_later(const std::string& matter);

  /// Gives up a matter that is not paid: nothing of it stays. One that is handed in, or whose payment is
  /// open, stays.
  Result<void> give_up(const std::string& matter);

  /// Gives everything that is handed in to the mailroom; what fails is tried again with the next call.
  Result<void> hand_on();

 private:
  Result<PackageFacts> facts_for(const Visit& visit, const std::string& kiosk,
                                 const std::string& tracking) const;
  Result<std::vector<Certificate>> recipients_of(const Matter& matter) const;
  Result<archive::MatterRow> row_for(const Visit& visit, const std::string& kiosk,
                                     const std::string& way) const;
  Result<void> enter(const Visit& visit, archive::MatterRow& row);
  Result<void> step(const std::string& matter, const std::string& way,
                    const archive::PaymentAttemptRow* attempt, const std::string& outcome);
  Result<void> receive(const archive::MatterRow& row);
  Result<std::string> receive_payment(const archive::MatterRow& row);
  Result<void> audit(archive::Transaction& transaction, const archive::MatterRow& row,
                     const std::string& action, nlohmann::json details = nlohmann::json::object()) const;
  [[nodiscard]] std::filesystem::path package_of(const std::string& matter) const;

  HandInRooms rooms_;
  std::mutex handing_on_;
};

/// The Kassenzeichen of a payment: the account's digits, twelve of the matter's and a check digit.
std::string payment_reference(const std::string& account, const std::string& matter);

}  // namespace mailroom::kiosk
