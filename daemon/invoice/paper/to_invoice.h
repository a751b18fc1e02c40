#pragma once

#include <span>

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/paper/paper_invoice.h"

namespace mailroom::invoice {

/// A field and the business term that it is (docs/formats/invoice-paper.md).
struct FieldTerm {
  std::string_view field;
  int term;
};
std::span<const FieldTerm> field_terms();

/// What was read from paper in the one model of an invoice: each term with its confidence, source and
/// place. `pages`: the ids of the document's pages in order, for the places.
Invoice to_invoice(const PaperInvoice& paper, const std::vector<std::string>& pages);

/// The same with the fields that passed or that persons gave.
Invoice to_invoice(const PaperInvoice& paper, const std::vector<PaperField>& fields,
                   const std::vector<std::string>& pages);

}  // namespace mailroom::invoice
