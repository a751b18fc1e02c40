#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

struct AllowanceRules {
  int group, amount, category, reason, reason_code;
  std::string_view needs_amount, needs_category, needs_reason, same_reason;
};

constexpr AllowanceRules kOfDocument[] = {
    {20, 92, 95, 97, 98, "BR-31", "BR-32", "BR-33", "BR-CO-21"},
    {21, 99, 102, 104, 105, "BR-36", "BR-37", "BR-38", "BR-CO-22"},
};
constexpr AllowanceRules kOfLine[] = {
    {27, 136, 0, 139, 140, "BR-41", "", "BR-42", "BR-CO-23"},
    {28, 141, 0, 144, 145, "BR-43", "", "BR-44", "BR-CO-24"},
};

void check_allowance(Check& check, const Group& group, const AllowanceRules& rules) {
  check.require_term(group, rules.amount, rules.needs_amount);
  if (rules.category != 0) {
    const Term* category = group.term(rules.category);
    check.require(category != nullptr && category->scheme == "VAT", rules.needs_category,
                  term_label(rules.category) + " fehlt", group);
  }
  const bool has_reason = group.has(rules.reason) || group.has(rules.reason_code);
  const std::string text = "Es fehlt der Grund, als Text oder als Code";
  check.require(has_reason, rules.needs_reason, text, group);
  check.require(has_reason, rules.same_reason, text, group);
}

}  // namespace

void check_allowances(Check& check) {
  for (const AllowanceRules& rules : kOfDocument)
    for (const Group* group : check.root.all_groups(rules.group)) check_allowance(check, *group, rules);
  for (const Group* line : check.lines)
    for (const AllowanceRules& rules : kOfLine)
      for (const Group* group : line->all_groups(rules.group)) check_allowance(check, *group, rules);
}

}  // namespace mailroom::invoice::rules
