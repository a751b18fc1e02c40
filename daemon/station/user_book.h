#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "daemon/archive/catalogue.h"
#include "daemon/base/clock.h"

namespace mailroom::station {

/// A user who is added or changed; on the core thread.
struct NewUser {
  std::string user;
  std::string name;
  std::vector<archive::UserRight> rights;
  std::string password;  ///< empty: one is made
};

/// Adds a user; gives the row and the password when it was made. Errc::conflict when the name is taken.
struct AddedUser {
  archive::User user;
  std::string made_password;
};
Result<AddedUser> add_user(archive::Catalogue& catalogue, const Clock& clock, const NewUser& wanted,
                           const std::string& actor);

Result<void> check_user(const NewUser& wanted);

nlohmann::json user_json(const archive::User& user);  ///< without the password

/// Reads rights as the contract has them. Errc::invalid_input names what is wrong.
Result<std::vector<archive::UserRight>> rights_from(const nlohmann::json& list);

}  // namespace mailroom::station
