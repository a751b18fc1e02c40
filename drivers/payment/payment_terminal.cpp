#include "drivers/payment/payment_terminal.h"

#include <array>
#include <utility>

namespace mailroom::payment {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kWords = {{
    {"confirm_amount", "Bitte den Betrag am Terminal bestätigen"},
    {"insert_card", "Bitte Karte einstecken oder auflegen"},
    {"enter_pin", "Bitte die Anzeige am Terminal beachten und die PIN eingeben"},
    {"wait", "Bitte warten"},
    {"remove_card", "Bitte Karte entnehmen"},
    {"not_readable", "Die Karte konnte nicht gelesen werden"},
    {"retry", "Falsche PIN, bitte noch einmal eingeben"},
    {"approved", "Die Zahlung ist erfolgt"},
    {"declined", "Die Zahlung wurde abgelehnt"},
}};

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::paid: return "paid";
    case Outcome::declined: return "declined";
    case Outcome::aborted: return "aborted";
    case Outcome::unknown: return "unknown";
  }
  return "";
}

std::string_view name_of(AbortedBy who) {
  switch (who) {
    case AbortedBy::nobody: return "nobody";
    case AbortedBy::person: return "person";
    case AbortedBy::us: return "us";
  }
  return "";
}

std::string_view words_of(std::string_view step) {
  for (const auto& [name, words] : kWords) {
    if (name == step) return words;
  }
  return "";
}

}  // namespace mailroom::payment
