#include "ocr/pdf/attachments.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include <set>

namespace mailroom::ocr {
namespace {

constexpr std::size_t kMostFiles = 100;
constexpr std::size_t kMostBytes = std::size_t{32} << 20U;

/// Throws std::length_error when a stream grows over the limit while it is decoded.
class Limited : public Pipeline {
 public:
  Limited() : Pipeline("attachment", nullptr) {}
  void write(unsigned char const* data, std::size_t size) override {
    if (bytes.size() + size > kMostBytes) throw std::length_error("attachment too large");
    bytes.insert(bytes.end(), data, data + size);
  }
  void finish() override {}

  Bytes bytes;
};

class Collector {
 public:
  void add(QPDFObjectHandle specification) {
    if (!specification.isDictionary() || found_.size() == kMostFiles) return;
    QPDFFileSpecObjectHelper helper(specification);
    QPDFObjectHandle stream = helper.getEmbeddedFileStream();
    if (!stream.isStream() || !seen_.insert(stream.getObjGen()).second) return;
    Limited sink;
    stream.pipeStreamData(&sink, 0, qpdf_dl_all, true, false);
    found_.push_back({helper.getFilename(), std::move(sink.bytes)});
  }

  void add_associated(QPDFObjectHandle owner) {
    if (!owner.isDictionary()) return;
    QPDFObjectHandle files = owner.getKey("/AF");
    if (!files.isArray()) return;
    for (int i = 0; i < files.getArrayNItems(); ++i) add(files.getArrayItem(i));
  }

  std::vector<PdfAttachment> take() { return std::move(found_); }

 private:
  std::set<QPDFObjGen> seen_;
  std::vector<PdfAttachment> found_;
};

}  // namespace

Result<std::vector<PdfAttachment>> pdf_attachments(ByteView pdf) try {
  QPDF file;
  file.setSuppressWarnings(true);
  file.processMemoryFile("foreign PDF", reinterpret_cast<const char*>(pdf.data()), pdf.size());
  Collector collector;
  QPDFEmbeddedFileDocumentHelper embedded(file);
  for (const auto& [name, specification] : embedded.getEmbeddedFiles())
    collector.add(specification->getObjectHandle());
  collector.add_associated(file.getRoot());
  for (const QPDFObjectHandle& page : file.getAllPages()) collector.add_associated(page);
  return collector.take();
} catch (const QPDFExc& wrong) {
  if (wrong.getErrorCode() == qpdf_e_password)
    return fail(Errc::refused, "the PDF is encrypted", {}, "ask the sender for the file without a password");
  return fail(Errc::corrupt, "the PDF is damaged");
} catch (const std::length_error&) {
  return fail(Errc::refused, "a file in the PDF is larger than 32 MiB");
} catch (const std::exception&) {
  return fail(Errc::corrupt, "the PDF is damaged");
}

}  // namespace mailroom::ocr
