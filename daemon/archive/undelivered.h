#pragma once

#include <string>
#include <vector>

#include "daemon/archive/deliveries.h"

namespace mailroom::archive {

/// More states of a row of `outbox`; persistent.
inline constexpr std::string_view kWithdrawn = "withdrawn";  ///< its document is: not sent any more
inline constexpr std::string_view kDead = "dead";            ///< never answered: sent again by hand only

struct KeptDeadLetter {
  std::string id;
  std::string at;
  DeadLetterRow letter;
};

/// What a recipient says to hold and this appliance, restored from a backup, does not know.
struct HeldElsewhere {
  std::string id;  ///< of the delivery
  std::string recipient;
  std::string record;    ///< the recipient's own id
  std::string contents;  ///< JSON array of role and sha256
  std::string at;
  std::string settled_by;
  std::string settled_at;
};

/// What went another way than from owed to stored: the tables `outbox`, `dead_letter`,
/// `held_elsewhere`. Thread-bound to the database.
class Undelivered {
 public:
  explicit Undelivered(Database& database) : database_(database) {}

  /// Counts one attempt that the recipient passed over; gives how many there are now.
  Result<int> pass_over(const std::string& id);
  [[nodiscard]] Result<bool> answered_any_since(const std::string& recipient, const std::string& time) const;
  Result<void> bury(const std::string& id);  ///< owed becomes dead

  /// Owed or dead becomes owed as if it had never been sent, due at once.
  Result<void> owe_again(const std::string& id, Timestamp now);
  Result<void> withdraw_owed(const std::string& document);  ///< all that are owed or dead
  Result<void> record_after_withdrawal(const std::string& id, const std::string& record);

  [[nodiscard]] Result<std::vector<std::string>> in_state(std::string_view state, int limit) const;  ///< ids
  [[nodiscard]] Result<std::vector<KeptDeadLetter>> latest_dead_letters(int limit) const;

  /// Idempotent by id; false when the recipient has told more than `most` already.
  Result<bool> insert_held_elsewhere(const HeldElsewhere& held, Timestamp at, int most);
  [[nodiscard]] Result<std::vector<HeldElsewhere>> held_elsewhere() const;  ///< oldest first
  Result<void> settle_held_elsewhere(const std::string& id, const std::string& person, Timestamp at);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
