#include "daemon/station/rights.h"

#include <algorithm>
#include <map>
#include <set>

namespace mailroom::station {
namespace {

const std::map<std::string, std::set<Action>, std::less<>>& presets() {
  using enum Action;
  static const std::map<std::string, std::set<Action>, std::less<>> table = {
      {"operator", {read, scan, edit, clarify, put_in_boxes, resend, erase}},
      {"quality_control", {read, check_quality, clarify, destroy_originals, erase}},
      {"administrator", {administer, see_figures}},
      {"auditor", {read, audit, see_figures}}};
  return table;
}

bool covers(const archive::UserRight& right, Action action) {
  const auto preset = presets().find(right.role);
  return preset != presets().end() ? preset->second.contains(action) : right.role == name_of(action);
}

bool fits(const std::string& pattern, const std::string& value) {
  return pattern == "*" || pattern == value;
}

}  // namespace

std::string_view name_of(Action action) {
  switch (action) {
    case Action::read: return "read";
    case Action::scan: return "scan";
    case Action::edit: return "edit";
    case Action::clarify: return "clarify";
    case Action::check_quality: return "check_quality";
    case Action::put_in_boxes: return "put_in_boxes";
    case Action::destroy_originals: return "destroy_originals";
    case Action::erase: return "erase";
    case Action::resend: return "resend";
    case Action::administer: return "administer";
    case Action::audit: return "audit";
    case Action::see_figures: return "see_figures";
  }
  return "";
}

const std::vector<Action>& all_actions() {
  using enum Action;
  static const std::vector<Action> actions = {
      read,  scan,   edit,       clarify, check_quality, put_in_boxes, destroy_originals,
      erase, resend, administer, audit,   see_figures};
  return actions;
}

const std::vector<std::string>& all_roles() {
  static const std::vector<std::string> roles = {"operator", "quality_control", "administrator", "auditor"};
  return roles;
}

bool Rights::may(Action action, const Protection& protection) const {
  return std::any_of(rights_.begin(), rights_.end(), [&](const auto& right) {
    return covers(right, action) && fits(right.document_class, protection.document_class) &&
           fits(right.department, protection.department) && fits(right.station, protection.station);
  });
}

bool Rights::may_somewhere(Action action) const {
  return std::any_of(rights_.begin(), rights_.end(),
                     [&](const auto& right) { return covers(right, action); });
}

bool Rights::may_at(Action action, const std::string& station) const {
  return std::any_of(rights_.begin(), rights_.end(), [&](const auto& right) {
    return covers(right, action) && fits(right.station, station);
  });
}

std::vector<std::string> Rights::roles() const {
  std::set<std::string> roles;
  for (const auto& right : rights_) roles.insert(right.role);
  return {roles.begin(), roles.end()};
}

Result<void> check_role(std::string_view role) {
  const auto& actions = all_actions();
  const bool is_action =
      std::any_of(actions.begin(), actions.end(), [&](Action action) { return name_of(action) == role; });
  if (is_action || presets().contains(role)) return {};
  return fail(Errc::invalid_input, "there is no role '" + std::string(role) + "'", {},
              "roles are: operator, quality_control, administrator, auditor");
}

}  // namespace mailroom::station
