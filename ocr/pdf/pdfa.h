#pragma once

#include "ocr/pdf/pdf_writer.h"

class QPDF;

/// What every PDF/A of ours has besides its pages; inside this folder only.
namespace mailroom::ocr {

/// Sets output intent (sRGB), Info dictionary, XMP, language and title of the file (ISO 19005-2 §6.2.3,
/// §6.6). Errc::invalid_input for text that is not UTF-8.
Result<void> describe_itself(QPDF& pdf, const PdfMetadata& metadata);

/// The bytes of a PDF 1.4 without object streams; the same objects give the same bytes.
Bytes as_written(QPDF& pdf);

}  // namespace mailroom::ocr
