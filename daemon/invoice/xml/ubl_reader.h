#pragma once

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/xml/xml_document.h"

namespace mailroom::invoice::xml {

/// Reads an OASIS UBL 2.1 Invoice or CreditNote by the binding of CEN/TS 16931-3-2. `root` is its root
/// element.
Invoice read_ubl(const Element& root, Syntax syntax);

}  // namespace mailroom::invoice::xml
