#include <algorithm>
#include <cctype>

#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/code_lists.h"

namespace mailroom::invoice::rules {
namespace {

struct CodeRule {
  int bt;
  bool of_scheme;  ///< the scheme is the code, not the value
  std::string_view rule;
  const std::string_view* list;
};

const CodeRule kRules[] = {
    {5, false, "BR-CL-04", &codes::kCurrencies},
    {6, false, "BR-CL-05", &codes::kCurrencies},
    {18, true, "BR-CL-07", &codes::kObjectSchemes},
    {30, true, "BR-CL-11", &codes::kIdentifierSchemes},
    {46, true, "BR-CL-10", &codes::kIdentifierSchemes},
    {29, true, "BR-CL-10", &codes::kIdentifierSchemes},
    {60, true, "BR-CL-10", &codes::kIdentifierSchemes},
    {47, true, "BR-CL-11", &codes::kIdentifierSchemes},
    {61, true, "BR-CL-11", &codes::kIdentifierSchemes},
    {34, true, "BR-CL-25", &codes::kAddressSchemes},
    {49, true, "BR-CL-25", &codes::kAddressSchemes},
    {40, false, "BR-CL-14", &codes::kCountries},
    {55, false, "BR-CL-14", &codes::kCountries},
    {69, false, "BR-CL-14", &codes::kCountries},
    {80, false, "BR-CL-14", &codes::kCountries},
    {71, true, "BR-CL-26", &codes::kIdentifierSchemes},
    {81, false, "BR-CL-16", &codes::kPaymentMeans},
    {95, false, "BR-CL-17", &codes::kVatCategories},
    {102, false, "BR-CL-17", &codes::kVatCategories},
    {151, false, "BR-CL-18", &codes::kVatCategories},
    {98, false, "BR-CL-19", &codes::kAllowanceReasons},
    {140, false, "BR-CL-19", &codes::kAllowanceReasons},
    {105, false, "BR-CL-20", &codes::kChargeReasons},
    {145, false, "BR-CL-20", &codes::kChargeReasons},
    {121, false, "BR-CL-22", &codes::kExemptionReasons},
    {125, true, "BR-CL-24", &codes::kFileTypes},
    {128, true, "BR-CL-07", &codes::kObjectSchemes},
    {130, false, "BR-CL-23", &codes::kUnits},
    {150, false, "BR-CL-23", &codes::kUnits},
    {157, true, "BR-CL-21", &codes::kIdentifierSchemes},
    {158, true, "BR-CL-13", &codes::kItemSchemes},
    {159, false, "BR-CL-15", &codes::kCountries},
};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::toupper(c)); });
  return text;
}

void report(Check& check, std::string_view rule, const std::string& code, const Term& term) {
  check.report(Severity::fatal, rule, "'" + code + "' steht nicht in der Codeliste", term);
}

void check_type(Check& check, const Term& type) {
  const bool is_invoice = codes::contains(codes::kInvoiceTypes, type.value);
  const bool is_credit_note = codes::contains(codes::kCreditNoteTypes, type.value);
  const bool fits = check.invoice.syntax == Syntax::ubl_invoice       ? is_invoice
                    : check.invoice.syntax == Syntax::ubl_credit_note ? is_credit_note
                                                                      : is_invoice || is_credit_note;
  if (!fits) report(check, "BR-CL-01", type.value, type);
}

/// In UBL the subject stands in front of the note and is judged where there is one of three letters.
void check_note_subject(Check& check, const Term& subject) {
  if (!codes::contains(codes::kNoteSubjects, subject.value))
    report(check, "BR-CL-08", subject.value, subject);
}

bool is_amount(int bt) {
  const TermInfo* info = term_info(bt);
  return info != nullptr && (info->kind == TermKind::amount || info->kind == TermKind::price);
}

}  // namespace

void check_codes(Check& check) {
  each_term(check.root, [&](const Group&, const Term& term) {
    if (term.number == 3) check_type(check, term);
    if (term.number == 21) check_note_subject(check, term);
    if (term.number == 8) {
      const auto& list = check.is_ubl ? codes::kTaxPointCodesUbl : codes::kTaxPointCodesCii;
      if (!codes::contains(list, term.value)) report(check, "BR-CL-06", term.value, term);
    }
    if (term.number == 118 && !codes::contains(codes::kVatCategories, term.value))
      report(check, check.is_ubl ? "BR-CL-17" : "BR-CL-18", term.value, term);
    if (is_plain_identifier(check, term) && !term.scheme.empty() &&
        !codes::contains(codes::kIdentifierSchemes, term.scheme))
      report(check, "BR-CL-11", term.scheme, term);
    if (is_amount(term.number) && (check.is_ubl || !term.scheme.empty()) && term.number != 9002 &&
        !codes::contains(codes::kCurrencies, term.scheme))
      report(check, "BR-CL-03", term.scheme, term);
    for (const CodeRule& rule : kRules) {
      if (rule.bt != term.number || (rule.of_scheme && term.scheme.empty())) continue;
      if (is_plain_identifier(check, term)) continue;
      std::string code = rule.of_scheme ? term.scheme : term.value;
      if (term.number == 121) code = upper(code);
      if (!codes::contains(*rule.list, code)) report(check, rule.rule, code, term);
    }
  });
}

}  // namespace mailroom::invoice::rules
