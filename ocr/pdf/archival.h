#pragma once

#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr {

/// A PDF that this house drew itself (text_document_pdf()), made into PDF/A-2b: what it says about itself,
/// the colours it is meant in, no transparency groups. Same input, same bytes. Not for PDFs of others:
/// nothing in them is mended. Errc::corrupt for what is no PDF. Reentrant.
Result<Bytes> as_archival(ByteView pdf, const PdfMetadata& metadata);

}  // namespace mailroom::ocr
