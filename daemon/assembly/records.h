#pragma once

#include <string>
#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/findings.h"

namespace mailroom::assembly {

/// What records are found with; everything outlives it.
struct RecordRoom {
  const std::vector<PageFacts>& pages;
  const Configuration& configuration;
  const InvoiceRoom& invoices;
  Findings& findings;
};

/// Finds the records of the house that documents belong to beside their own file (docs/formats/records.md):
/// invoices and their orders the record of vouchers (Kassenbelege), whatever names an asset the asset's.
/// Orders and papers about assets that name none are asked about. `read`: what was read of the invoices.
void link_records(std::vector<AssembledDocument>& documents, const std::vector<AssembledInvoice>& read,
                  const RecordRoom& room);

/// A key of a record: small letters, digits and -, so that O-1 and O1 stay apart.
std::string record_key(const std::string& text);

}  // namespace mailroom::assembly
