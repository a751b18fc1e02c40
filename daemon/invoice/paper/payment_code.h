#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/document/page_report.h"

namespace mailroom::invoice {

/// What a printed payment code asks to be paid.
struct PaymentCode {
  enum class Kind { giro_code, swiss_qr };
  Kind kind = Kind::giro_code;
  std::string name;      ///< of the payee, UTF-8
  std::string iban;      ///< without spaces
  std::string bic;       ///< may be empty
  std::string currency;  ///< "EUR", "CHF"
  std::optional<std::int64_t> cents = {};
  std::string reference;  ///< structured: RF or QRR
  std::string text;       ///< free text for the payee
  std::string page;       ///< page id
  Box box;

  [[nodiscard]] bool operator==(const PaymentCode& other) const {
    return iban == other.iban && cents == other.cents && currency == other.currency;
  }
};

/// Reads the bytes of a code; empty when it is no payment code. Bytes that are UTF-8 are UTF-8, whatever
/// character set they claim; else Latin-1. Sources: EPC069-12 version 2.1 (GiroCode), SIX Swiss
/// Implementation Guidelines QR-bill 2.2 §4.
std::optional<PaymentCode> read_payment_code(const Code& code);

}  // namespace mailroom::invoice
