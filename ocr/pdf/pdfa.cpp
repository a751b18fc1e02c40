#include "ocr/pdf/pdfa.h"

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>

#include "ocr/pdf/colour_profile.h"
#include "ocr/pdf/xmp.h"

namespace mailroom::ocr {
namespace {

QPDFObjectHandle text_object(const std::string& utf8) {
  return QPDFObjectHandle::newUnicodeString(utf8);
}

void set_info(QPDF& pdf, const PdfMetadata& metadata) {
  auto info = QPDFObjectHandle::newDictionary();
  info.replaceKey("/Title", text_object(metadata.title));
  if (!metadata.author.empty()) info.replaceKey("/Author", text_object(metadata.author));
  info.replaceKey("/Producer", text_object(producer()));
  info.replaceKey("/CreationDate", QPDFObjectHandle::newString(info_date(metadata.created)));
  info.replaceKey("/ModDate", QPDFObjectHandle::newString(info_date(metadata.created)));
  pdf.getTrailer().replaceKey("/Info", pdf.makeIndirectObject(info));
}

void set_output_intent(QPDF& pdf) {
  auto profile = QPDFObjectHandle::newStream(&pdf, std::string(as_text(srgb_profile())));
  profile.getDict().replaceKey("/N", QPDFObjectHandle::newInteger(3));
  auto intent = QPDFObjectHandle::parse(
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB "
      "IEC61966-2.1) /RegistryName (http://www.color.org) >>");
  intent.replaceKey("/DestOutputProfile", profile);
  auto intents = QPDFObjectHandle::newArray();
  intents.appendItem(pdf.makeIndirectObject(intent));
  pdf.getRoot().replaceKey("/OutputIntents", intents);
}

}  // namespace

Result<void> describe_itself(QPDF& pdf, const PdfMetadata& metadata) {
  MAILROOM_TRY(const auto packet, xmp_packet(metadata));
  set_output_intent(pdf);
  set_info(pdf, metadata);
  auto xmp = QPDFObjectHandle::newStream(&pdf, packet);
  xmp.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/Metadata"));
  xmp.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/XML"));
  auto root = pdf.getRoot();
  root.replaceKey("/Metadata", xmp);
  root.replaceKey("/Lang", text_object(metadata.language));
  root.replaceKey("/ViewerPreferences", QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
  return {};
}

Bytes as_written(QPDF& pdf) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.forcePDFVersion("1.4");
  writer.setObjectStreamMode(qpdf_o_disable);
  writer.setNewlineBeforeEndstream(true);
  writer.setDeterministicID(true);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return {buffer->getBuffer(), buffer->getBuffer() + buffer->getSize()};
}

}  // namespace mailroom::ocr
