#pragma once

#include <string>

#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr {

/// Who wrote the file, for /Producer and pdf:Producer.
std::string producer();

/// "2026-11-24T03:14:00Z" and its form in the Info dictionary, "D:20261124031400Z": PDF/A wants both
/// to name the same second.
std::string xmp_date(Timestamp time);
std::string info_date(Timestamp time);

/// The XMP packet of the document (ISO 16684-1, ISO 19005-2 §6.6). Only properties of predefined
/// schemas, so that no extension schema is needed. Errc::invalid_input for text that is not UTF-8.
Result<std::string> xmp_packet(const PdfMetadata& metadata);

}  // namespace mailroom::ocr
