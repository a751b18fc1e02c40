#include "daemon/invoice/model/invoice.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/invoice/model/terms.h"

namespace mailroom::invoice {
namespace {

constexpr std::array<std::pair<Syntax, std::string_view>, 6> kSyntaxNames{{
    {Syntax::ubl_invoice, "UBL-Invoice"},
    {Syntax::ubl_credit_note, "UBL-CreditNote"},
    {Syntax::cii, "CII"},
    {Syntax::zugferd_1, "ZF1-CII"},
    {Syntax::paper, "paper"},
    {Syntax::unknown, "unknown"},
}};

constexpr int kLineGroup = 25;
const std::string kNothing;

void collect(const Group& group, int bt, std::vector<const Term*>& found) {
  for (const Term& term : group.terms) {
    if (term.number == bt) found.push_back(&term);
  }
  for (const Group& inner : group.groups) {
    if (inner.number != kLineGroup) collect(inner, bt, found);
  }
}

}  // namespace

std::string_view name_of(Syntax syntax) {
  for (const auto& [value, name] : kSyntaxNames) {
    if (value == syntax) return name;
  }
  return "unknown";
}

Result<Syntax> syntax_from(std::string_view name) {
  for (const auto& [value, known] : kSyntaxNames) {
    if (known == name) return value;
  }
  return fail(Errc::invalid_input, "'" + std::string(name) + "' is no syntax of an invoice");
}

const Term* Group::term(int bt) const {
  const auto found =
      std::find_if(terms.begin(), terms.end(), [&](const Term& term) { return term.number == bt; });
  return found == terms.end() ? nullptr : &*found;
}

const std::string& Group::value(int bt) const {
  const Term* found = term(bt);
  return found == nullptr ? kNothing : found->value;
}

std::optional<Decimal> Group::decimal(int bt) const {
  return Decimal::parse(value(bt));
}

std::vector<const Term*> Group::all_terms(int bt) const {
  std::vector<const Term*> found;
  for (const Term& term : terms) {
    if (term.number == bt) found.push_back(&term);
  }
  return found;
}

const Group* Group::group(int bg) const {
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return group.number == bg; });
  return found == groups.end() ? nullptr : &*found;
}

std::vector<const Group*> Group::all_groups(int bg) const {
  std::vector<const Group*> found;
  for (const Group& group : groups) {
    if (group.number == bg) found.push_back(&group);
  }
  return found;
}

Term* Group::last(int bt) {
  const auto found =
      std::find_if(terms.rbegin(), terms.rend(), [&](const Term& term) { return term.number == bt; });
  return found == terms.rend() ? nullptr : &*found;
}

Term& Group::add(int bt, std::string text) {
  terms.push_back({.number = bt, .value = std::move(text)});
  return terms.back();
}

Group& Group::open(int bg) {
  groups.push_back({.number = bg});
  return groups.back();
}

Group& Group::at(int bg) {
  for (Group& group : groups) {
    if (group.number == bg) return group;
  }
  return open(bg);
}

std::vector<const Term*> Invoice::all(int bt) const {
  std::vector<const Term*> found;
  collect(root, bt, found);
  return found;
}

const Term* Invoice::first(int bt) const {
  const auto found = all(bt);
  return found.empty() ? nullptr : found.front();
}

const std::string& Invoice::value(int bt) const {
  const Term* found = first(bt);
  return found == nullptr ? kNothing : found->value;
}

std::size_t Invoice::line_count() const {
  return lines().size();
}

Term& Invoice::set(int bt, std::string text) {
  Group* group = &root;
  for (const int bg : groups_around(bt)) group = &group->at(bg);
  return group->add(bt, std::move(text));
}

}  // namespace mailroom::invoice
