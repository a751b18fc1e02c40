#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/crypto/routing_key.h"

namespace mailroom::assembly {

/// What a routing sheet (Trennblatt) does. Names and letters are persistent
/// (docs/formats/routing-sheet.md).
enum class RoutingKind {
  batch,           ///< stands first: class and department of the whole batch
  document,        ///< starts a document
  document_class,  ///< class and department from here on; starts a document
  urgent,          ///< the next document is urgent
  label,           ///< a reference for the document it stands in; never separates
  attachment,      ///< what follows is attachment of the same document
  envelope,        ///< the next sheet is the envelope of the document
  closed_item,     ///< what follows was not opened: a document of its own, the item is forwarded
  count,           ///< the number of sheets of the batch
};

std::string_view name_of(RoutingKind kind);  ///< "batch", "document", "class", ...
Result<RoutingKind> routing_kind_from(std::string_view name);

/// What a sheet says. Codes are those of the configuration; empty where the sheet does not say.
struct RoutingSheet {
  RoutingKind kind = RoutingKind::document;
  std::string class_code = {};       ///< three of A-Z 0-9, or empty
  std::string department_code = {};  ///< four of A-Z 0-9, or empty
  int count = 0;                     ///< sheets, 0 to 999; 0: does not say
  std::string reference = {};        ///< at most 40 of A-Z 0-9 space $ % * + - . / :
  bool operator==(const RoutingSheet&) const = default;
};

/// The texts of the two codes on one sheet.
struct RoutingPayloads {
  std::string code128;  ///< 32 characters, without the reference
  std::string qr;       ///< the same, or with the reference behind it
};

/// Errc::invalid_input when a part does not fit the format.
Result<RoutingPayloads> encode_routing_sheet(const RoutingSheet& sheet, const RoutingKey& key);

/// Reads the text of any code found on a page.
/// Errc::not_found: not a routing code at all, a foreign code. Errc::unsupported: ours, of a version
/// or kind this build does not know. Errc::refused: ours by its looks, but the key is unknown or the
/// authentication code does not match. Errc::invalid_input: ours and malformed. Reentrant.
Result<RoutingSheet> read_routing_sheet(std::string_view text, const std::vector<RoutingKey>& keys);

}  // namespace mailroom::assembly
