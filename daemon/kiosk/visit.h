#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/matters.h"
#include "daemon/config/kiosks.h"
#include "daemon/document/image.h"
#include "daemon/identity/identity_desk.h"
#include "daemon/kiosk/mailbox.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::kiosk {

/// One side of a proof as it was captured, and what was seen on it.
struct ScannedSide {
  int number = 0;  ///< within the visit, from 1; never used twice
  CapturedImage image;
  PageReport report;  ///< without words
};

/// What is on file already.
struct EarlierProof {
  archive::MatterProofRow row;
  std::string tracking;
};

enum class ProofState { open, scanning, scanned, earlier };

struct Proof {
  const MatterProof* asked = nullptr;
  ProofState state = ProofState::open;
  std::string fault = {};  ///< why the last scan ended early; empty: it did not
  std::vector<ScannedSide> sides = {};
  std::optional<EarlierProof> on_file = {};
};

enum class ReadingState { none, waiting_for_card, reading, done, failed };

/// How far the reading of the identity card is.
struct IdentityReading {
  ReadingState state = ReadingState::none;
  std::string step = {};
  std::string fault = {};
  std::optional<int> tries_left = {};
};

enum class PaymentState { none, due, running, paid, declined, aborted, unknown, later };

struct Payment {
  PaymentState state = PaymentState::none;
  std::string step = {};
  std::string text = {};  ///< of the terminal
  std::string reference = {};
};

/// What was looked up by its tracking number.
struct LookedUp {
  archive::MatterRow row;
  std::vector<OpenedReply> opened = {};
};

using Moment = std::chrono::steady_clock::time_point;

/// One citizen at a kiosk: everything that is known of them is in here, and goes with it. Belongs to its
/// Kiosk, which guards it.
struct Visit {
  std::string token;
  std::string language;
  const Matter* matter = nullptr;
  std::string consent_at = {};
  std::map<std::string, std::string> details = {};
  IdentityReading reading = {};
  std::optional<identity::SealedIdentity> identity = {};
  std::vector<Proof> proofs = {};
  drivers::DeviceInfo device = {};  ///< that scanned
  Payment payment = {};
  std::optional<archive::MatterRow> handed_in = {};  ///< kept; handed in once its payment is not due
  std::optional<LookedUp> looked_up = {};
  int next_side = 1;
  int extensions_left = 20;
  Moment touched = {};  ///< by the person
  Moment asked = {};    ///< by the screen

  [[nodiscard]] bool is_done() const {
    return handed_in && (payment.state == PaymentState::none || payment.state == PaymentState::paid ||
                         payment.state == PaymentState::later || payment.state == PaymentState::unknown);
  }
};

std::string_view name_of(ProofState state);
std::string_view name_of(ReadingState state);
std::string_view name_of(PaymentState state);

}  // namespace mailroom::kiosk
