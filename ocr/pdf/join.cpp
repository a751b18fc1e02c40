#include "ocr/pdf/join.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include <list>

namespace mailroom::ocr {
namespace {

void attach(QPDF& pdf, const EnclosedFile& file) {
  auto stream = QPDFEFStreamObjectHelper::createEFStream(pdf, std::string(as_text(file.bytes)));
  stream.setSubtype(file.media_type);
  auto specification = QPDFFileSpecObjectHelper::createFileSpec(pdf, file.name, stream);
  QPDFEmbeddedFileDocumentHelper(pdf).replaceEmbeddedFile(file.name, specification);
}

Bytes written(QPDF& pdf) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setStreamDataMode(qpdf_s_preserve);
  writer.setDeterministicID(true);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return {buffer->getBuffer(), buffer->getBuffer() + buffer->getSize()};
}

}  // namespace

Result<Bytes> join_pdfs(std::span<const ByteView> parts, std::span<const EnclosedFile> files) try {
  std::list<QPDF> sources;  // the pages they gave lean on them until everything is written
  QPDF joined;
  joined.emptyPDF();
  QPDFPageDocumentHelper pages(joined);
  for (const ByteView part : parts) {
    QPDF& source = sources.emplace_back();
    source.processMemoryFile("part", reinterpret_cast<const char*>(part.data()), part.size());
    for (const auto& page : QPDFPageDocumentHelper(source).getAllPages()) pages.addPage(page, false);
  }
  for (const EnclosedFile& file : files) attach(joined, file);
  return written(joined);
} catch (const std::exception& wrong) {
  return fail(Errc::corrupt, std::string("the PDF could not be put together: ") + wrong.what());
}

}  // namespace mailroom::ocr
