#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/invoice/paper/paper_invoice.h"

namespace mailroom::invoice {

/// An account a creditor is paid to.
struct CreditorAccount {
  std::string iban;  ///< without spaces
  std::string bic;   ///< may be empty
};

/// Somebody the city pays, as the payment system knows him.
struct Creditor {
  std::string id;  ///< the payment system's number
  std::string name;
  std::string street;
  std::string postcode;
  std::string city;
  std::string vat_id;      ///< may be empty
  std::string tax_number;  ///< may be empty
  std::vector<CreditorAccount> accounts;

  [[nodiscard]] const CreditorAccount* account(std::string_view iban) const;  ///< nullptr: not his
};

/// Reads the payment system's export: CSV in UTF-8, separated by `;` or `,`, a head line with `id` and
/// `name` and any of `street`, `postcode`, `city`, `vat_id`, `tax_number`, `iban`, `bic`; several rows of
/// one id add accounts. Errc::invalid_input names the line: unknown column, missing id or name, an IBAN
/// or VAT id whose check digits fail, rows of one id that contradict each other.
Result<std::vector<Creditor>> creditors_from_csv(std::string_view text);

/// How a creditor was recognised, the surest first.
enum class MatchedBy { nothing, name, name_and_address, tax_number, iban, vat_id, person };
std::string_view name_of(MatchedBy by);

struct CreditorMatch {
  const Creditor* creditor = nullptr;
  MatchedBy by = MatchedBy::nothing;
  bool contradicted = false;  ///< VAT id, IBAN and tax number point at different creditors

  /// A name alone is no proof of who it is.
  [[nodiscard]] bool certain() const {
    return creditor != nullptr && !contradicted && by >= MatchedBy::name_and_address;
  }
};

/// All creditors with the ways to find them. Immutable; thread-safe.
class CreditorBook {
 public:
  CreditorBook() = default;
  explicit CreditorBook(std::vector<Creditor> creditors);

  [[nodiscard]] const Creditor* find(const std::string& id) const;
  [[nodiscard]] CreditorMatch match(const PaperInvoice& invoice) const;
  [[nodiscard]] const std::vector<Creditor>& all() const { return creditors_; }

  /// Those whose id, name, city or VAT id holds each word of `text`, however it is written; at most `limit`, by id.
  [[nodiscard]] std::vector<const Creditor*> search(std::string_view text, std::size_t limit) const;

 private:
  using Index = std::multimap<std::string, std::size_t>;
  [[nodiscard]] const Creditor* only_one(const Index& index, const std::vector<std::string>& keys) const;
  [[nodiscard]] CreditorMatch by_name(const PaperInvoice& invoice) const;

  std::vector<Creditor> creditors_;
  std::map<std::string, std::size_t> ids_;
  Index vat_ids_, ibans_, tax_numbers_, postcodes_;
};

}  // namespace mailroom::invoice
