#pragma once

#include <string>

#include "daemon/base/result.h"

/// Passwords are kept as Argon2id (RFC 9106), in its encoded form.
namespace mailroom::station {

std::string hash_password(const std::string& password);  ///< 19 MiB, 2 passes: about 50 ms

/// Takes the same time for a user that does not exist: give it an empty `hash`.
bool is_password(const std::string& password, const std::string& hash);

/// Errc::invalid_input for less than 12 characters or more than 1024 bytes.
Result<void> check_new_password(const std::string& password);

std::string made_password();  ///< 20 random letters and digits in groups: 100 bits

}  // namespace mailroom::station
