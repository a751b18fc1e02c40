#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "drivers/card/eid/fault.h"
#include "drivers/card/eid/reading_mode.h"

/// What mailroomd and mailroom-card say to each other (docs/formats/helper-protocol.md, card messages).
namespace mailroom::card {

/// A reader and what lies on it.
struct CardSight {
  std::string reader;
  bool connected = false;  ///< the reader itself
  bool card = false;
  std::string atr = {};  ///< hexadecimal
  bool operator==(const CardSight&) const = default;
};

/// An order to read an identity.
struct ReadRequest {
  std::string reading;  ///< id of this reading, goes into the record
  std::string matter;   ///< what it is for: goes into the record, must hold no personal data
  ReadingMode mode = ReadingMode::kiosk;
  bool photo_compared = false;          ///< counter: staff say that they did
  std::vector<std::string> groups = {};  ///< by name
  std::optional<int> min_age = {};
  std::string community = {};  ///< municipality key to compare with, or empty
  bool pseudonym = false;
  std::string can = {};
  std::string pin = {};                      ///< builds for tests only
  std::vector<std::string> recipients = {};  ///< certificates in PEM the record is encrypted to
};

/// What leaves the process of a successful reading. Who it was is in `sealed` only.
struct SealedReading {
  std::string reading;
  std::string kind;       ///< name_of(CardKind)
  std::string mode;
  std::string assurance;
  std::string read_at;    ///< RFC 3339
  std::string terminal;   ///< holder reference of the certificate it was read with
  std::string authority;  ///< and its issuer
  std::string certificate_digest;  ///< SHA-256 of that certificate, hexadecimal
  std::string pseudonym = {};      ///< hexadecimal; empty when none was asked for
  std::optional<bool> old_enough = {};
  std::optional<bool> in_community = {};
  std::string record_digest;  ///< SHA-256 of the record before encryption, which holds a random salt
  int took_ms = 0;            ///< from the password to the data
  Bytes sealed = {};          ///< the record, CMS AuthEnvelopedData
};

/// The badge's answer to a challenge.
struct BadgeAnswer {
  std::string certificate;  ///< PEM
  std::string scheme;       ///< "ecdsa_plain" or "rsa_pkcs1"
  Bytes signature;
  std::string serial;       ///< of the token
};

namespace messages {

nlohmann::json to_json(const CardSight& sight);
Result<CardSight> sight_from(const nlohmann::json& body);

nlohmann::json to_json(const ReadRequest& request);
/// Errc::invalid_input names what is wrong.
Result<ReadRequest> read_request_from(const nlohmann::json& body);

nlohmann::json to_json(const SealedReading& reading);  ///< without `sealed`, which is the payload
Result<SealedReading> sealed_reading_from(const nlohmann::json& body);

nlohmann::json to_json(const EidError& error);
EidError error_from(const nlohmann::json& body);

}  // namespace messages
}  // namespace mailroom::card
