#pragma once

#include "daemon/base/bytes.h"
#include "daemon/invoice/reading/reading.h"

namespace mailroom::ocr {

/// Looks for an electronic invoice in any file: XML, PDF (its attachments), e-mail (its parts, and what is in
/// those). An attachment is judged by its root element, never by its name. Reentrant; for use inside the
/// sandbox.
invoice::Reading find_invoice(ByteView file);

}  // namespace mailroom::ocr
