#include "drivers/card/eid/words.h"

#include <algorithm>
#include <iterator>

namespace mailroom::card {
namespace {

struct Entry {
  EidFault fault;
  const char* what[2];    // German, English
  const char* remedy[2];
};

constexpr Entry kEntries[] = {
    {EidFault::no_card,
     {"Es liegt kein Ausweis auf dem Lesegerät.", "There is no card on the reader."},
     {"Legen Sie Ihren Ausweis auf und lassen Sie ihn liegen.", "Put your card on the reader and leave it there."}},
    {EidFault::card_lost,
     {"Der Ausweis wurde zu früh weggenommen.", "The card was taken away too early."},
     {"Legen Sie ihn wieder auf und beginnen Sie neu. Es wurde nichts gespeichert.",
      "Put it back and begin again. Nothing was stored."}},
    {EidFault::not_an_eid_card,
     {"Diese Karte hat keine Online-Funktion, die hier bekannt ist.", "This card has no online function that is known here."},
     {"Nehmen Sie den Personalausweis, den Aufenthaltstitel oder die eID-Karte.",
      "Use a German identity card, a residence permit or an eID card for EU citizens."}},
    {EidFault::wrong_can,
     {"Die Zugangsnummer stimmt nicht.", "The card access number is wrong."},
     {"Sie steht mit sechs Ziffern rechts unten auf der Vorderseite.", "It is the six digits at the bottom right of the front."}},
    {EidFault::wrong_pin,
     {"Die PIN stimmt nicht.", "The PIN is wrong."},
     {"Geben Sie die sechsstellige PIN ein, die Sie selbst gewählt haben.", "Enter the six-digit PIN that you chose yourself."}},
    {EidFault::pin_suspended,
     {"Die PIN wurde zweimal falsch eingegeben. Ein Versuch ist übrig.", "The PIN was wrong twice. One try is left."},
     {"Geben Sie erst die Zugangsnummer (CAN) von der Vorderseite ein, dann die PIN.",
      "First enter the card access number (CAN) on the front, then the PIN."}},
    {EidFault::pin_blocked,
     {"Die PIN ist gesperrt.", "The PIN is blocked."},
     {"Mit der PUK aus Ihrem PIN-Brief heben Sie die Sperre auf, in der AusweisApp oder im Bürgerbüro.",
      "The PUK from your PIN letter unblocks it, in AusweisApp or at the citizens' office."}},
    {EidFault::pin_deactivated,
     {"Die Online-Funktion dieses Ausweises ist ausgeschaltet.", "The online function of this card is switched off."},
     {"Das Bürgerbüro schaltet sie kostenlos ein.", "The citizens' office switches it on free of charge."}},
    {EidFault::transport_pin,
     {"Das ist noch die fünfstellige PIN aus dem Brief.", "This is still the five-digit PIN from the letter."},
     {"Ersetzen Sie sie erst durch eine eigene sechsstellige PIN, in der AusweisApp oder im Bürgerbüro.",
      "First replace it by a six-digit PIN of your own, in AusweisApp or at the citizens' office."}},
    {EidFault::entry_cancelled,
     {"Die Eingabe wurde abgebrochen.", "The entry was cancelled."},
     {"Es wurde nichts gelesen. Sie können neu beginnen.", "Nothing was read. You may begin again."}},
    {EidFault::entry_timed_out,
     {"Es wurde nichts eingegeben.", "Nothing was entered."},
     {"Es wurde nichts gelesen. Sie können neu beginnen.", "Nothing was read. You may begin again."}},
    {EidFault::card_expired,
     {"Der Ausweis ist abgelaufen.", "The card has expired."},
     {"Einen neuen gibt es im Bürgerbüro.", "The citizens' office issues a new one."}},
    {EidFault::chip_not_genuine,
     {"Die Echtheit der Karte ließ sich nicht nachweisen.", "The card could not be proven genuine."},
     {"Es wurde nichts gelesen. Wenden Sie sich an das Bürgerbüro.", "Nothing was read. Please ask at the citizens' office."}},
};

constexpr Entry kReader = {EidFault::reader_lost,
                           {"Das Lesegerät antwortet nicht.", "The card reader does not answer."},
                           {"Wenden Sie sich an das Personal.", "Please ask the staff."}};
constexpr Entry kElse = {EidFault::malformed_answer,
                         {"Der Ausweis konnte nicht gelesen werden. Es wurde nichts gespeichert.",
                          "The card could not be read. Nothing was stored."},
                         {"Versuchen Sie es noch einmal; sonst hilft Ihnen das Personal.",
                          "Try once more; otherwise the staff will help you."}};

const Entry& entry_for(EidFault fault) {
  const auto* found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                   [&](const Entry& entry) { return entry.fault == fault; });
  if (found != std::end(kEntries)) return *found;
  switch (fault) {
    case EidFault::data_not_signed:
    case EidFault::signer_not_trusted:
    case EidFault::card_access_differs: return entry_for(EidFault::chip_not_genuine);
    case EidFault::reader_lost:
    case EidFault::reader_busy:
    case EidFault::keypad_needed:
    case EidFault::crashed:
    case EidFault::timed_out: return kReader;
    default: return kElse;
  }
}

std::string tries_left(int tries, Language language) {
  if (language == Language::german) return tries == 1 ? " Ein Versuch ist übrig." : " " + std::to_string(tries) + " Versuche sind übrig.";
  return tries == 1 ? " One try is left." : " " + std::to_string(tries) + " tries are left.";
}

}  // namespace

FaultWords words_for(EidFault fault, Language language, std::optional<int> tries) {
  const Entry& entry = entry_for(fault);
  const int column = language == Language::german ? 0 : 1;
  FaultWords words{entry.what[column], entry.remedy[column]};
  if (fault == EidFault::wrong_pin && tries) words.what += tries_left(*tries, language);
  return words;
}

}  // namespace mailroom::card
