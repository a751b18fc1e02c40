#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/configuration.h"

namespace mailroom {

/// The same words in several languages, by BCP 47 or "leicht" for plain German; always has "de" and "en".
using Texts = std::map<std::string, std::string>;

/// A datum that is read from the identity card, and why.
struct MatterDatum {
  std::string group;  ///< of docs/formats/identity-record.md
  Texts why;
};

/// Something the citizen types.
struct MatterDetail {
  std::string id;
  Texts title;
  Texts hint;
  std::string example;
  std::string pattern;  ///< ECMAScript regular expression the whole value matches; empty: anything
  bool needed = true;
  bool digits = false;
};

/// A paper the citizen shows.
struct MatterProof {
  std::string id;
  Texts title;
  Texts hint;
  bool needed = true;
  int sides = 20;         ///< at most
  int valid_months = 12;  ///< so long it need not be shown again for the same matter; 0: each time
};

/// What a citizen can settle at a kiosk (Anliegen).
struct Matter {
  std::string id;
  Texts title;
  Texts text;
  std::string profile;  ///< one with the source "files": class, department and thereby the recipients
  std::vector<MatterDatum> reads;
  int min_age = 0;        ///< 0: not asked
  std::string community;  ///< municipality key the residence is compared with; empty: not asked
  std::vector<MatterDetail> details;
  std::vector<MatterProof> proofs;
  int fee_cents = 0;
  std::vector<std::string> ways_to_pay;  ///< of "card", "later"
  std::string account;                   ///< the seven or more digits a Kassenzeichen begins with
};

/// When a kiosk is open. Local time.
struct OpeningHours {
  std::vector<int> days;  ///< 1 Monday to 7 Sunday
  int from_minute = 0;    ///< of the day
  int to_minute = 24 * 60;
};

/// A kiosk (Bürgerterminal) and its devices.
struct KioskPlace {
  std::string id;
  Texts name;
  std::string station;   ///< looks after it: gets its calls for help
  std::string scanner;   ///< SANE name; empty: none
  std::string profile;   ///< how it scans
  std::string reader;    ///< PC/SC name; empty: none, or at `computer`
  std::string computer;  ///< of scan_computers.toml: has the card reader; empty: it is here
  std::string terminal;  ///< card terminal, "HOST:PORT"; empty: none
  std::vector<std::string> matters;
  std::vector<OpeningHours> hours;  ///< none: always
  int idle_seconds = 120;
};

/// Where the money goes that is paid by transfer.
struct PaymentAccount {
  std::string holder;
  std::string iban;
  std::string bic;
  std::string profile;  ///< one with the source "files" for records of payments; needed with a fee
};

/// What kiosks.toml and matters.toml say (docs/formats/configuration.md).
struct KioskConfiguration {
  std::string address = "127.0.0.1";
  int port = 8451;
  std::string certificate;  ///< PEM file in the identities folder; empty: no TLS, loopback only
  std::string key;
  std::vector<std::string> names;  ///< host names the kiosks reach it by
  std::filesystem::path
      terminal;  ///< folder of what the readers show to identity cards (docs/formats/card-terminal.md)
  PaymentAccount account;
  std::map<std::string, KioskPlace> places;
  std::map<std::string, Matter> matters;
};

/// Reads both files of the folder of configuration; no kiosks when there is no kiosks.toml.
/// Errc::invalid_input names file, line and key.
Result<KioskConfiguration> load_kiosks(const Configuration& configuration);

}  // namespace mailroom
