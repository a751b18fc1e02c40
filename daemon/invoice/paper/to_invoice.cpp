#include "daemon/invoice/paper/to_invoice.h"

#include <algorithm>
#include <array>

#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr std::array<FieldTerm, 21> kTerms{{{"invoice_number", 1},
                                            {"invoice_date", 2},
                                            {"currency", 5},
                                            {"due_date", 9},
                                            {"buyer_reference", 10},
                                            {"order_number", 13},
                                            {"seller_name", 27},
                                            {"seller_vat_id", 31},
                                            {"seller_tax_number", 32},
                                            {"buyer_name", 44},
                                            {"customer_number", 46},
                                            {"delivery_date", 72},
                                            {"payment_means", 81},
                                            {"payment_reference", 83},
                                            {"iban", 84},
                                            {"bic", 86},
                                            {"net_amount", 109},
                                            {"vat_amount", 110},
                                            {"gross_amount", 112},
                                            {"prepaid_amount", 113},
                                            {"payable_amount", 115}}};

std::optional<PaperPlace> place_of(const PaperField& field, const std::vector<std::string>& pages) {
  const auto page = std::find(pages.begin(), pages.end(), field.page);
  if (page == pages.end()) return std::nullopt;
  return PaperPlace{int(page - pages.begin()) + 1, field.box};
}

void set_terms(const std::vector<PaperField>& fields, const std::vector<std::string>& pages,
               Invoice& invoice) {
  for (const auto& [name, number] : kTerms) {
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&n = name](const auto& f) { return f.name == n; });
    if (field == fields.end() || field->value.empty()) continue;
    Term& term = invoice.set(number, field->value);
    term.confidence = field->confidence;
    term.source = field->source;
    term.place = place_of(*field, pages);
  }
}

std::string skonto_terms(const std::vector<PaperField>& fields) {
  std::string percent, until;
  for (const auto& field : fields) {
    if (field.name == "skonto_percent") percent = field.value;
    if (field.name == "skonto_date") until = field.value;
  }
  if (percent.empty()) return {};
  return percent + " % Skonto" + (until.empty() ? "" : " bis " + until);
}

void set_rates(const PaperInvoice& paper, Invoice& invoice) {
  for (const auto& rate : paper.totals.rates) {
    Group& group = invoice.root.open(23);
    group.add(116, decimal(rate.net.cents));
    group.add(117, decimal(rate.vat.cents));
    group.add(118, rate.rate == 0 ? "E" : "S");
    group.add(119, decimal(rate.rate));
  }
}

void set_lines(const PaperInvoice& paper, Invoice& invoice) {
  for (const auto& line : paper.lines) {
    Group& group = invoice.root.open(25);
    group.add(126, line.position);
    if (const auto quantity = read_amount(line.quantity)) {
      const auto text = std::to_string(quantity->value / 10000) + "." +
                        std::to_string(10000 + quantity->value % 10000).substr(1);
      group.add(129, text);
    }
    group.add(131, line.amount);
    group.at(29).add(146, line.unit_price);
    group.at(31).add(153, line.text);
  }
}

}  // namespace

std::span<const FieldTerm> field_terms() {
  return kTerms;
}

Invoice to_invoice(const PaperInvoice& paper, const std::vector<std::string>& pages) {
  return to_invoice(paper, paper.fields, pages);
}

Invoice to_invoice(const PaperInvoice& paper, const std::vector<PaperField>& fields,
                   const std::vector<std::string>& pages) {
  Invoice invoice;
  invoice.syntax = Syntax::paper;
  set_terms(fields, pages, invoice);
  invoice.set(3, paper.kind == PaperKind::credit_note ? "381" : "380");
  if (const auto terms = skonto_terms(fields); !terms.empty()) invoice.set(20, terms);
  set_rates(paper, invoice);
  set_lines(paper, invoice);
  return invoice;
}

}  // namespace mailroom::invoice
