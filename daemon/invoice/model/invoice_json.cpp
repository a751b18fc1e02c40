#include "daemon/invoice/model/invoice_json.h"

#include <cmath>

#include "daemon/invoice/model/summary.h"
#include "daemon/invoice/model/terms.h"

namespace mailroom::invoice {
namespace {

using nlohmann::json;

constexpr int kEmbeddedFile = 125;
constexpr int kDeepestGroup = 8;

json to_json(const Term& term) {
  json body = {{"value", term.number == kEmbeddedFile ? std::string() : term.value},
               {"confidence", int(std::lround(term.confidence * 100))},
               {"source", term.source}};
  if (!term.scheme.empty()) body["scheme"] = term.scheme;
  if (!term.version.empty()) body["version"] = term.version;
  if (term.line > 0) body["line"] = term.line;
  if (term.place) {
    const Box& box = term.place->box;
    body["page"] = term.place->page;
    body["box"] = {box.x, box.y, box.width, box.height};
  }
  return body;
}

json to_json(const Group& group) {
  json body = json::object();
  for (const Term& term : group.terms) body[term_name(term.number)].push_back(to_json(term));
  for (const Group& inner : group.groups) body[group_id(inner.number)].push_back(to_json(inner));
  return body;
}

void put(json& body, const char* name, const std::string& value) {
  if (!value.empty()) body[name] = value;
}

json party(const Invoice& invoice, int name, int vat_id, int identifier) {
  json body = json::object();
  put(body, "name", invoice.value(name));
  put(body, "vat_id", invoice.value(vat_id));
  put(body, "identifier", invoice.value(identifier));
  return body;
}

json discounts(const Invoice& invoice) {
  json list = json::array();
  for (const CashDiscount& discount : cash_discounts(invoice.value(20))) {
    json entry = {{"days", discount.days}, {"percent", discount.percent.text(2)}};
    if (discount.base) entry["base"] = discount.base->text(2);
    list.push_back(entry);
  }
  return list;
}

json summary(const Invoice& invoice) {
  json body = {{"seller", party(invoice, 27, 31, 29)}, {"buyer", party(invoice, 44, 48, 46)}};
  put(body["seller"], "tax_number", invoice.value(32));
  const std::pair<const char*, int> members[] = {
      {"number", 1},      {"issue_date", 2}, {"type_code", 3}, {"currency", 5},  {"due_date", 9},
      {"leitweg_id", 10}, {"order", 13},     {"iban", 84},     {"bic", 86},      {"reference", 83},
      {"net", 109},       {"vat", 110},      {"gross", 112},   {"payable", 115}, {"specification", 24}};
  for (const auto& [name, bt] : members) put(body, name, invoice.value(bt));
  body["cash_discounts"] = discounts(invoice);
  body["lines"] = invoice.line_count();
  return body;
}

Term term_from(int number, const json& body) {
  Term term{.number = number, .value = body.at("value")};
  term.confidence = body.at("confidence").get<int>() / 100.0;
  term.source = body.at("source");
  term.scheme = body.value("scheme", "");
  term.version = body.value("version", "");
  term.line = body.value("line", 0);
  if (body.contains("box")) {
    const json& box = body["box"];
    term.place = PaperPlace{body.at("page"), {box.at(0), box.at(1), box.at(2), box.at(3)}};
  }
  return term;
}

void read_into(Group& group, const json& body, int depth) {
  for (const auto& [name, entries] : body.items()) {
    if (const int bt = term_number(name)) {
      for (const json& entry : entries) group.terms.push_back(term_from(bt, entry));
    }
    const int bg = group_number(name);
    if (bg == 0 || depth == kDeepestGroup) continue;
    for (const json& entry : entries) read_into(group.open(bg), entry, depth + 1);
  }
}

}  // namespace

json to_json(const Invoice& invoice) {
  return {{"version", 1},
          {"syntax", name_of(invoice.syntax)},
          {"summary", summary(invoice)},
          {"terms", to_json(invoice.root)}};
}

Result<Invoice> invoice_from(const json& body) {
  try {
    if (body.at("version") != 1)
      return fail(Errc::unsupported, "the invoice is of a version that this program does not know");
    Invoice invoice;
    MAILROOM_TRY(invoice.syntax, syntax_from(body.at("syntax").get<std::string>()));
    read_into(invoice.root, body.at("terms"), 0);
    return invoice;
  } catch (const json::exception& wrong) {
    return fail(Errc::corrupt, std::string("this is no invoice in our form: ") + wrong.what());
  }
}

}  // namespace mailroom::invoice
