#include "ocr/pdf/archival.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include "ocr/pdf/pdfa.h"

namespace mailroom::ocr {
namespace {

/// What a reader would assume anyhow must be said in a PDF/A (ISO 19005-2 §6.2.11.3.2).
void say_glyph_maps(QPDF& pdf) {
  for (auto object : pdf.getAllObjects()) {
    const bool names_glyphs = object.isDictionary() && object.getKey("/Subtype").isNameAndEquals("/CIDFontType2");
    if (names_glyphs && !object.hasKey("/CIDToGIDMap"))
      object.replaceKey("/CIDToGIDMap", QPDFObjectHandle::newName("/Identity"));
  }
}

}  // namespace

Result<Bytes> as_archival(ByteView drawn, const PdfMetadata& metadata) try {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("drawn", reinterpret_cast<const char*>(drawn.data()), drawn.size());
  // cairo opens a group on each page, whether something shines through or not.
  for (auto page : pdf.getAllPages()) page.removeKey("/Group");
  say_glyph_maps(pdf);
  MAILROOM_TRY_VOID(describe_itself(pdf, metadata));
  return as_written(pdf);
} catch (const std::exception& wrong) {
  return fail(Errc::corrupt, std::string("the PDF could not be made archival: ") + wrong.what());
}

}  // namespace mailroom::ocr
