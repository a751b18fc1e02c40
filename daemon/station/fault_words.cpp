#include "daemon/station/fault_words.h"

#include <array>

namespace mailroom::station {
namespace {

struct Words {
  std::string_view code;
  std::string_view picture;
  std::string_view de;
  std::string_view en;
};

/// `{}` stands for the sheet to feed next.
constexpr std::array kWords = {
    Words{"paper_jam", "jam",
          "Papierstau. Klappe öffnen, das Blatt herausnehmen und ab Blatt {} noch einmal einlegen.",
          "Paper jam. Open the cover, take the sheet out and feed again from sheet {}."},
    Words{"double_feed", "double_feed",
          "Zwei Blätter auf einmal. Das letzte aus dem Ausgabefach nehmen und ab Blatt {} noch einmal "
          "einlegen.",
          "Two sheets at once. Take the last one from the tray and feed again from sheet {}."},
    Words{"cover_open", "cover", "Die Klappe ist offen. Schließen und ab Blatt {} weiter einlegen.",
          "The cover is open. Close it and go on from sheet {}."},
    Words{"feeder_empty", "empty", "Der Einzug ist leer. Das Papier ab Blatt {} einlegen.",
          "The feeder is empty. Put the paper in from sheet {}."},
    Words{"device_lost", "lost",
          "Der Scanner antwortet nicht. Kabel und Strom prüfen, dann ab Blatt {} noch einmal einlegen.",
          "The scanner does not answer. Check cable and power, then feed again from sheet {}."},
    Words{
        "crashed", "restart",
        "Die Verbindung zum Scanner brach ab. Was noch im Ausgabefach ohne Bild liegt, ab Blatt {} einlegen.",
        "The connection to the scanner broke. Feed what lies in the tray without an image from sheet {}."},
    Words{"timed_out", "lost",
          "Der Scanner rührt sich nicht mehr. Aus- und einschalten, dann ab Blatt {} noch einmal einlegen.",
          "The scanner does not move any more. Switch it off and on, then feed again from sheet {}."},
    Words{"out_of_paper", "empty", "Der Einzug ist leer. Das Papier ab Blatt {} einlegen.",
          "The feeder is empty. Put the paper in from sheet {}."},
    Words{"stop_button", "stop",
          "Am Scanner wurde Stopp gedrückt; der Stapel ist noch nicht zu Ende. Ab Blatt {} geht es weiter.",
          "Stop was pressed at the scanner; the stack is not at its end. Go on from sheet {}."},
    Words{"paused", "stop", "Angehalten. Ab Blatt {} geht es weiter.", "Paused. Go on from sheet {}."},
    Words{"staple", "jam", "Eine Heftklammer wurde erkannt. Entfernen und ab Blatt {} noch einmal einlegen.",
          "A staple was found. Remove it and feed again from sheet {}."},
    Words{"no_ink", "stop", "Der Aufdrucker hat keine Tinte mehr. Patrone wechseln, dann weiter ab Blatt {}.",
          "The endorser is out of ink. Change the cartridge, then go on from sheet {}."},
    Words{
        "driver_crashed", "restart",
        "Die Verbindung zum Scanner brach ab. Was noch im Ausgabefach ohne Bild liegt, ab Blatt {} einlegen.",
        "The connection to the scanner broke. Feed what lies in the tray without an image from sheet {}."},
    Words{"no_progress", "lost",
          "Der Scanner rührt sich nicht mehr. Aus- und einschalten, dann ab Blatt {} noch einmal einlegen.",
          "The scanner does not move any more. Switch it off and on, then feed again from sheet {}."},
    Words{"short_side", "jam",
          "Eine Seite kam nur zum Teil an. Blatt {} liegt in der Ablage: wieder obenauf in den Einzug legen.",
          "Only a part of a side arrived. Sheet {} lies in the tray: put it back on top of the stack."},
    Words{"damaged_image", "jam",
          "Das Bild einer Seite ist beschädigt. Blatt {} liegt in der Ablage: wieder obenauf in den Einzug "
          "legen.",
          "The image of a side is damaged. Sheet {} lies in the tray: put it back on top of the stack."},
    Words{"device_error", "stop",
          "Der Scanner meldet einen Fehler. Seine Anzeige lesen, dann ab Blatt {} noch einmal einlegen.",
          "The scanner reports an error. Read its display, then feed again from sheet {}."},
    Words{"not_stored", "full",
          "Der Speicher ist voll. Bitte die Administration rufen; ab Blatt {} geht es weiter.",
          "The disk is full. Please call the administrator; go on from sheet {}."},
    Words{"disk_full", "full",
          "Der Speicher ist voll. Bitte die Administration rufen; ab Blatt {} geht es weiter.",
          "The disk is full. Please call the administrator; go on from sheet {}."},
};

std::string filled(std::string_view text, int sheet) {
  std::string out(text);
  const auto at = out.find("{}");
  if (at != std::string::npos) out.replace(at, 2, std::to_string(sheet));
  return out;
}

}  // namespace

nlohmann::json fault_json(const archive::Batch& batch) {
  if (batch.state != BatchState::interrupted) return nullptr;
  Words words{"", "stop", "Der Einzug wurde unterbrochen. Ab Blatt {} noch einmal einlegen.",
              "The feed was interrupted. Feed again from sheet {}."};
  for (const auto& known : kWords) {
    if (known.code == batch.feed_end) words = known;
  }
  const int sheet = batch.sheets + 1;
  return {{"code", batch.feed_end},
          {"text_de", filled(words.de, sheet)},
          {"text_en", filled(words.en, sheet)},
          {"sheet", sheet},
          {"picture", words.picture}};
}

}  // namespace mailroom::station
