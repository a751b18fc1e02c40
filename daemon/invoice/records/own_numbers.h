#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/paper/paper_invoice.h"

namespace mailroom::invoice {

/// Numbers that the house gave out itself, of orders and assets: they are told by their form, wherever they
/// stand. `pattern` is an ECMAScript regular expression; its first group, when it has one, is the number,
/// else all that fits. What fits within a longer word is none. Each number once, in the order of the
/// document; an empty pattern finds nothing. Reentrant.

/// On pages that were read, with the confidence of the weakest word.
std::vector<PaperField> own_numbers(const std::vector<PaperPage>& pages, std::string_view field,
                                    const std::string& pattern);

/// In the terms of an electronic invoice, whichever holds it.
std::vector<PaperField> own_numbers(const Invoice& invoice, std::string_view field,
                                    const std::string& pattern);

}  // namespace mailroom::invoice
