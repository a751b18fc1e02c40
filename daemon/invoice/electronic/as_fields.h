#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/model/invoice.h"

namespace mailroom::invoice {

/// An electronic invoice in the fields by which invoices are judged: every value is certain, its source is
/// "xml". Amounts that are no number of cents are left out, so that a person is asked. Pure.
PaperInvoice as_fields(const Invoice& invoice);

/// What keeps a received file from passing for its form alone: no invoice in it (`invoice_missing`), broken
/// rules or failed check digits (`invoice_form`). `line`: as line_of(Reading) gives it. Pure.
std::optional<Doubt> doubt_about_form(const nlohmann::json& line);

}  // namespace mailroom::invoice
