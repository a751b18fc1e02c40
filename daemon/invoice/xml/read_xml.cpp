#include "daemon/invoice/xml/read_xml.h"

#include "daemon/invoice/xml/cii_reader.h"
#include "daemon/invoice/xml/ubl_reader.h"
#include "daemon/invoice/xml/xml_document.h"

namespace mailroom::invoice {
namespace {

struct Root {
  std::string_view uri;
  std::string_view name;
  Syntax syntax;
};

constexpr Root kRoots[] = {
    {"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice", Syntax::ubl_invoice},
    {"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote", Syntax::ubl_credit_note},
    {"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "CrossIndustryInvoice", Syntax::cii},
    {"urn:ferd:CrossIndustryDocument:invoice:1p0", "CrossIndustryDocument", Syntax::zugferd_1},
};

constexpr std::string_view kOrder = "SCRDMCCBDACIOMessageStructure";  // order-x

Syntax syntax_of(const xml::Element& root) {
  for (const Root& known : kRoots) {
    if (root.namespace_uri() == known.uri && root.name() == known.name) return known.syntax;
  }
  return Syntax::unknown;
}

}  // namespace

Result<Invoice> read_xml(ByteView bytes) {
  MAILROOM_TRY(const auto document, xml::Document::parse(bytes));
  const auto root = document.root();
  switch (const Syntax syntax = syntax_of(root)) {
    case Syntax::ubl_invoice:
    case Syntax::ubl_credit_note: return xml::read_ubl(root, syntax);
    case Syntax::cii:
    case Syntax::zugferd_1: return xml::read_cii(root, syntax);
    default: break;
  }
  if (root.name() == kOrder) return fail(Errc::unsupported, "the XML is an order (Order-X), not an invoice");
  return fail(Errc::unsupported,
              "the XML is not an invoice: its root element is " + std::string(root.name()));
}

bool looks_like_xml(ByteView bytes) {
  auto text = as_text(bytes).substr(0, 64);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;  // UTF-16
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && text[begin] == '<';
}

}  // namespace mailroom::invoice
