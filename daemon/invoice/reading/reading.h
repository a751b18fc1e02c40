#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/invoice/rules/check_invoice.h"

namespace mailroom::invoice {

/// What came of a file in which an invoice was looked for. Reading never fails: whatever is wrong is a
/// finding.
struct Reading {
  std::optional<Invoice> invoice;  ///< nothing when there is none, or several that differ
  Report report;
  std::string source = {};  ///< name of the attachment it came from, empty for the file itself
};

/// Reads and checks one XML file. What is not well-formed or over the limits is an invalid invoice;
/// well-formed XML that is something else is unknown.
Reading read_and_check(ByteView xml);

/// No invoice was found, for this reason.
Reading no_invoice(std::string_view rule, const std::string& text);

/// The one reading that stands for a file with several attachments: the invoice, if all invoices found say
/// the same; a finding if they differ; otherwise the first reading that says why there is none. `readings`
/// may be empty.
Reading choose(std::vector<Reading> readings);

/// The members of a line of `mailroomctl invoice` (docs/formats/invoice-line.md), without the file's name.
nlohmann::json line_of(const Reading& reading);

}  // namespace mailroom::invoice
