#include <array>
#include <string>
#include <utility>

#include "drivers/payment/zvt/messages.h"

/// The words for codes of ZVT.
namespace mailroom::payment::zvt {
namespace {

using Words = std::pair<std::uint8_t, std::string_view>;

constexpr std::array kResults = {
    Words{0x64, "Karte nicht lesbar"},
    Words{0x65, "Kartendaten nicht vorhanden"},
    Words{0x66, "Verarbeitungsfehler"},
    Words{0x67, "Funktion für diese Karte nicht erlaubt"},
    Words{0x68, "Funktion für diese Karte nicht erlaubt"},
    Words{0x6A, "Umsatzspeicher des Terminals voll"},
    Words{0x6B, "Funktion gesperrt, Terminal nicht angemeldet"},
    Words{0x6C, "Abbruch durch Zeitablauf oder Abbruchtaste"},
    Words{0x6E, "Karte gesperrt"},
    Words{0x6F, "Falsche Währung"},
    Words{0x71, "Guthaben nicht ausreichend"},
    Words{0x72, "Fehler im Chip der Karte"},
    Words{0x73, "Kartendaten fehlerhaft"},
    Words{0x77, "Kassenabschluss nicht möglich"},
    Words{0x78, "Karte abgelaufen"},
    Words{0x79, "Karte noch nicht gültig"},
    Words{0x7A, "Karte unbekannt"},
    Words{0x7D, "Keine Verbindung zum Netzbetreiber"},
    Words{0x83, "Funktion nicht möglich"},
    Words{0x85, "Schlüssel fehlt im Terminal"},
    Words{0x89, "PIN-Eingabe des Terminals gestört"},
    Words{0x9C, "Terminal beschäftigt, bitte warten"},
    Words{0xA0, "Terminal nicht bereit"},
    Words{0xA1, "Gegenstelle antwortet nicht"},
    Words{0xA3, "Keine Verbindung zum Netzbetreiber"},
    Words{0xB1, "Speicher des Terminals voll"},
    Words{0xB2, "Händlerjournal des Terminals voll"},
    Words{0xB4, "Bereits storniert"},
    Words{0xB5, "Storno nicht möglich"},
    Words{0xC2, "Diagnose des Terminals erforderlich"},
    Words{0xC3, "Höchstbetrag überschritten"},
    Words{0xC5, "Zahlungsart nicht unterstützt"},
    Words{0xC8, "Betrag zu klein"},
    Words{0xCC, "Drucker des Terminals nicht bereit"},
    Words{0xFF, "Systemfehler des Terminals"},
};

constexpr std::array kStates = {
    Words{0x51, "wartet auf Inbetriebnahme"},
    Words{0x62, "Datum oder Uhrzeit falsch"},
    Words{0x9C, "beschäftigt"},
    Words{0xB1, "Speicher voll"},
    Words{0xB2, "Händlerjournal voll"},
    Words{0xC2, "Diagnose erforderlich"},
    Words{0xCC, "Drucker nicht bereit"},
    Words{0xDC, "eine Karte steckt"},
    Words{0xDF, "außer Betrieb"},
    Words{0xE0, "Fernwartung"},
    Words{0xE1, "Karte nicht ganz entnommen"},
    Words{0xE2, "Kartenleser defekt"},
    Words{0xE3, "Verschluss geschlossen"},
};

using Step = std::pair<std::uint8_t, std::string_view>;

// PA00P015, table "Definition of <intermediate-status>"; 40 more means "and wait for the card's removal" and
// the like.
constexpr std::array kSteps = {
    Step{0x00, "confirm_amount"}, Step{0x01, "enter_pin"},    Step{0x02, "enter_pin"},
    Step{0x03, "declined"},       Step{0x07, "declined"},     Step{0x08, "declined"},
    Step{0x09, "declined"},       Step{0x0A, "insert_card"},  Step{0x0B, "remove_card"},
    Step{0x0C, "not_readable"},   Step{0x0D, "declined"},     Step{0x10, "declined"},
    Step{0x14, "declined"},       Step{0x15, "retry"},        Step{0x18, "declined"},
    Step{0x1C, "approved"},       Step{0x1D, "declined"},     Step{0x4A, "insert_card"},
    Step{0x4B, "remove_card"},    Step{0x4C, "not_readable"},
};

template <typename Table>
std::string_view find(const Table& table, std::uint8_t code) {
  for (const auto& [known, words] : table) {
    if (known == code) return words;
  }
  return {};
}

std::string in_hex(std::uint8_t code) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[code >> 4U], kDigits[code & 0x0FU]};
}

}  // namespace

std::string words_of_result(std::uint8_t code) {
  constexpr std::uint8_t kFirstOfTerminal = 0x64;  // below: codes of the network operator
  if (code == result_code::kGood) return {};
  const auto words = find(kResults, code);
  if (!words.empty()) return std::string(words);
  if (code < kFirstOfTerminal) return "Von der Bank der Karte abgelehnt (" + std::to_string(code) + ")";
  return "Vom Terminal abgelehnt (" + in_hex(code) + ")";
}

std::string words_of_state(std::uint8_t state) {
  const auto words = find(kStates, state);
  return words.empty() ? "Zustand " + in_hex(state) : std::string(words);
}

bool may_be_paying(std::uint8_t state) {
  return state == 0x9C || state == 0xDC || state == 0xE1;
}

std::string_view step_of(std::uint8_t code) {
  const auto step = find(kSteps, code);
  return step.empty() ? std::string_view("wait") : step;
}

}  // namespace mailroom::payment::zvt
