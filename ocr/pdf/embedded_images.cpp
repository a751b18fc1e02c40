#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include "daemon/crypto/digest.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr {
namespace {

tl::unexpected<Error> not_sealed(const std::string& what) {
  return fail(Errc::corrupt, what, {}, "compare the file with its digest in the catalogue");
}

std::vector<QPDFObjectHandle> images_of(QPDFObjectHandle page) {
  std::vector<QPDFObjectHandle> images;
  QPDFObjectHandle resources = page.getKey("/Resources");
  if (!resources.isDictionary() || !resources.getKey("/XObject").isDictionary()) return images;
  for (auto [name, object] : resources.getKey("/XObject").getDictAsMap()) {
    if (object.isStream() && object.getDict().getKey("/Subtype").isNameAndEquals("/Image")) {
      images.push_back(object);
    }
  }
  return images;
}

Result<std::vector<std::string>> digests_in(QPDF& pdf) {
  std::vector<std::string> digests;
  for (const QPDFObjectHandle& page : pdf.getAllPages()) {
    auto images = images_of(page);
    if (images.size() != 1) {
      return not_sealed("page " + std::to_string(digests.size() + 1) +
                        " of the PDF does not hold exactly one image");
    }
    const auto data = images.front().getRawStreamData();
    digests.push_back(sha256_hex({data->getBuffer(), data->getSize()}));
  }
  if (pdf.anyWarnings()) return not_sealed("the PDF is damaged");
  return digests;
}

}  // namespace

Result<std::vector<std::string>> embedded_image_digests(ByteView pdf) try {
  QPDF file;
  file.setSuppressWarnings(true);
  file.setAttemptRecovery(false);
  file.processMemoryFile("sealed PDF", reinterpret_cast<const char*>(pdf.data()), pdf.size());
  return digests_in(file);
} catch (const std::exception&) {
  // qpdf's text may quote the file; the code and the place the caller adds say enough.
  return not_sealed("the PDF is damaged or encrypted");
}

}  // namespace mailroom::ocr
