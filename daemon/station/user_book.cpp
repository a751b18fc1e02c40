#include "daemon/station/user_book.h"

#include <regex>

#include "daemon/station/password.h"
#include "daemon/station/rights.h"

namespace mailroom::station {

using nlohmann::json;

Result<void> check_user(const NewUser& wanted) {
  static const std::regex id("[a-z][a-z0-9._-]{0,31}");
  if (!std::regex_match(wanted.user, id)) {
    return fail(Errc::invalid_input, "a user's name for the login is 1 to 32 of a-z 0-9 . _ -", {},
                "it begins with a letter");
  }
  if (wanted.name.empty() || wanted.name.size() > 100)
    return fail(Errc::invalid_input, "the name that colleagues read is missing or too long");
  if (wanted.rights.empty()) return fail(Errc::invalid_input, "a user needs at least one right");
  if (!wanted.password.empty()) return check_new_password(wanted.password);
  return {};
}

Result<AddedUser> add_user(archive::Catalogue& catalogue, const Clock& clock, const NewUser& wanted,
                           const std::string& actor) {
  MAILROOM_TRY_VOID(check_user(wanted));
  AddedUser added;
  added.made_password = wanted.password.empty() ? made_password() : std::string();
  added.user.id = wanted.user;
  added.user.name = wanted.name;
  added.user.rights = wanted.rights;
  added.user.must_change = !added.made_password.empty();
  added.user.password = hash_password(wanted.password.empty() ? added.made_password : wanted.password);
  MAILROOM_TRY(const auto known, catalogue.users().find(wanted.user));
  if (known) return fail(Errc::conflict, "there is a user '" + wanted.user + "' already");
  MAILROOM_TRY(auto transaction, catalogue.database().begin());
  MAILROOM_TRY_VOID(catalogue.users().insert(added.user, clock.now()));
  json rights = user_json(added.user).at("rights");
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, clock.now(),
                                     {actor, "user.added", {wanted.user}, {{"rights", rights}}}));
  MAILROOM_TRY_VOID(transaction.commit());
  MAILROOM_TRY(auto stored, catalogue.users().find(wanted.user));
  added.user = *std::move(stored);
  return added;
}

json user_json(const archive::User& user) {
  json rights = json::array();
  for (const auto& right : user.rights) {
    rights.push_back({{"role", right.role},
                      {"class", right.document_class},
                      {"department", right.department},
                      {"station", right.station}});
  }
  return {{"user", user.id},
          {"name", user.name},
          {"active", user.active},
          {"rights", rights},
          {"created_at", user.created_at},
          {"must_change_password", user.must_change}};
}

Result<std::vector<archive::UserRight>> rights_from(const json& list) {
  if (!list.is_array() || list.size() > 50)
    return fail(Errc::invalid_input, "`rights` is a list of at most 50");
  std::vector<archive::UserRight> rights;
  for (const auto& item : list) {
    const auto text = [&](const char* name) {
      return item.is_object() && item.contains(name) && item[name].is_string() ? item[name].get<std::string>()
                                                                               : std::string();
    };
    archive::UserRight right{text("role"), text("class"), text("department"), text("station")};
    if (right.document_class.empty() || right.department.empty() || right.station.empty())
      return fail(Errc::invalid_input, "a right has role, class, department and station; * is all");
    MAILROOM_TRY_VOID(check_role(right.role));
    if (std::find(rights.begin(), rights.end(), right) == rights.end()) rights.push_back(std::move(right));
  }
  return rights;
}

}  // namespace mailroom::station
