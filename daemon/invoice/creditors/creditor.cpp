#include "daemon/invoice/creditors/creditor.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace mailroom::invoice {
namespace {

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

}  // namespace

std::string_view name_of(MatchedBy by) {
  switch (by) {
    case MatchedBy::name: return "name";
    case MatchedBy::name_and_address: return "name_and_address";
    case MatchedBy::tax_number: return "tax_number";
    case MatchedBy::iban: return "iban";
    case MatchedBy::vat_id: return "vat_id";
    case MatchedBy::person: return "person";
    case MatchedBy::nothing: break;
  }
  return "nothing";
}

const CreditorAccount* Creditor::account(std::string_view iban) const {
  const auto found =
      std::find_if(accounts.begin(), accounts.end(), [&](const auto& a) { return a.iban == iban; });
  return found == accounts.end() ? nullptr : &*found;
}

CreditorBook::CreditorBook(std::vector<Creditor> creditors) : creditors_(std::move(creditors)) {
  for (std::size_t i = 0; i < creditors_.size(); ++i) {
    const Creditor& creditor = creditors_[i];
    ids_[creditor.id] = i;
    if (!creditor.vat_id.empty()) vat_ids_.emplace(creditor.vat_id, i);
    if (const auto digits = digits_of(creditor.tax_number); digits.size() >= 10)
      tax_numbers_.emplace(digits, i);
    if (!creditor.postcode.empty()) postcodes_.emplace(creditor.postcode, i);
    for (const auto& account : creditor.accounts) ibans_.emplace(account.iban, i);
  }
}

const Creditor* CreditorBook::find(const std::string& id) const {
  const auto found = ids_.find(id);
  return found == ids_.end() ? nullptr : &creditors_[found->second];
}

const Creditor* CreditorBook::only_one(const Index& index, const std::vector<std::string>& keys) const {
  std::set<std::size_t> found;
  for (const auto& key : keys) {
    for (auto [at, end] = index.equal_range(key); at != end; ++at) found.insert(at->second);
  }
  return found.size() == 1 ? &creditors_[*found.begin()] : nullptr;
}

CreditorMatch CreditorBook::by_name(const PaperInvoice& invoice) const {
  CreditorMatch match;
  for (const auto& postcode : invoice.postcodes) {
    for (auto [at, end] = postcodes_.equal_range(postcode); at != end; ++at) {
      const Creditor& creditor = creditors_[at->second];
      const auto name = fold(creditor.name);
      if (name.size() < 4 || invoice.folded_text.find(name) == std::string::npos) continue;
      const auto street = fold(creditor.street);
      const bool lives_there = street.size() >= 4 && invoice.folded_text.find(street) != std::string::npos;
      if (match.creditor != nullptr && match.creditor != &creditor) match.contradicted = true;
      match.creditor = &creditor;
      match.by = std::max(match.by, lives_there ? MatchedBy::name_and_address : MatchedBy::name);
    }
  }
  return match;
}

CreditorMatch CreditorBook::match(const PaperInvoice& invoice) const {
  const std::vector<std::pair<MatchedBy, const Creditor*>> found = {
      {MatchedBy::vat_id, only_one(vat_ids_, invoice.vat_ids)},
      {MatchedBy::iban, only_one(ibans_, invoice.ibans)},
      {MatchedBy::tax_number, only_one(tax_numbers_, {digits_of(invoice.value("seller_tax_number"))})}};
  CreditorMatch match;
  for (const auto& [by, creditor] : found) {
    if (creditor == nullptr) continue;
    if (match.creditor == nullptr) {
      match = {creditor, by, false};
    } else if (match.creditor != creditor) {
      match.contradicted = true;
    }
  }
  return match.creditor != nullptr ? match : by_name(invoice);
}

std::vector<const Creditor*> CreditorBook::search(std::string_view text, std::size_t limit) const {
  std::vector<std::string> words;
  std::istringstream in{std::string(text)};
  for (std::string word; in >> word;) {
    if (auto folded = fold(word); !folded.empty()) words.push_back(std::move(folded));
  }
  std::vector<const Creditor*> found;
  for (const auto& creditor : creditors_) {
    if (found.size() == limit || words.empty()) break;
    const auto known = fold(creditor.id) + " " + fold(creditor.name) + " " + fold(creditor.city) + " " +
                       fold(creditor.vat_id);
    const bool fits = std::all_of(words.begin(), words.end(),
                                  [&](const auto& word) { return known.find(word) != std::string::npos; });
    if (fits) found.push_back(&creditor);
  }
  return found;
}

}  // namespace mailroom::invoice
