#include <algorithm>
#include <array>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/creditors/creditor.h"

namespace mailroom::invoice {
namespace {

using Row = std::vector<std::string>;

struct NumberedRow {
  int line = 0;  ///< where it begins, 1-based
  Row cells;
};

/// RFC 4180 with `separator`: quoted cells may hold separators, line ends and doubled quotes.
Result<std::vector<NumberedRow>> rows_of(std::string_view text, char separator) {
  std::vector<NumberedRow> rows;
  NumberedRow row{1, {""}};
  int line = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        row.cells.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        row.cells.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && row.cells.back().empty()) {
      quoted = true;
    } else if (c == separator) {
      row.cells.emplace_back();
    } else if (c == '\n') {
      if (row.cells.size() > 1 || !row.cells[0].empty()) rows.push_back(row);
      row = {line, {""}};
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted)
    return fail(Errc::invalid_input, "line " + std::to_string(row.line) + ": a quoted cell does not end");
  if (row.cells.size() > 1 || !row.cells[0].empty()) rows.push_back(row);
  return rows;
}

constexpr std::array<std::string_view, 9> kColumns{"id",     "name",       "street", "postcode", "city",
                                                   "vat_id", "tax_number", "iban",   "bic"};

tl::unexpected<Error> wrong(int line, const std::string& what) {
  return fail(Errc::invalid_input, "line " + std::to_string(line) + ": " + what, {},
              "correct the file; nothing of it was taken over");
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

class Importer {
 public:
  Result<void> head(const NumberedRow& row) {
    for (const auto& name : row.cells) {
      const auto column = std::find(kColumns.begin(), kColumns.end(), name);
      if (column == kColumns.end())
        return wrong(row.line, "there is no column \"" + name +
                                   "\"; known are id, name, street, postcode, city, "
                                   "vat_id, tax_number, iban, bic");
      columns_.push_back(std::size_t(column - kColumns.begin()));
    }
    for (const std::size_t needed : {std::size_t(0), std::size_t(1)}) {
      if (std::find(columns_.begin(), columns_.end(), needed) == columns_.end())
        return wrong(row.line, "the column \"" + std::string(kColumns[needed]) + "\" is missing");
    }
    return {};
  }

  Result<void> add(const NumberedRow& row) {
    if (row.cells.size() != columns_.size())
      return wrong(row.line, std::to_string(row.cells.size()) + " cells, the head has " +
                                 std::to_string(columns_.size()));
    std::array<std::string, 9> cell;
    for (std::size_t i = 0; i < row.cells.size(); ++i) cell[columns_[i]] = row.cells[i];
    Creditor creditor{cell[0], cell[1], cell[2], cell[3], cell[4], without_spaces(cell[5]), cell[6], {}};
    if (creditor.id.empty() || creditor.name.empty()) return wrong(row.line, "id and name must not be empty");
    if (!creditor.vat_id.empty() && !is_vat_id(creditor.vat_id))
      return wrong(row.line, "the check digit of the VAT id does not hold");
    const auto iban = without_spaces(cell[7]);
    if (!iban.empty() && !is_iban(iban)) return wrong(row.line, "the check digits of the IBAN do not hold");
    const auto [at, fresh] = index_.emplace(creditor.id, creditors_.size());
    if (fresh) creditors_.push_back(creditor);
    Creditor& known = creditors_[at->second];
    if (known.name != creditor.name || known.vat_id != creditor.vat_id)
      return wrong(row.line, "this id stands in another row with another name or VAT id");
    if (!iban.empty() && known.account(iban) == nullptr)
      known.accounts.push_back({iban, without_spaces(cell[8])});
    return {};
  }

  std::vector<Creditor> take() { return std::move(creditors_); }

 private:
  std::vector<std::size_t> columns_;
  std::map<std::string, std::size_t> index_;
  std::vector<Creditor> creditors_;
};

}  // namespace

Result<std::vector<Creditor>> creditors_from_csv(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const auto head = text.substr(0, text.find('\n'));
  const char separator = head.find(';') != std::string_view::npos ? ';' : ',';
  MAILROOM_TRY(const auto rows, rows_of(text, separator));
  if (rows.empty())
    return fail(Errc::invalid_input, "the file is empty", {}, "give a head line and one row a creditor");
  Importer importer;
  MAILROOM_TRY_VOID(importer.head(rows.front()));
  for (std::size_t i = 1; i < rows.size(); ++i) MAILROOM_TRY_VOID(importer.add(rows[i]));
  return importer.take();
}

}  // namespace mailroom::invoice
