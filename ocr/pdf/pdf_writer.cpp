#include "ocr/pdf/pdf_writer.h"

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include "ocr/pdf/glyphless_font.h"
#include "ocr/pdf/page_geometry.h"
#include "ocr/pdf/page_image.h"
#include "ocr/pdf/pdfa.h"
#include "ocr/pdf/text_layer.h"
#include "ocr/pdf/unicode.h"

namespace mailroom::ocr {
namespace {

QPDFObjectHandle parsed(const std::string& text) {
  return QPDFObjectHandle::parse(text);
}

QPDFObjectHandle text_object(const std::string& utf8) {
  return QPDFObjectHandle::newUnicodeString(utf8);
}

QPDFObjectHandle rectangle(const PointBox& box) {
  return parsed("[" + pdf_number(box.left) + " " + pdf_number(box.bottom) + " " +
                pdf_number(box.left + box.width) + " " + pdf_number(box.bottom + box.height) + "]");
}

/// One document being put together. Keys of every dictionary follow ISO 32000-1, restricted to what
/// ISO 19005-1 knows as well.
class Document {
 public:
  Document() { pdf_.emptyPDF(); }

  Result<void> add_page(const PdfPage& page);
  Result<void> describe(const PdfMetadata& metadata);
  Bytes written() { return as_written(pdf_); }

 private:
  QPDFObjectHandle stream(const std::string& data) { return QPDFObjectHandle::newStream(&pdf_, data); }
  QPDFObjectHandle stream(const Bytes& data) { return stream(std::string(as_text(data))); }
  QPDFObjectHandle image_object(const CapturedImage& image, const ImageStream& image_bytes);
  QPDFObjectHandle page_object(const PdfPage& page, const PageGeometry& geometry, const ImageStream& image);
  QPDFObjectHandle font();
  void fill_font();
  QPDFObjectHandle descendant_font();

  QPDF pdf_;
  CharacterCodes codes_;
  QPDFObjectHandle font_;
  QPDFObjectHandle labels_ = QPDFObjectHandle::newArray();
};

QPDFObjectHandle Document::image_object(const CapturedImage& image, const ImageStream& image_bytes) {
  const auto& bytes = image_bytes.bytes;
  // qpdf's Buffer does not own these bytes; they outlive the document (see PdfPage).
  auto buffer = std::make_shared<Buffer>(const_cast<unsigned char*>(bytes.data()), bytes.size());
  auto object = QPDFObjectHandle::newStream(&pdf_, buffer);
  const std::string width = std::to_string(image.width);
  const std::string height = std::to_string(image.height);
  const bool jpeg = image_bytes.format == ImageFormat::jpeg;
  const std::string filter = jpeg ? "/Filter /DCTDecode"
                                  : "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns " + width +
                                        " /Rows " + height + " /BlackIs1 false /EndOfBlock true >>";
  object.replaceDict(parsed("<< /Type /XObject /Subtype /Image /Width " + width + " /Height " + height +
                            " /BitsPerComponent " + std::to_string(image.bits) + " /ColorSpace " +
                            (image.channels == 3 ? "/DeviceRGB " : "/DeviceGray ") + filter + " >>"));
  return object;
}

QPDFObjectHandle Document::font() {
  if (!font_.isInitialized()) font_ = pdf_.makeIndirectObject(parsed("<< /Type /Font /Subtype /Type0 >>"));
  return font_;
}

QPDFObjectHandle Document::page_object(const PdfPage& page, const PageGeometry& geometry,
                                       const ImageStream& image) {
  auto object = parsed("<< /Type /Page /Resources << /XObject << >> >> >>");
  object.replaceKey("/MediaBox", rectangle({0, 0, geometry.width(), geometry.height()}));
  if (page.crop) object.replaceKey("/CropBox", rectangle(geometry.crop_box(*page.crop)));
  object.getKey("/Resources").getKey("/XObject").replaceKey("/Im1", image_object(*page.image, image));
  return object;
}

Result<void> Document::add_page(const PdfPage& page) {
  MAILROOM_TRY(const auto image, image_stream_of(*page.image, page.bytes));
  MAILROOM_TRY(const auto geometry, PageGeometry::of(page));
  std::string content = "q\n";
  for (const double operand : geometry.image_matrix()) content += pdf_number(operand) + " ";
  content += "cm\n/Im1 Do\nQ\n";
  auto object = page_object(page, geometry, image);
  if (page.report != nullptr && !page.report->words.empty()) {
    MAILROOM_TRY(const auto text, text_layer(page.report->words, geometry, codes_));
    object.getKey("/Resources").replaceKey("/Font", parsed("<< >>"));
    object.getKey("/Resources").getKey("/Font").replaceKey("/F1", font());
    content += text;
  }
  object.replaceKey("/Contents", stream(content));
  MAILROOM_TRY([[maybe_unused]] const auto checked, characters_of(page.label));
  labels_.appendItem(QPDFObjectHandle::newInteger(static_cast<long long>(pdf_.getAllPages().size())));
  labels_.appendItem(parsed("<< >>"));
  labels_.getArrayItem(labels_.getArrayNItems() - 1).replaceKey("/P", text_object(page.label));
  pdf_.addPage(pdf_.makeIndirectObject(object), false);
  return {};
}

QPDFObjectHandle Document::descendant_font() {
  auto file = stream(glyphless_font());
  file.getDict().replaceKey("/Length1",
                            QPDFObjectHandle::newInteger(static_cast<long long>(glyphless_font().size())));
  const std::string width = std::to_string(kGlyphWidth);
  auto descriptor = pdf_.makeIndirectObject(
      parsed("<< /Type /FontDescriptor /FontName /GlyphLess /Flags 5 /FontBBox [0 0 " + width +
             " 1000] /ItalicAngle 0 /Ascent 1000 /Descent -1 /CapHeight 1000 /StemV 80 >>"));
  descriptor.replaceKey("/FontFile2", file);
  auto descendant = pdf_.makeIndirectObject(
      parsed("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /GlyphLess /CIDSystemInfo << /Registry (Adobe) "
             "/Ordering (Identity) /Supplement 0 >> /DW " +
             width + " >>"));
  descendant.replaceKey("/FontDescriptor", descriptor);
  descendant.replaceKey("/CIDToGIDMap", stream(codes_.glyph_map()));
  return descendant;
}

void Document::fill_font() {
  if (!font_.isInitialized()) return;
  font_.replaceKey("/BaseFont", QPDFObjectHandle::newName("/GlyphLess"));
  font_.replaceKey("/Encoding", QPDFObjectHandle::newName("/Identity-H"));
  font_.replaceKey("/ToUnicode", stream(codes_.to_unicode()));
  auto descendants = QPDFObjectHandle::newArray();
  descendants.appendItem(descendant_font());
  font_.replaceKey("/DescendantFonts", descendants);
}

Result<void> Document::describe(const PdfMetadata& metadata) {
  fill_font();
  MAILROOM_TRY_VOID(describe_itself(pdf_, metadata));
  auto root = pdf_.getRoot();
  root.replaceKey("/PageLabels", parsed("<< >>"));
  root.getKey("/PageLabels").replaceKey("/Nums", labels_);
  return {};
}

}  // namespace

Result<Bytes> write_pdf(std::span<const PdfPage> pages, const PdfMetadata& metadata) try {
  if (pages.empty()) return fail(Errc::invalid_input, "a document without pages cannot be sealed");
  Document document;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    auto added = document.add_page(pages[i]);
    if (added) continue;
    Error error = std::move(added).error();
    if (error.place.page.empty()) error.place.page = "page " + std::to_string(i + 1) + " of the document";
    return fail(std::move(error));
  }
  MAILROOM_TRY_VOID(document.describe(metadata));
  return document.written();
} catch (const std::exception& exception) {
  return fail(Errc::io, std::string("the PDF could not be put together: ") + exception.what());
}

}  // namespace mailroom::ocr
