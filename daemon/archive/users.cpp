#include "daemon/archive/users.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define USER_COLUMNS "id, name, password, active, must_change, created_at"

Result<User> read_user(const Statement& row) {
  User user;
  user.id = row.text(0);
  user.name = row.text(1);
  user.password = row.text(2);
  user.active = row.integer(3) != 0;
  user.must_change = row.integer(4) != 0;
  user.created_at = row.text(5);
  return user;
}

Result<UserRight> read_right(const Statement& row) {
  return UserRight{row.text(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace

Result<void> Users::insert_rights(const User& user) {
  for (const auto& right : user.rights) {
    MAILROOM_TRY_VOID(
        changed_one(database_.run("INSERT INTO user_right (user, role, class, department, station) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5)",
                                  user.id, right.role, right.document_class, right.department, right.station),
                    "right"));
  }
  return {};
}

Result<void> Users::insert(const User& user, Timestamp now) {
  MAILROOM_TRY_VOID(
      changed_one(database_.run("INSERT INTO user (id, name, password, active, must_change, created_at) "
                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                user.id, user.name, user.password, user.active ? 1 : 0,
                                user.must_change ? 1 : 0, to_rfc3339(now)),
                  "user"));
  return insert_rights(user);
}

Result<void> Users::update(const User& user) {
  MAILROOM_TRY_VOID(changed_one(
      database_.run("UPDATE user SET name = ?2, password = ?3, active = ?4, must_change = ?5 "
                    "WHERE id = ?1",
                    user.id, user.name, user.password, user.active ? 1 : 0, user.must_change ? 1 : 0),
      "user"));
  MAILROOM_TRY([[maybe_unused]] const int gone,
               database_.run("DELETE FROM user_right WHERE user = ?1", user.id));
  return insert_rights(user);
}

Result<User> Users::with_rights(User user) const {
  MAILROOM_TRY(user.rights,
               rows_of<UserRight>(database_.query("SELECT role, class, department, station FROM user_right "
                                                  "WHERE user = ?1 ORDER BY role, class, department, station",
                                                  user.id),
                                  read_right));
  return user;
}

Result<std::optional<User>> Users::find(const std::string& id) const {
  MAILROOM_TRY(
      auto found,
      row_of<User>(database_.query("SELECT " USER_COLUMNS " FROM user WHERE id = ?1", id), read_user));
  if (!found) return std::optional<User>();
  MAILROOM_TRY(User user, with_rights(*std::move(found)));
  return std::optional<User>(std::move(user));
}

Result<std::vector<User>> Users::all() const {
  MAILROOM_TRY(auto rows,
               rows_of<User>(database_.query("SELECT " USER_COLUMNS " FROM user ORDER BY id"), read_user));
  std::vector<User> users;
  for (auto& row : rows) {
    MAILROOM_TRY(User user, with_rights(std::move(row)));
    users.push_back(std::move(user));
  }
  return users;
}

}  // namespace mailroom::archive
