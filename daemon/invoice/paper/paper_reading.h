#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/invoice/paper/candidates.h"
#include "daemon/invoice/paper/paper_invoice.h"

/// The stages of read_paper(). Each looks at the layout and the candidates and adds what it finds.
namespace mailroom::invoice {

struct PaperReading {
  Layout layout;
  std::vector<Label> labels;
  std::vector<DateCandidate> dates;
  std::vector<AmountCandidate> amounts;
  const std::vector<Anchor>& anchors;
};

PaperField field_at(const Layout& layout, const std::string& name, const std::string& value, const Spot& spot,
                    double confidence);

void read_kind(const PaperReading& reading, PaperInvoice& invoice);
void read_number(const PaperReading& reading, PaperInvoice& invoice);
void read_references(const PaperReading& reading, PaperInvoice& invoice);
void read_dates(const PaperReading& reading,
                PaperInvoice& invoice);  ///< invoice and delivery date, due date, Skonto
void read_codes(const PaperReading& reading, PaperInvoice& invoice);  ///< IBAN, BIC, VAT id, Leitweg-ID
void read_parties(const PaperReading& reading, PaperInvoice& invoice);
void read_lines(const PaperReading& reading, PaperInvoice& invoice);  ///< after the totals
void read_starts(const PaperReading& reading, PaperInvoice& invoice);

/// The words an anchor points at.
std::optional<Spot> follow(const Layout& layout, const Anchor& anchor);

}  // namespace mailroom::invoice
