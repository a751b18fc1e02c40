#include "ocr/paper/sample_letters.h"

#include <array>
#include <chrono>

namespace mailroom::ocr {
namespace {

using Kind = Block::Kind;

void append_lines(std::vector<Block>& blocks, Kind kind, const std::vector<std::string>& lines, double gap) {
  for (const auto& line : lines) {
    blocks.push_back({kind, line, {}, gap});
    gap = 0;
  }
}

std::vector<Block> opening(const std::vector<std::string>& sender, const std::vector<std::string>& addressee,
                           const std::string& date, const std::string& subject) {
  std::vector<Block> blocks;
  append_lines(blocks, Kind::small, sender, 0);
  append_lines(blocks, Kind::plain, addressee, 14);
  blocks.push_back({Kind::right, date, {}, 10});
  blocks.push_back({Kind::subject, subject, {}, 8});
  return blocks;
}

void append_paragraphs(std::vector<Block>& blocks, const std::vector<std::string>& paragraphs,
                       double first_gap = 4) {
  double gap = first_gap;
  for (const auto& paragraph : paragraphs) {
    blocks.push_back({Kind::paragraph, paragraph, {}, gap});
    gap = 3;
  }
}

void append_closing(std::vector<Block>& blocks, const std::string& name,
                    const std::vector<std::string>& enclosures) {
  blocks.push_back({Kind::plain, "Mit freundlichen Grüßen", {}, 6});
  blocks.push_back({Kind::signature, {}, {}, 2});
  blocks.push_back({Kind::plain, name, {}, 2});
  append_lines(blocks, Kind::plain, enclosures, 8);
}

std::vector<Block> continuation(const std::string& heading) {
  return {{Kind::small, heading, {}, 0}};
}

std::chrono::sys_days day_of(const std::string& iso) {
  return std::chrono::year_month_day(std::chrono::year(std::stoi(iso.substr(0, 4))),
                                     std::chrono::month(unsigned(std::stoi(iso.substr(5, 2)))),
                                     std::chrono::day(unsigned(std::stoi(iso.substr(8, 2)))));
}

std::string german(std::chrono::sys_days day) {
  static constexpr std::array<const char*, 12> kMonths{"Januar",    "Februar", "März",     "April",
                                                       "Mai",       "Juni",    "Juli",     "August",
                                                       "September", "Oktober", "November", "Dezember"};
  const std::chrono::year_month_day date(day);
  return std::to_string(unsigned(date.day())) + ". " + kMonths[unsigned(date.month()) - 1] + " " +
         std::to_string(int(date.year()));
}

}  // namespace

std::vector<LetterPage> parking_letter() {
  LetterPage first{
      opening({"Annegret Süßmilch", "Lindenstraße 14", "35999 Lahnfels"},
              {"Stadtverwaltung Lahnfels", "Bürgerbüro", "Rathausplatz 1", "35999 Lahnfels"},
              "Lahnfels, den 12. November 2026", "Antrag auf einen Bewohnerparkausweis für die Altstadt"),
      false, 12};
  append_paragraphs(
      first.blocks,
      {"Sehr geehrte Damen und Herren,",
       "hiermit beantrage ich einen Bewohnerparkausweis für die Parkzone Altstadt. Seit dem 1. Oktober "
       "2026 wohne ich mit meinem Mann und unseren beiden Kindern in der Lindenstraße 14. Die Ummeldung "
       "habe ich in Ihrem Hause am 5. Oktober vorgenommen, die Bestätigung liegt in Kopie bei.",
       "Unser Fahrzeug ist ein grauer Kombi mit dem Kennzeichen LF-AS 472. Es ist auf meinen Namen "
       "zugelassen. Eine Garage oder ein Stellplatz gehört nicht zur Wohnung; der Vermieter hat dies "
       "auf der zweiten Seite des Mietvertrags ausdrücklich bestätigt.",
       "Bisher stellen wir das Auto am Flussufer ab. Von dort sind es fast fünfzehn Minuten zu Fuß. "
       "Mit Einkäufen und einem Kleinkind ist das besonders bei Schnee und Glätte beschwerlich. In den "
       "vergangenen Wochen war der Platz außerdem zweimal wegen Hochwassers gesperrt.",
       "Die Gebühr von 30,70 Euro für das erste Jahr überweise ich, sobald mir Ihr Bescheid mit dem "
       "Kassenzeichen vorliegt. Falls Sie weitere Unterlagen benötigen, bin ich werktags ab 16 Uhr "
       "unter der Rufnummer 06999 471120 zu erreichen."});
  LetterPage second{continuation("Süßmilch, Bewohnerparkausweis, Seite 2"), false, 12};
  append_paragraphs(
      second.blocks,
      {"Zu den Fragen Ihres Merkblatts teile ich Ihnen Folgendes mit:",
       "Erstens: Ich bin mit Hauptwohnung in der Parkzone gemeldet. Eine Nebenwohnung besteht nicht mehr, "
       "die "
       "frühere Wohnung in Ödenbach wurde zum 30. September aufgegeben und ordnungsgemäß übergeben.",
       "Zweitens: Das Fahrzeug wird dauernd von mir genutzt. Mein Mann fährt mit dem Rad oder mit dem Bus "
       "zur "
       "Arbeit und besitzt kein eigenes Auto. Ein weiterer Ausweis wird deshalb nicht beantragt.",
       "Drittens: Wir würden gelegentlich gern das Fahrzeug meiner Mutter abstellen, die uns bei der "
       "Betreuung der "
       "Kinder unterstützt. Bitte teilen Sie mir mit, ob es dafür Besucherkarten gibt und was sie kosten."},
      8);
  LetterPage third{continuation("Süßmilch, Bewohnerparkausweis, Seite 3"), false, 12};
  append_paragraphs(
      third.blocks,
      {"Für eine zügige Bearbeitung wäre ich Ihnen dankbar, weil im Dezember der Weihnachtsmarkt "
       "beginnt und die Parkplätze am Ufer dann den Reisebussen vorbehalten sind. Sollte der Ausweis "
       "bis dahin nicht fertig sein, bitte ich um eine vorläufige Bescheinigung, die ich sichtbar "
       "hinter die Scheibe legen kann."},
      8);
  append_closing(third.blocks, "Annegret Süßmilch",
                 {"Anlagen: Meldebestätigung, Fahrzeugschein, Mietvertrag (Seiten 1 und 2)"});
  return {first, second, third};
}

std::vector<LetterPage> certificate_letter() {
  LetterPage first{opening({"Jörg Wäschenbach", "Am Mühlgraben 3", "35999 Lahnfels"},
                           {"Stadt Lahnfels", "Bürgerbüro", "Rathausplatz 1", "35999 Lahnfels"},
                           "14. November 2026", "Meldebescheinigung und Beglaubigung meines Zeugnisses"),
                   true, 11};
  append_paragraphs(
      first.blocks,
      {"Guten Tag,",
       "für meine Bewerbung an der Universität Göttingen benötige ich eine erweiterte "
       "Meldebescheinigung sowie zwei amtlich beglaubigte Abschriften meines Abiturzeugnisses. Die "
       "Universität nimmt nur Unterlagen an, die nicht älter als drei Monate sind.",
       "Ein Termin war auf Ihrer Internetseite in den nächsten vier Wochen leider nicht zu bekommen. "
       "Am Telefon wurde mir gesagt, dass ich die Bescheinigung schriftlich beantragen darf und für "
       "die Beglaubigung ohne Termin kommen kann, wenn ich das Original mitbringe.",
       "Ich würde am Donnerstag, dem 26. November, gegen 17 Uhr kommen. Bitte geben Sie mir kurz "
       "Bescheid, falls das nicht möglich ist."});
  append_closing(first.blocks, "Jörg Wäschenbach", {});
  LetterPage second{continuation("Anlage zum Schreiben vom 14. November 2026"), true, 11};
  append_paragraphs(
      second.blocks,
      {"Angaben für die Meldebescheinigung", "Familienname: Wäschenbach", "Vornamen: Jörg Matthias",
       "Geboren am 3. März 2007 in Weißenfels",
       "Anschrift: Am Mühlgraben 3, 35999 Lahnfels, dort gemeldet seit dem 15. August 2011",
       "Zweck: Vorlage bei der Universität Göttingen zur Einschreibung im Sommersemester 2027",
       "Die Gebühr von 9,00 Euro für die Bescheinigung und von 6,00 Euro je Beglaubigung zahle ich bei "
       "der Abholung. Mit der Übermittlung der Bescheinigung auf elektronischem Weg bin ich nicht "
       "einverstanden, weil die Universität ein gesiegeltes Papier verlangt."},
      8);
  return {first, second};
}

std::vector<LetterPage> noise_letter() {
  LetterPage page{opening({"Wilhelmine Großkreutz", "Färbergasse 8", "35999 Lahnfels"},
                          {"Stadtverwaltung Lahnfels", "Ordnungsamt", "Rathausplatz 1", "35999 Lahnfels"},
                          "Lahnfels, 13.11.2026", "Beschwerde über nächtlichen Lärm in der Färbergasse"),
                  false, 12};
  append_paragraphs(
      page.blocks,
      {"Sehr geehrte Frau Amtsleiterin,",
       "seit Anfang September wird in der Gaststätte im Haus Färbergasse 11 an jedem Wochenende bis "
       "weit nach Mitternacht laute Musik gespielt. Die Fenster zum Hof stehen dabei offen. In der "
       "Nacht vom 7. auf den 8. November habe ich um 2.40 Uhr die Polizei gerufen.",
       "Ich bin 81 Jahre alt und schlafe nach vorn hinaus. Auch die Familie im Erdgeschoss, deren Kinder "
       "früh zur Schule müssen, leidet darunter. Gespräche mit dem Wirt haben nichts geändert; er "
       "verweist auf eine Ausnahmegenehmigung, die er uns jedoch nicht zeigen möchte.",
       "Ich bitte Sie zu prüfen, ob eine solche Genehmigung besteht, und dafür zu sorgen, dass die "
       "Nachtruhe ab 22 Uhr eingehalten wird. Ein Lärmprotokoll über sechs Wochen kann ich vorlegen.",
       "Für einen Rückruf wäre ich dankbar. Bitte lassen Sie es lange läuten, denn ich brauche etwas, "
       "bis ich am Apparat bin."});
  append_closing(page.blocks, "Wilhelmine Großkreutz", {});
  return {page};
}

std::vector<LetterPage> danger_letter() {
  LetterPage first{
      opening({"Hausverwaltung Brückner und Söhne", "Obere Marktstraße 22", "35999 Lahnfels"},
              {"Stadtverwaltung Lahnfels", "Ordnungsamt", "Rathausplatz 1", "35999 Lahnfels"},
              "Lahnfels, den 16. November 2026", "Eilt: Einsturzgefahr der Stützmauer am Kirchsteig"),
      false, 12};
  append_paragraphs(
      first.blocks,
      {"Sehr geehrte Damen und Herren,",
       "bei der Begehung unseres Grundstücks Kirchsteig 5 haben wir heute um 8.15 Uhr festgestellt, "
       "dass sich die Stützmauer zum öffentlichen Fußweg auf einer Länge von etwa zwölf Metern nach "
       "außen neigt. Gegenüber der Messung vom März beträgt die Abweichung 14 Zentimeter.",
       "Nach den Regenfällen der letzten Tage tritt an drei Stellen Wasser aus den Fugen. Einzelne "
       "Steine haben sich bereits gelöst und liegen auf dem Weg, den täglich über hundert Kinder der "
       "Grundschule benutzen.",
       "Wir haben den Bereich auf unserem Grundstück mit Bauzäunen gesichert. Auf dem öffentlichen Weg "
       "dürfen wir jedoch nicht absperren. Wir bitten Sie deshalb dringend, den Kirchsteig noch heute "
       "zu sperren und die Bauaufsicht hinzuzuziehen.",
       "Der Statiker, Herr Dipl.-Ing. Körbächer, kann ab 14 Uhr vor Ort sein."});
  LetterPage second{continuation("Hausverwaltung Brückner und Söhne, Kirchsteig 5, Seite 2"), false, 12};
  append_paragraphs(
      second.blocks,
      {"Zum Ablauf schlagen wir vor: Die Mauer wird zunächst mit Schrägstützen gesichert. Danach wird "
       "das Erdreich hinter der Mauer auf einer Breite von zwei Metern abgetragen, damit der "
       "Wasserdruck nachlässt. Die Kosten der Sicherung übernehmen wir vorläufig und ohne Anerkennung "
       "einer Rechtspflicht.",
       "Die Eigentumsverhältnisse an der Mauer sind nach unseren Unterlagen ungeklärt. Im Grundbuch ist "
       "sie weder dem Grundstück noch dem Weg zugeordnet. Auch darüber möchten wir mit Ihnen sprechen, "
       "sobald die Gefahr abgewendet ist.",
       "Unser Bereitschaftsdienst ist Tag und Nacht unter 06999 800333 erreichbar."},
      8);
  append_closing(second.blocks, "Käthe Brückner, Geschäftsführerin", {"Anlage: keine"});
  return {first, second};
}

std::vector<LetterPage> invoice(const std::string& today, const std::string& number) {
  const auto issued = day_of(today) - std::chrono::days(5);
  LetterPage page{{}, false, 11};
  page.blocks = {{Kind::heading, "Gärtnerei Müßiggang GmbH", {}, 0},
                 {Kind::small, "Gewerbepark Süd 7, 35999 Lahnfels, Steuernummer 031 234 56789", {}, 1}};
  append_lines(page.blocks, Kind::plain,
               {"Universitätsstadt Marburg", "Fachdienst Finanzen", "Markt 1", "35037 Marburg"}, 14);
  page.blocks.push_back({Kind::right, "Lahnfels, den " + german(issued), {}, 8});
  page.blocks.push_back({Kind::heading, "Rechnung Nr. " + number, {}, 6});
  append_paragraphs(page.blocks,
                    {"Für die Pflege der Grünanlagen am Schlosspark und die Bepflanzung der Kübel vor dem "
                     "Rathaus im letzten Monat berechnen wir Ihnen:"});
  page.blocks.push_back({Kind::table_head, {}, {"Nr.", "Leistung", "Menge", "Einzelpreis", "Betrag"}, 6});
  const std::vector<std::vector<std::string>> rows{
      {"1", "Rasen mähen, 3 Durchgänge", "3", "240,00 €", "720,00 €"},
      {"2", "Hecken schneiden, laufende Meter", "85", "4,20 €", "357,00 €"},
      {"3", "Stiefmütterchen, gemischt", "120", "1,15 €", "138,00 €"},
      {"4", "Kübel räumen und bepflanzen", "14", "22,50 €", "315,00 €"}};
  for (const auto& row : rows) page.blocks.push_back({Kind::table_row, {}, row, 1});
  page.blocks.push_back({Kind::table_row, {}, {"", "Summe netto", "", "", "1.530,00 €"}, 4});
  page.blocks.push_back({Kind::table_row, {}, {"", "Umsatzsteuer 19 %", "", "", "290,70 €"}, 1});
  page.blocks.push_back({Kind::table_total, {}, {"", "Rechnungsbetrag", "", "", "1.820,70 €"}, 1});
  append_paragraphs(
      page.blocks,
      {"Rechnungsnummer " + number + " vom " + german(issued) + ", zahlbar bis zum " +
           german(issued + std::chrono::days(30)) + " ohne Abzug.",
       "Bestellnummer: B-2026-00415. Wir danken für Ihren Auftrag und freuen uns auf die weitere "
       "Zusammenarbeit."},
      10);
  append_lines(page.blocks, Kind::plain, {"IBAN: DE89 3704 0044 0532 0130 00", "BIC: COBADEFFXXX"}, 8);
  return {page};
}

std::vector<LetterPage> personnel_letter() {
  LetterPage first{
      opening({"Birgül Özdemir-Förster", "Steinweg 31", "35999 Lahnfels"},
              {"Stadt Lahnfels", "Fachdienst Personal", "Vertraulich", "Rathausplatz 1", "35999 Lahnfels"},
              "15. November 2026", "Antrag auf Teilzeit während der Elternzeit"),
      true, 11};
  append_paragraphs(
      first.blocks,
      {"Sehr geehrter Herr Schäfer,",
       "wie besprochen beantrage ich, während meiner Elternzeit ab dem 1. März 2027 in Teilzeit mit 20 "
       "Stunden in der Woche zu arbeiten. Ich bin seit April 2019 als Sachbearbeiterin in der "
       "Stadtkasse beschäftigt.",
       "Die Arbeitszeit würde ich gern auf den Vormittag legen, von Montag bis Freitag jeweils von 8 "
       "bis 12 Uhr. Mit meiner Vorgesetzten habe ich dies abgestimmt; sie befürwortet den Antrag. An "
       "zwei Tagen könnte ich von zu Hause aus arbeiten.",
       "Die Betreuung unserer Tochter übernimmt in dieser Zeit mein Mann, der seine Arbeitszeit "
       "ebenfalls verringert. Ab September 2027 haben wir einen Platz in der Kindertagesstätte am "
       "Schlossberg zugesagt bekommen."});
  LetterPage second{continuation("Özdemir-Förster, Antrag auf Teilzeit, Seite 2"), true, 11};
  append_paragraphs(
      second.blocks,
      {"Bitte teilen Sie mir mit, wie sich die Teilzeit auf meine Jahressonderzahlung und auf die "
       "Zusatzversorgung auswirkt. Außerdem bitte ich um eine Bescheinigung über die Höhe des "
       "künftigen Entgelts, die ich der Elterngeldstelle vorlegen muss.",
       "Den noch offenen Erholungsurlaub von elf Tagen möchte ich vor Beginn der Elternzeit nehmen, "
       "sofern dienstliche Gründe nicht entgegenstehen."},
      8);
  append_closing(second.blocks, "Birgül Özdemir-Förster", {"Anlage: Geburtsurkunde in Kopie"});
  return {first, second};
}

}  // namespace mailroom::ocr
