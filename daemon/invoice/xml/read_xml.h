#pragma once

#include "daemon/base/bytes.h"
#include "daemon/invoice/model/invoice.h"

namespace mailroom::invoice {

/// Reads an XML invoice. The syntax is told by the namespace and name of the root element alone. Errors:
/// Errc::unsupported for well-formed XML that is no invoice (an order-x is named), otherwise those of
/// xml::Document::parse().
Result<Invoice> read_xml(ByteView bytes);

/// Whether `bytes` begin like an XML file (byte order mark and white space allowed).
bool looks_like_xml(ByteView bytes);

}  // namespace mailroom::invoice
