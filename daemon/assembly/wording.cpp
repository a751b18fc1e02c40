#include "daemon/assembly/wording.h"

#include <algorithm>
#include <array>

namespace mailroom::assembly {
namespace {

struct Words {
  std::string_view value;
  std::string_view de;
  std::string_view en;
};

constexpr std::array kWords = {
    Words{"front", "Vorderseite", "front"},
    Words{"back", "Rückseite", "back"},
    Words{"invalid_input", "ungültige Daten", "invalid data"},
    Words{"unsupported", "nicht unterstützt", "not supported"},
    Words{"not_found", "nicht gefunden", "not found"},
    Words{"busy", "belegt", "busy"},
    Words{"timed_out", "keine Antwort in der erlaubten Zeit", "no answer in time"},
    Words{"disk_full", "der Datenträger ist voll", "the disk is full"},
    Words{"io", "Ein- oder Ausgabefehler", "input or output error"},
    Words{"corrupt", "beschädigt", "damaged"},
    Words{"refused", "außerhalb der erlaubten Grenzen", "beyond the limits"},
    Words{"crashed", "das Programm brach ab", "the program died"},
    Words{"cancelled", "abgebrochen", "cancelled"},
    Words{"paper_jam", "Papierstau", "paper jam"},
    Words{"double_feed", "Doppeleinzug", "double feed"},
    Words{"cover_open", "Klappe offen", "cover open"},
    Words{"feeder_empty", "Einzug leer", "feeder empty"},
    Words{"device_lost", "Scanner nicht erreichbar", "scanner lost"},
    Words{"out_of_paper", "kein Papier im Einzug", "no paper in the feeder"},
    Words{"stop_button", "Stopp am Scanner gedrückt", "stop pressed at the scanner"},
    Words{"staple", "Heftklammer", "staple"},
    Words{"no_ink", "keine Tinte im Aufdrucker", "endorser out of ink"},
    Words{"driver_crashed", "Treiber abgestürzt", "driver crashed"},
    Words{"no_progress", "Scanner kam nicht weiter", "scanner made no progress"},
    Words{"short_side", "Seite kam nur zum Teil an", "side came short"},
    Words{"damaged_image", "Bild beschädigt", "image damaged"},
    Words{"device_error", "Gerätefehler", "device error"},
    Words{"not_stored", "nicht gesichert", "not stored"},
    Words{"unreachable", "nicht erreichbar", "unreachable"},
    Words{"wrong_key", "fremder oder gefälschter Code", "foreign or forged code"},
    Words{"malformed", "unvollständiger Code", "malformed code"},
    Words{"not_read", "nicht gelesen", "not read"},
    Words{"credit_note", "Gutschrift oder Korrektur", "credit note"},
    Words{"reminder", "Mahnung", "reminder"},
    Words{"offer", "Angebot", "offer"},
    Words{"delivery_note", "Lieferschein", "delivery note"},
    Words{"order_confirmation", "Auftragsbestätigung", "order confirmation"},
    Words{"statement", "Kontoauszug", "statement of account"},
    Words{"advertisement", "Werbung", "advertisement"},
    Words{"unknown", "nicht zu erkennen", "not to be told"},
    Words{"invoice_number", "Rechnungsnummer", "invoice number"},
    Words{"invoice_date", "Rechnungsdatum", "invoice date"},
    Words{"net_amount", "Nettobetrag", "net amount"},
    Words{"vat_amount", "Umsatzsteuer", "VAT"},
    Words{"gross_amount", "Bruttobetrag", "gross amount"},
    Words{"currency", "Währung", "currency"},
    Words{"iban", "IBAN", "IBAN"},
    Words{"seller_vat_id", "USt-IdNr.", "VAT id"},
    Words{"seller_tax_number", "Steuernummer", "tax number"},
    Words{"voucher_number", "Kassenzeichen", "Kassenzeichen"},
};

const Words* find(std::string_view value) {
  const auto found =
      std::find_if(kWords.begin(), kWords.end(), [&](const Words& words) { return words.value == value; });
  return found == kWords.end() ? nullptr : found;
}

/// A list such as "iban, currency" is put into words when each of its items is known.
std::string in_words(std::string_view value, std::string_view Words::*language) {
  std::string text;
  for (std::string_view rest = value; !rest.empty();) {
    const auto end = rest.find(", ");
    const Words* words = find(rest.substr(0, end));
    if (words == nullptr) return std::string(value);
    text += (text.empty() ? "" : ", ") + std::string(words->*language);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
  }
  return text;
}

/// "119.00"
bool is_amount(std::string_view value) {
  const auto point = value.find('.');
  return point != std::string_view::npos && point > 0 && value.size() == point + 3 &&
         value.find_first_not_of("0123456789.") == std::string_view::npos && value.rfind('.') == point;
}

}  // namespace

std::string german(std::string_view value) {
  std::string words = in_words(value, &Words::de);
  if (is_amount(words)) words[words.size() - 3] = ',';
  return words;
}

std::string english(std::string_view value) {
  return in_words(value, &Words::en);
}

}  // namespace mailroom::assembly
