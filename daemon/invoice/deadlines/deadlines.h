#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Until when an invoice is to be paid, in days on which money moves.
namespace mailroom::invoice {

/// Days on which banks carry out payments: every day but Saturdays, Sundays and the holidays given. Pure.
class PayDays {
 public:
  explicit PayDays(const std::vector<std::string>& holidays) : holidays_(holidays.begin(), holidays.end()) {}

  [[nodiscard]] bool is_one(const std::string& day) const;                ///< ISO date
  [[nodiscard]] std::string on_or_before(const std::string& day) const;   ///< the latest one up to `day`
  [[nodiscard]] std::string before(const std::string& day, int days) const;  ///< so many pay days before

 private:
  std::set<std::string> holidays_;
};

enum class Urgency { later, soon, passed };
std::string_view name_of(Urgency urgency);  ///< persistent: "later", "soon", "passed"

struct Deadline {
  std::string kind;    ///< "skonto": the last day of the reduction; "due": of payment
  std::string date;    ///< as the invoice says, ISO
  std::string pay_by;  ///< the last day on which money moves in time
  Urgency urgency = Urgency::later;
};

/// The deadlines of an invoice on `today`, the earliest first. `soon` from `days` pay days before `pay_by`
/// on, `passed` after `date`. Dates that are empty or no dates give none. Pure.
std::vector<Deadline> deadlines_of(const std::string& skonto_date, const std::string& due_date,
                                   const std::string& today, int days, const PayDays& pay_days);

}  // namespace mailroom::invoice
