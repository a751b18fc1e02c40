#include "daemon/invoice/xml/xml_document.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace mailroom::invoice::xml {
namespace {

constexpr std::size_t kMostBytes = std::size_t{32} << 20U;
constexpr int kDeepest = 100;

constexpr std::array<std::string_view, 4> kKnownNamespaces{
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "urn:un:unece:uncefact:data:standard:",
    "urn:ferd:CrossIndustryDocument:invoice:1p0",
};

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

std::string taken(xmlChar* text) {
  std::string copy(view(text));
  xmlFree(text);
  return copy;
}

std::string_view uri_of(const xmlNode* node) {
  return node->ns == nullptr ? std::string_view() : view(node->ns->href);
}

bool is_known(const xmlNode* node) {
  const auto uri = uri_of(node);
  return std::any_of(kKnownNamespaces.begin(), kKnownNamespaces.end(),
                     [&](auto known) { return uri.starts_with(known); });
}

/// What went wrong while parsing that libxml2 has no word for.
struct Watch {
  int depth = 0;
  bool too_deep = false;
  bool has_doctype = false;
};

Watch& watch_of(void* context) {
  return *static_cast<Watch*>(static_cast<xmlParserCtxt*>(context)->_private);
}

void stop_at_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  watch_of(context).has_doctype = true;
  xmlStopParser(static_cast<xmlParserCtxt*>(context));
}

void count_start(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                 int namespace_count, const xmlChar** namespaces, int attribute_count, int defaulted_count,
                 const xmlChar** attributes) {
  Watch& watch = watch_of(context);
  if (++watch.depth > kDeepest) {
    watch.too_deep = true;
    xmlStopParser(static_cast<xmlParserCtxt*>(context));
    return;
  }
  xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                        defaulted_count, attributes);
}

void count_end(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri) {
  --watch_of(context).depth;
  xmlSAX2EndElementNs(context, name, prefix, uri);
}

std::string first_line(const char* message) {
  std::string text = message == nullptr ? "unreadable" : message;
  return text.substr(0, text.find('\n'));
}

tl::unexpected<Error> why_not(const xmlParserCtxt& context, const Watch& watch) {
  if (watch.has_doctype)
    return fail(Errc::refused, "the XML has a document type declaration, which an invoice never has", {},
                "ask the sender for the invoice without it");
  if (watch.too_deep) return fail(Errc::refused, "the XML is nested deeper than 100 levels");
  Place place;
  if (context.lastError.line > 0) place.line = static_cast<unsigned long long>(context.lastError.line);
  return fail(Errc::invalid_input, "the XML is not well-formed: " + first_line(context.lastError.message),
              place, "ask the sender for a whole file");
}

}  // namespace

std::string_view Element::name() const {
  return view(node_->name);
}
std::string_view Element::namespace_uri() const {
  return uri_of(node_);
}
std::string Element::text() const {
  return taken(xmlNodeGetContent(node_));
}
int Element::line() const {
  return int(xmlGetLineNo(node_));
}

std::optional<std::string> Element::attribute(const char* name) const {
  xmlChar* value = xmlGetNoNsProp(node_, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return std::nullopt;
  return taken(value);
}

bool Element::has_children() const {
  for (const xmlNode* child = node_->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) return true;
  }
  return false;
}

void Element::collect(std::string_view path, bool only_first, std::vector<Element>& found) const {
  const auto slash = std::min(path.find('/'), path.size());
  const auto step = path.substr(0, slash);
  for (const xmlNode* child = node_->children; child != nullptr; child = child->next) {
    if (child->type != XML_ELEMENT_NODE || view(child->name) != step || !is_known(child)) continue;
    if (slash == path.size()) {
      found.emplace_back(child);
    } else {
      Element(child).collect(path.substr(slash + 1), only_first, found);
    }
    if (only_first && !found.empty()) return;
  }
}

std::vector<Element> Element::all(std::string_view path) const {
  std::vector<Element> found;
  collect(path, false, found);
  return found;
}

std::optional<Element> Element::first(std::string_view path) const {
  std::vector<Element> found;
  collect(path, true, found);
  if (found.empty()) return std::nullopt;
  return found.front();
}

void Document::Free::operator()(_xmlDoc* document) const {
  xmlFreeDoc(document);
}

Element Document::root() const {
  return Element(xmlDocGetRootElement(document_.get()));
}

Result<Document> Document::parse(ByteView bytes) {
  if (bytes.size() > kMostBytes) return fail(Errc::refused, "the XML is larger than 32 MiB");
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> context(xmlNewParserCtxt(),
                                                                             &xmlFreeParserCtxt);
  if (!context) throw std::bad_alloc();
  Watch watch;
  context->_private = &watch;
  context->sax->internalSubset = &stop_at_doctype;
  context->sax->startElementNs = &count_start;
  context->sax->endElementNs = &count_end;
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                           XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;
  std::unique_ptr<xmlDoc, Free> document(
      xmlCtxtReadMemory(context.get(), reinterpret_cast<const char*>(bytes.data()), int(bytes.size()),
                        "invoice.xml", nullptr, kOptions));
  if (!document || watch.has_doctype || watch.too_deep || xmlDocGetRootElement(document.get()) == nullptr)
    return why_not(*context, watch);
  return Document(std::move(document));
}

}  // namespace mailroom::invoice::xml
