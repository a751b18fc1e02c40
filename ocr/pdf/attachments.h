#pragma once

#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::ocr {

/// A file embedded in a foreign PDF.
struct PdfAttachment {
  std::string name;  ///< as given; never used as a path
  Bytes bytes;
};

/// The files embedded in a PDF: those named in /Names /EmbeddedFiles and those only associated (/AF) with the
/// document or a page. A damaged file is repaired as far as qpdf can. Errc::corrupt when it cannot be opened,
/// Errc::refused when it is encrypted or over the limits: 100 files, 32 MiB each. Reentrant.
Result<std::vector<PdfAttachment>> pdf_attachments(ByteView pdf);

}  // namespace mailroom::ocr
