#pragma once

#include <string_view>

/// The code lists that EN 16931 points to, in the edition that the CEN rules 1.3.16 use. Each is one text of
/// codes with a space before and after every code.
namespace mailroom::invoice::codes {

extern const std::string_view kInvoiceTypes;       ///< UNTDID 1001, documents that are invoices
extern const std::string_view kCreditNoteTypes;    ///< UNTDID 1001, documents that are credit notes
extern const std::string_view kCurrencies;         ///< ISO 4217
extern const std::string_view kTaxPointCodesUbl;   ///< UNTDID 2005, a choice
extern const std::string_view kTaxPointCodesCii;   ///< UNTDID 2475, a choice
extern const std::string_view kObjectSchemes;      ///< UNTDID 1153
extern const std::string_view kNoteSubjects;       ///< UNTDID 4451
extern const std::string_view kIdentifierSchemes;  ///< ISO 6523 ICD
extern const std::string_view kItemSchemes;        ///< UNTDID 7143
extern const std::string_view kCountries;          ///< ISO 3166-1
extern const std::string_view kPaymentMeans;       ///< UNTDID 4461
extern const std::string_view kVatCategories;      ///< UNTDID 5305, a choice
extern const std::string_view kAllowanceReasons;   ///< UNTDID 5189, a choice
extern const std::string_view kChargeReasons;      ///< UNTDID 7161
extern const std::string_view kExemptionReasons;   ///< CEF VATEX
extern const std::string_view kUnits;              ///< UN/ECE Recommendation 20 and 21
extern const std::string_view kFileTypes;          ///< what an attachment may be
extern const std::string_view kAddressSchemes;     ///< CEF EAS

/// True when `code` is one of `list`.
bool contains(std::string_view list, std::string_view code);

}  // namespace mailroom::invoice::codes
