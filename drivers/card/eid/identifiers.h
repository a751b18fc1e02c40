#pragma once

#include <initializer_list>

#include "daemon/base/bytes.h"

namespace mailroom::card {

/// The content of the object identifier 0.4.0.127.0.7 (bsi-de) followed by `arcs`, each below 128.
Bytes bsi_identifier(std::initializer_list<std::uint8_t> arcs);

/// Applications and files of the card, TR-03110-4 §2.2.
inline constexpr std::uint16_t kFileCardAccess = 0x011C;
inline constexpr std::uint16_t kFileCardSecurity = 0x011D;

/// What follows bsi-de.
namespace arcs {
inline constexpr std::initializer_list<std::uint8_t> kTerminalAuthentication = {2, 2, 2};
inline constexpr std::initializer_list<std::uint8_t> kPace = {2, 2, 4};
inline constexpr std::initializer_list<std::uint8_t> kChipAuthentication = {2, 2, 3};
inline constexpr std::initializer_list<std::uint8_t> kRestrictedIdentification = {2, 2, 5};
inline constexpr std::initializer_list<std::uint8_t> kDateOfBirth = {3, 1, 4, 1};
inline constexpr std::initializer_list<std::uint8_t> kDateOfExpiry = {3, 1, 4, 2};
inline constexpr std::initializer_list<std::uint8_t> kCommunity = {3, 1, 4, 3};
inline constexpr std::initializer_list<std::uint8_t> kDescription = {3, 1, 3, 1};
inline constexpr std::initializer_list<std::uint8_t> kSector = {3, 1, 3, 2};
}  // namespace arcs

/// id-SecurityObject (0.4.0.127.0.7.3.2.1), the content type of EF.CardSecurity.
inline constexpr const char* kSecurityObject = "0.4.0.127.0.7.3.2.1";

}  // namespace mailroom::card
