#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// A right as it is stored; "*" is all. What a role may do is daemon/station's to say.
struct UserRight {
  std::string role;
  std::string document_class = "*";
  std::string department = "*";
  std::string station = "*";
  bool operator==(const UserRight&) const = default;
};

/// A row of `user` with its rights (docs/formats/catalogue.md).
struct User {
  std::string id;        ///< what the person logs in with; in audit and transfer notes
  std::string name;      ///< what colleagues read
  std::string password;  ///< Argon2id, encoded; never leaves the daemon
  bool active = true;
  bool must_change = false;  ///< the password was made by somebody else
  std::string created_at;
  std::vector<UserRight> rights;
};

/// The tables `user` and `user_right`. Thread-bound to the database.
class Users {
 public:
  explicit Users(Database& database) : database_(database) {}

  Result<void> insert(const User& user, Timestamp now);  ///< Errc::conflict when the id is taken
  Result<void> update(const User& user);                 ///< all but id and created_at
  [[nodiscard]] Result<std::optional<User>> find(const std::string& id) const;
  [[nodiscard]] Result<std::vector<User>> all() const;  ///< by id

 private:
  Result<void> insert_rights(const User& user);
  Result<User> with_rights(User user) const;
  Database& database_;
};

}  // namespace mailroom::archive
