#include "daemon/app/procedure.h"

#include "ocr/paper/text_document.h"

namespace mailroom::app {
namespace {

using Kind = ocr::TextBlock::Kind;

/// Collects the blocks of the document.
class Writing {
 public:
  void title(const std::string& words) { blocks.push_back({Kind::title, words}); }
  void heading(const std::string& words) {
    blocks.push_back({Kind::heading, std::to_string(++number_) + " " + words});
  }
  void say(const std::string& words) { blocks.push_back({Kind::paragraph, words}); }
  void item(const std::string& words) { blocks.push_back({Kind::item, words}); }

  std::vector<ocr::TextBlock> blocks;

 private:
  int number_ = 0;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

const char* german(Originals originals) {
  switch (originals) {
    case Originals::destroy: return "werden vernichtet";
    case Originals::keep: return "werden aufbewahrt";
    case Originals::forward: return "werden weitergeleitet";
    case Originals::give_back: return "gehen an den Absender zurück";
  }
  return "";
}

const char* german(Gate gate) {
  switch (gate) {
    case Gate::none: return "keine Sichtung verlangt";
    case Gate::review: return "eine Person prüft Art, Amt und Vollständigkeit";
    case Gate::quality_control: return "jedes Bild wird mit dem Papier verglichen";
  }
  return "";
}

std::string german_counting(const std::string& counting) {
  if (counting == "declared") return "die angegebene Zahl der Blätter";
  if (counting == "device_counter") return "das Zählwerk des Scanners oder die angegebene Zahl";
  if (counting == "feeder_empty") return "den leeren Einzug am Ende, das Zählwerk oder die angegebene Zahl";
  return "Nachzählen durch eine Person";
}

void write_beginning(Writing& text, const Configuration& c, Timestamp now) {
  text.title("Verfahrensdokumentation: ersetzendes Scannen");
  text.say(c.organisation + ", Poststelle. Erzeugt am " + to_iso_date(now) +
           " aus der laufenden Konfiguration. Grundlage: BSI TR-03138 (RESISCAN) 1.5, A.G.1.");
  text.say("Fassung der Konfiguration (SHA-256): " + c.digest + ". Software: mailroom " MAILROOM_VERSION ".");
  text.heading("Gegenstand");
  text.say(
      "Papierpost wird am Arbeitsplatz gescannt, zu Dokumenten zusammengestellt, geprüft, mit "
      "Transfervermerk "
      "versiegelt und an die Fachverfahren zugestellt. Ein Dokument gilt erst als zugestellt, wenn das "
      "empfangende System die Prüfsummen aller Inhalte selbst berechnet und zurückgemeldet hat.");
  text.say(
      "Nicht verarbeitet werden Sendungen, die die Poststelle nicht öffnen darf; von ihnen wird nur der "
      "Umschlag "
      "erfasst, das Papier wird weitergeleitet.");
}

void write_people(Writing& text) {
  text.heading("Rollen");
  text.item("Bearbeitung: scannt, ordnet, bestätigt Dokumente und beantwortet Klärfälle.");
  text.item(
      "Qualitätskontrolle: prüft Stichproben und Dokumentarten mit Sichtprüfung, in der Regel eine andere "
      "Person "
      "als die am Scanner; gibt Kartons zur Vernichtung frei.");
  text.item("Administration: verwaltet Geräte, Personen und Konfiguration, sieht keine Inhalte.");
  text.item("Revision: liest Dokumente, Protokoll und Kennzahlen.");
  text.say(
      "Rechte gelten je Rolle, Dokumentart, Amt und Arbeitsplatz. Bis ein Stapel gelesen ist, gilt der "
      "Schutz "
      "seines Profils. Jede Anmeldung und jede Ablehnung wird protokolliert. Auswertungen je Person gibt es "
      "nicht.");
}

void write_places(Writing& text, const Configuration& c) {
  text.heading("Arbeitsplätze und Scanprofile");
  for (const auto& [id, station] : c.stations)
    text.item("Arbeitsplatz " + station.name_de + " (" + id + "): Scanner " + station.scanner + ".");
  for (const auto& [id, profile] : c.profiles) {
    text.item("Profil " + profile.name_de + " (" + id + "): " + std::to_string(profile.dpi) + " dpi, " +
              profile.mode + ", " + profile.source + ", Dokumentart " + profile.document_class + ", Amt " +
              profile.department + ". Vollständigkeit durch " + german_counting(profile.counting) + ".");
  }
}

void write_classes(Writing& text, const Configuration& c) {
  text.heading("Dokumentarten, Schutzbedarf und Aufbewahrung");
  for (const auto& [id, item] : c.classes) {
    const bool high = item.confidentiality == Confidentiality::high;
    std::string sample = item.gate == Gate::quality_control ? "100" : std::to_string(item.quality_percent);
    text.item(item.name_de + " (" + id + "): Vertraulichkeit " + (high ? "hoch" : "normal") + "; " +
              german(item.gate) + "; Stichprobe " + sample + " %" +
              (item.quality_other_person ? " durch eine andere Person" : "") + "; Empfänger " +
              joined(item.recipients) + "; Aufbewahrung " + std::to_string(item.retention_years) +
              " Jahre; Originale " + german(item.originals) + "; Arbeitskopien " +
              std::to_string(item.working_copy_days) + " Tage nach der letzten Quittung.");
  }
}

void write_way(Writing& text) {
  text.heading("Ablauf");
  text.item(
      "Erfassen: jede Seite wird einmal kodiert (Graustufen und Farbe als JPEG, bitonal als CCITT Gruppe 4, "
      "nie "
      "mit Symbolkodierung) und ist das unveränderliche Original; ihre Prüfsumme steht im Transfervermerk.");
  text.item(
      "Lesen: Leerseiten, Lage, Codes und Text werden erkannt. Leerseiten, Trennblätter und Kopien werden "
      "zurückgestellt, nicht gelöscht.");
  text.item(
      "Zusammenstellen: Trennblätter mit Echtheitskennzeichen trennen; jede Unsicherheit hält den Stapel als "
      "Klärfall an. Änderungen durch Personen werden aufgezeichnet und sind bis zur Freigabe rücknehmbar.");
  text.item(
      "Freigabe: erst wenn die Blätter aufgehen, kein Klärfall offen ist und Sichtung und Qualitätskontrolle "
      "der "
      "Dokumentart bestanden sind.");
  text.item(
      "Versiegeln: PDF/A-2b mit genau den erfassten Bildern, Transfervermerk mit Signatur des Systems "
      "(CMS).");
  text.item("Zustellen: bis zur Quittung des Empfängers; Rückgaben werden Klärfälle.");
}

void write_rest(Writing& text, const Configuration& c) {
  text.heading("Vernichtung der Originale");
  text.say(
      "Kartons mit dem Verbleib Vernichten dürfen vernichtet werden, wenn alle Dokumente quittiert sind, "
      "kein "
      "Klärfall offen ist, danach eine Datensicherung fertig wurde und " +
      std::to_string(c.limits.box_waiting_days) +
      " Tage seit der letzten Quittung vergangen sind. Festgehalten werden zwei Personen, Zeitpunkt, "
      "Schutzklasse und "
      "Sicherheitsstufe nach ISO/IEC 21964.");
  text.heading("Protokoll und Nachweis");
  text.say(
      "Das Protokoll ist verkettet und nur ergänzbar; Empfänger bezeugen seinen Stand mit jeder Zustellung. "
      "mailroomctl verify prüft Kette, Signaturen, Prüfsummen und Bestand.");
  text.heading("Von der Stadt zu regeln");
  text.say(
      "Nicht aus der Konfiguration ableitbar und daher in der Dienstanweisung festzulegen: Unterweisung und "
      "Vertretung, Wartung und Abnahme der Scanner nach Reparatur, Zutritt zu den Räumen, Aufbewahrung und "
      "Entsorgung der Kartons, Verfahren in Zweifelsfällen außerhalb des Systems.");
}

}  // namespace

Result<Bytes> procedure_pdf(const Configuration& configuration, Timestamp now) {
  Writing text;
  write_beginning(text, configuration, now);
  write_people(text);
  write_places(text, configuration);
  write_classes(text, configuration);
  write_way(text);
  write_rest(text, configuration);
  return ocr::text_document_pdf(text.blocks, "Verfahrensdokumentation",
                                configuration.organisation + ", " + to_iso_date(now) + ", Konfiguration " +
                                    configuration.digest.substr(0, 12));
}

}  // namespace mailroom::app
