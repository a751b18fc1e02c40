#pragma once

#include <string_view>

/// Codes that prove themselves. All take the code without spaces, letters large, and are false for
/// everything that is not of the code's form.
namespace mailroom::invoice {

/// ISO 13616-1: country, two check digits, account; modulus 97 of ISO 7064 and, where the country is
/// known, its length.
bool is_iban(std::string_view iban);

/// A VAT identification number. German ones by their check digit (ISO 7064 MOD 11,10), those of other
/// countries by their form alone.
bool is_vat_id(std::string_view vat_id);

/// Leitweg-ID: coarse part, optional fine part, two check digits, parted by `-`; modulus 97 over the
/// characters without `-`. Source: Formatspezifikation Leitweg-ID 2.0.2 §2.
bool is_leitweg_id(std::string_view id);

/// Creditor reference "RF.." (ISO 11649).
bool is_creditor_reference(std::string_view reference);

}  // namespace mailroom::invoice
