#pragma once

#include <nlohmann/json.hpp>

#include "daemon/base/result.h"
#include "daemon/invoice/model/invoice.h"

namespace mailroom::invoice {

/// The form that recipients get and the catalogue keeps (docs/formats/invoice.md,
/// config/contract/schemas/invoice.json). Embedded attachments (BT-125) are named, their bytes left out.
nlohmann::json to_json(const Invoice& invoice);

/// Reads what to_json() writes; `summary` is made anew from the terms, never read.
Result<Invoice> invoice_from(const nlohmann::json& json);

}  // namespace mailroom::invoice
