#pragma once

#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/findings.h"

namespace mailroom::assembly {

/// What the reading of invoices works with; everything outlives it.
struct InvoiceDesk {
  const std::vector<PageFacts>& pages;
  const Configuration& configuration;
  const InvoiceRoom& room;
  Findings& findings;
};

/// Reads the documents whose class is read as an invoice, asks what is in doubt, follows the answers and
/// puts what is certain into their fields. Splits where a person says that another invoice begins; a
/// person may send a document to another class. `invoices` gets what to remember of each.
std::vector<AssembledDocument> read_invoices(std::vector<AssembledDocument> documents,
                                             const InvoiceDesk& desk,
                                             std::vector<AssembledInvoice>& invoices);

}  // namespace mailroom::assembly
