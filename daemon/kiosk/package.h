#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/crypto/certificate.h"
#include "daemon/kiosk/visit.h"

namespace mailroom::kiosk {

/// Who hands a matter in where, for its package.
struct PackageFacts {
  std::string tracking;
  std::string organisation;
  std::string kiosk;  ///< id
  std::string scanner;
  std::string capture_mode;
  int capture_dpi = 0;
  Timestamp at{};
};

/// The digest of a proof: over those of its sides (docs/formats/matter.md).
std::string digest_of(const Proof& proof);

/// Everything of `visit` as the file that is delivered: a cover sheet that tells nothing about the person,
/// with the matter encrypted to `recipients` attached (docs/formats/matter.md). Reentrant.
Result<Bytes> make_package(const Visit& visit, const PackageFacts& facts,
                           std::span<const Certificate> recipients);

/// The receipt for the citizen as PDF.
Result<Bytes> make_receipt(const archive::MatterRow& row, const Matter& matter, const Payment& payment,
                           const PackageFacts& facts, const std::string& language);

/// The record of a payment as the file that is delivered to the payment system: a PDF for people with
/// `payment.json` attached.
Result<Bytes> make_payment_record(const nlohmann::json& record, const std::string& organisation);

/// "12,30"
std::string euros(int cents);

}  // namespace mailroom::kiosk
