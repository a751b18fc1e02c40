#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailroom::invoice {

/// What a business term's value is.
enum class TermKind { text, identifier, code, date, amount, price, quantity, percent, indicator, binary };

/// A business term of EN 16931-1:2017, clause 6.3, with the words staff see.
struct TermInfo {
  int number;  ///< 31 for BT-31
  int group;   ///< the group it stands in, 0 for the invoice itself
  TermKind kind;
  std::string_view name;  ///< German, as in the German translation of EN 16931-1
};

/// nullptr for a number that the norm does not have.
const TermInfo* term_info(int bt);

/// The German name of a group, empty for a number that the norm does not have.
std::string_view group_name(int bg);

/// The groups from the outside in that BT-`bt` stands in: {4, 5} for BT-40.
std::vector<int> groups_around(int bt);

/// "BT-31", or "BT-DEX-001" for the terms of the XRechnung extension, which are numbered from 9001 here.
std::string term_name(int bt);
/// "BG-23", or "BG-DEX-09".
std::string group_id(int bg);
/// The other way round; 0 for a name that is neither.
int term_number(std::string_view name);
int group_number(std::string_view name);

/// "BT-31 Umsatzsteuer-Identifikationsnummer des Verkäufers".
std::string term_label(int bt);
/// "BG-23 Umsatzsteueraufschlüsselung".
std::string group_label(int bg);

}  // namespace mailroom::invoice
