#include "daemon/invoice/reading/reading.h"

#include <algorithm>

#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/model/terms.h"
#include "daemon/invoice/xml/read_xml.h"

namespace mailroom::invoice {
namespace {

using nlohmann::json;

constexpr int kLineGroup = 25;
constexpr int kEmbeddedFile = 125;

/// Values of the document's terms, several of one term joined by '|', lines left out.
void collect(const Group& group, json& terms) {
  for (const Term& term : group.terms) {
    if (term.value.empty() || term.number == kEmbeddedFile) continue;
    const std::string name = term_name(term.number);
    const std::string before = terms.value(name, "");
    terms[name] = before.empty() ? term.value : before + "|" + term.value;
  }
  for (const Group& inner : group.groups) {
    if (inner.number != kLineGroup) collect(inner, terms);
  }
}

json line_of(const Finding& finding) {
  json line = {{"rule", finding.rule}, {"severity", name_of(finding.severity)}, {"text", finding.text}};
  if (!finding.place.empty()) line["place"] = finding.place;
  return line;
}

/// The same invoice twice (in two attachments, in two syntaxes) says the same in what is paid.
bool says_the_same(const Invoice& one, const Invoice& other) {
  const auto amount = [](const Invoice& invoice, int bt) { return Decimal::parse(invoice.value(bt)); };
  const bool same_text = one.value(1) == other.value(1) && one.value(2) == other.value(2) &&
                         one.value(5) == other.value(5) && one.value(31) == other.value(31) &&
                         one.value(84) == other.value(84);
  return same_text && amount(one, 112) == amount(other, 112) && amount(one, 115) == amount(other, 115);
}

}  // namespace

Reading no_invoice(std::string_view rule, const std::string& text) {
  Reading reading;
  reading.report.findings.push_back({std::string(rule), Severity::warning, {}, text});
  return reading;
}

Reading read_and_check(ByteView xml) {
  auto invoice = read_xml(xml);
  if (!invoice && invoice.error().code == Errc::unsupported) {
    const bool is_order = invoice.error().what.find("Order-X") != std::string::npos;
    return no_invoice(is_order ? "MR-ORDER" : "MR-NO-INVOICE",
                      is_order ? "Die Datei ist eine Bestellung (Order-X), keine Rechnung"
                               : "Die XML-Datei ist keine Rechnung");
  }
  Reading reading;
  if (!invoice) {
    reading.report.findings.push_back(
        {"MR-XML", Severity::fatal, {}, "Die XML-Datei ist nicht lesbar: " + invoice.error().message()});
    reading.report.verdict = Verdict::invalid;
    return reading;
  }
  reading.report = check_invoice(*invoice);
  reading.invoice = std::move(*invoice);
  return reading;
}

Reading choose(std::vector<Reading> readings) {
  if (readings.empty()) return no_invoice("MR-NO-INVOICE", "In der Datei ist keine elektronische Rechnung");
  const auto found = std::find_if(readings.begin(), readings.end(),
                                  [](const Reading& reading) { return reading.invoice.has_value(); });
  if (found == readings.end()) {
    const auto unreadable = std::find_if(readings.begin(), readings.end(), [](const Reading& reading) {
      return reading.report.verdict == Verdict::invalid;
    });
    return std::move(unreadable == readings.end() ? readings.front() : *unreadable);
  }
  for (const Reading& other : readings) {
    if (other.invoice && !says_the_same(*found->invoice, *other.invoice))
      return no_invoice("MR-SEVERAL", "Die Datei enthält mehrere Rechnungen, die sich unterscheiden");
  }
  return std::move(*found);
}

json line_of(const Reading& reading) {
  json terms = json::object();
  json findings = json::array();
  if (reading.invoice) collect(reading.invoice->root, terms);
  for (const Finding& finding : reading.report.findings) findings.push_back(line_of(finding));
  const Syntax syntax = reading.invoice ? reading.invoice->syntax : Syntax::unknown;
  const bool passes = reading.invoice && passes_alone(reading.report);
  return {{"syntax", name_of(syntax)},
          {"terms", terms},
          {"lines", reading.invoice ? reading.invoice->line_count() : 0},
          {"findings", findings},
          {"verdict", name_of(reading.report.verdict)},
          {"decision", passes ? "pass" : "clarify"}};
}

}  // namespace mailroom::invoice
