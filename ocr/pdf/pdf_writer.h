#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"
#include "daemon/document/page_report.h"

namespace mailroom::ocr {

/// One page of a sealed PDF. Points at things that must outlive the call.
struct PdfPage {
  const CapturedImage* image = nullptr;  ///< description of the side; its own `bytes` are not looked at
  ByteView bytes = {};                   ///< the captured bytes; image->sha256 must be theirs
  const PageReport* report = nullptr;    ///< rotation, skew and words; null: upright and without text
  std::optional<Box> crop = {};          ///< what viewers show, in captured pixels; the rest stays inside
  std::string label = {};                ///< page label a viewer shows ("17 front"), may be empty
};

/// What the file says about itself, in XMP and in step with it in the Info dictionary.
struct PdfMetadata {
  std::string id;      ///< UUID of the document
  std::string number;  ///< the short number a person can say
  std::string title;
  std::string author = {};         ///< the organisation; a person is never named here
  std::string language = "de-DE";  ///< BCP 47
  Timestamp created = {};          ///< the moment of sealing; written to the second
};

/// Writes the sealed PDF (docs/formats/document-pdf.md): PDF/A-2b (ISO 19005-2) out of objects that
/// PDF/A-1b allows too. Each page holds its captured bytes as they are, turned upright and deskewed
/// by the page's matrix only, below an invisible layer of the recognised words. The same input gives
/// the same bytes.
///
/// Errc::corrupt when bytes do not match their digest or are damaged, Errc::unsupported for an image
/// that PDF/A cannot carry as it is (CMYK, arithmetic coding, longer than 14400/72 inch),
/// Errc::invalid_input when description and bytes contradict each other or text is not UTF-8; the
/// place names the page. Reentrant.
Result<Bytes> write_pdf(std::span<const PdfPage> pages, const PdfMetadata& metadata);

/// SHA-256 (lower-case hex) of the one image of each page as embedded, in page order: for JPEG the
/// digest of the captured file, for group 4 that of its strip (group4_strip_of). Errc::corrupt for a
/// file that is damaged or is not built like a sealed PDF. Reentrant.
Result<std::vector<std::string>> embedded_image_digests(ByteView pdf);

}  // namespace mailroom::ocr
