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
    Words{"unreachable", "nicht erreichbar", "unreachable"},
    Words{"wrong_key", "fremder oder gefälschter Code", "foreign or forged code"},
    Words{"malformed", "unvollständiger Code", "malformed code"},
    Words{"not_read", "nicht gelesen", "not read"},
};

const Words* find(std::string_view value) {
  const auto found =
      std::find_if(kWords.begin(), kWords.end(), [&](const Words& words) { return words.value == value; });
  return found == kWords.end() ? nullptr : found;
}

}  // namespace

std::string german(std::string_view value) {
  const Words* words = find(value);
  return std::string(words != nullptr ? words->de : value);
}

std::string english(std::string_view value) {
  const Words* words = find(value);
  return std::string(words != nullptr ? words->en : value);
}

}  // namespace mailroom::assembly
