#include "daemon/invoice/deadlines/deadlines.h"

#include <algorithm>

#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr int kSaturday = 5;  // Monday is 0
constexpr int kLongestRow = 60;  // days without a pay day; more are a mistake in the list of holidays

int weekday_of(const std::string& day) {
  return int((day_number(day) + 3) % 7);  // 1970-01-01 was a Thursday
}

}  // namespace

bool PayDays::is_one(const std::string& day) const {
  return weekday_of(day) < kSaturday && !holidays_.contains(day);
}

std::string PayDays::on_or_before(const std::string& day) const {
  std::string found = day;
  for (int i = 0; i < kLongestRow && !is_one(found); ++i) found = iso_date(day_number(found) - 1);
  return found;
}

std::string PayDays::before(const std::string& day, int days) const {
  std::string found = on_or_before(day);
  for (int i = 0; i < days; ++i) found = on_or_before(iso_date(day_number(found) - 1));
  return found;
}

std::string_view name_of(Urgency urgency) {
  switch (urgency) {
    case Urgency::later: return "later";
    case Urgency::soon: return "soon";
    case Urgency::passed: return "passed";
  }
  return "";
}

std::vector<Deadline> deadlines_of(const std::string& skonto_date, const std::string& due_date,
                                   const std::string& today, int days, const PayDays& pay_days) {
  std::vector<Deadline> found;
  for (const auto& [kind, date] : {std::pair("skonto", skonto_date), std::pair("due", due_date)}) {
    if (date.empty() || read_date(date) != date) continue;
    Deadline deadline{kind, date, pay_days.on_or_before(date)};
    if (today >= pay_days.before(deadline.pay_by, days)) deadline.urgency = Urgency::soon;
    if (today > date) deadline.urgency = Urgency::passed;
    found.push_back(std::move(deadline));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& one, const auto& other) { return one.date < other.date; });
  return found;
}

}  // namespace mailroom::invoice
