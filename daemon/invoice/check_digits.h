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

/// How the house's Kassenzeichen end: every procedure has its own, so the configuration says which.
enum class VoucherCheck {
  none,
  mod10,  ///< Luhn, ISO/IEC 7812-1
  mod11,  ///< weights 2 to 7 from the right, round and round; a remainder of 1 is never given out
  mod97,  ///< two digits, ISO 7064 MOD 97-10
};

/// "mod10" and the like; anything else is none.
VoucherCheck voucher_check_from(std::string_view name);

/// A Kassenzeichen of 4 to 30 digits whose last digit, or two, hold by `check`; with `none` any is one.
bool is_voucher_number(std::string_view digits, VoucherCheck check);

}  // namespace mailroom::invoice
