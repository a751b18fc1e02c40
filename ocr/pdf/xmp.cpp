#include "ocr/pdf/xmp.h"

#include <algorithm>
#include <string_view>

#include "ocr/pdf/unicode.h"

namespace mailroom::ocr {
namespace {

std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) {
    switch (c) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) xml += c;  // XML 1.0 has no other control characters
    }
  }
  return xml;
}

std::string element(std::string_view name, std::string_view text) {
  return "   <" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">\n";
}

std::string list(std::string_view name, std::string_view container, std::string_view item) {
  const std::string in(container);
  const std::string property(name);
  const std::string language = in == "Alt" ? " xml:lang=\"x-default\"" : "";
  return "   <" + property + "><rdf:" + in + "><rdf:li" + language + ">" + escaped(item) +
         "</rdf:li></rdf:" + in + "></" + property + ">\n";
}

}  // namespace

std::string producer() {
  return "mailroom " MAILROOM_VERSION;
}

std::string xmp_date(Timestamp time) {
  return to_rfc3339(time).substr(0, 19) + "Z";
}

std::string info_date(Timestamp time) {
  std::string digits = xmp_date(time);
  std::erase_if(digits, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return "D:" + digits;
}

Result<std::string> xmp_packet(const PdfMetadata& metadata) {
  for (const auto* text :
       {&metadata.id, &metadata.number, &metadata.title, &metadata.author, &metadata.language}) {
    MAILROOM_TRY([[maybe_unused]] const auto checked, characters_of(*text));
  }
  const std::string date = xmp_date(metadata.created);
  std::string xmp =
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\"\n"
      "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      "    xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n"
      "    xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"\n"
      "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
      "    xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\">\n";
  xmp += element("pdfaid:part", "2") + element("pdfaid:conformance", "B");
  xmp += element("dc:format", "application/pdf");
  xmp += list("dc:title", "Alt", metadata.title);
  if (!metadata.author.empty()) xmp += list("dc:creator", "Seq", metadata.author);
  xmp += element("dc:identifier", "urn:uuid:" + metadata.id);
  xmp += list("dc:language", "Bag", metadata.language);
  xmp += list("xmp:Identifier", "Bag", metadata.number);
  xmp +=
      element("xmp:CreateDate", date) + element("xmp:ModifyDate", date) + element("xmp:MetadataDate", date);
  xmp += element("pdf:Producer", producer());
  xmp += element("xmpMM:DocumentID", "uuid:" + metadata.id);
  return xmp + "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n";
}

}  // namespace mailroom::ocr
