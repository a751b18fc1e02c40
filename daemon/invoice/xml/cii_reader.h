#pragma once

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/xml/xml_document.h"

namespace mailroom::invoice::xml {

/// Reads a Cross Industry Invoice D16B by the binding of CEN/TS 16931-3-3, or (Syntax::zugferd_1) the Cross
/// Industry Document of ZUGFeRD 1.0, which has the same shape under older names. `root` is its root element.
Invoice read_cii(const Element& root, Syntax syntax);

}  // namespace mailroom::invoice::xml
