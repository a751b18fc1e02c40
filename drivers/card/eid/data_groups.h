#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// The data groups of the eID application (BSI TR-03110-4 §2.2.3, ASN.1 in TR-03110-2 §3.1.5). Reentrant.
namespace mailroom::card {

/// The stable name of a data group in records and orders ("given_names"); empty for one that there is not.
std::string_view group_name(int number);
/// 0 for a name that no data group has.
int group_number(std::string_view name);

/// What data group `number` says, as its record has it (docs/formats/identity-record.md): a text, for places an
/// object. Errc::corrupt when the content is not built as it should be or its text is no UTF-8; the error
/// never holds the content.
Result<nlohmann::json> read_data_group(int number, ByteView content);

/// What kind of card it is, by the document type of data group 1.
enum class CardKind { identity_card, residence_permit, eu_citizen_card, other };
CardKind kind_of(std::string_view document_type);
std::string_view name_of(CardKind kind);

}  // namespace mailroom::card
