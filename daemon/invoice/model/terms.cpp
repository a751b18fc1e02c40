#include "daemon/invoice/model/terms.h"

#include <algorithm>
#include <charconv>

namespace mailroom::invoice {
namespace {

using K = TermKind;

constexpr int kExtension = 9000;  ///< the extension's BT-DEX-001 is 9001

constexpr TermInfo kTerms[] = {
    {1, 0, K::identifier, "Rechnungsnummer"},
    {2, 0, K::date, "Rechnungsdatum"},
    {3, 0, K::code, "Rechnungsart"},
    {5, 0, K::code, "Währung"},
    {6, 0, K::code, "Währung der Umsatzsteuer"},
    {7, 0, K::date, "Steuerdatum"},
    {8, 0, K::code, "Code für das Steuerdatum"},
    {9, 0, K::date, "Fälligkeitsdatum"},
    {10, 0, K::text, "Käuferreferenz (Leitweg-ID)"},
    {11, 0, K::identifier, "Projektnummer"},
    {12, 0, K::identifier, "Vertragsnummer"},
    {13, 0, K::identifier, "Bestellnummer"},
    {14, 0, K::identifier, "Auftragsnummer"},
    {15, 0, K::identifier, "Nummer der Empfangsbestätigung"},
    {16, 0, K::identifier, "Lieferscheinnummer"},
    {17, 0, K::identifier, "Vergabenummer"},
    {18, 0, K::identifier, "Kennung des abgerechneten Objekts"},
    {19, 0, K::text, "Buchungsreferenz des Käufers"},
    {20, 0, K::text, "Zahlungsbedingungen"},
    {21, 1, K::code, "Betreffcode der Bemerkung"},
    {22, 1, K::text, "Bemerkung"},
    {23, 2, K::text, "Geschäftsprozesstyp"},
    {24, 2, K::identifier, "Spezifikationskennung"},
    {25, 3, K::identifier, "Nummer der vorausgegangenen Rechnung"},
    {26, 3, K::date, "Datum der vorausgegangenen Rechnung"},
    {27, 4, K::text, "Name des Verkäufers"},
    {28, 4, K::text, "Handelsname des Verkäufers"},
    {29, 4, K::identifier, "Kennung des Verkäufers"},
    {30, 4, K::identifier, "Registernummer des Verkäufers"},
    {31, 4, K::identifier, "Umsatzsteuer-Identifikationsnummer des Verkäufers"},
    {32, 4, K::identifier, "Steuernummer des Verkäufers"},
    {33, 4, K::text, "Rechtliche Angaben des Verkäufers"},
    {34, 4, K::identifier, "Elektronische Adresse des Verkäufers"},
    {35, 5, K::text, "Straße des Verkäufers"},
    {36, 5, K::text, "Adresszusatz des Verkäufers"},
    {37, 5, K::text, "Ort des Verkäufers"},
    {38, 5, K::text, "Postleitzahl des Verkäufers"},
    {39, 5, K::text, "Region des Verkäufers"},
    {40, 5, K::code, "Land des Verkäufers"},
    {41, 6, K::text, "Ansprechpartner des Verkäufers"},
    {42, 6, K::text, "Telefon des Verkäufers"},
    {43, 6, K::text, "E-Mail-Adresse des Verkäufers"},
    {44, 7, K::text, "Name des Käufers"},
    {45, 7, K::text, "Handelsname des Käufers"},
    {46, 7, K::identifier, "Kennung des Käufers (Kundennummer)"},
    {47, 7, K::identifier, "Registernummer des Käufers"},
    {48, 7, K::identifier, "Umsatzsteuer-Identifikationsnummer des Käufers"},
    {49, 7, K::identifier, "Elektronische Adresse des Käufers"},
    {50, 8, K::text, "Straße des Käufers"},
    {51, 8, K::text, "Adresszusatz des Käufers"},
    {52, 8, K::text, "Ort des Käufers"},
    {53, 8, K::text, "Postleitzahl des Käufers"},
    {54, 8, K::text, "Region des Käufers"},
    {55, 8, K::code, "Land des Käufers"},
    {56, 9, K::text, "Ansprechpartner des Käufers"},
    {57, 9, K::text, "Telefon des Käufers"},
    {58, 9, K::text, "E-Mail-Adresse des Käufers"},
    {59, 10, K::text, "Name des Zahlungsempfängers"},
    {60, 10, K::identifier, "Kennung des Zahlungsempfängers"},
    {61, 10, K::identifier, "Registernummer des Zahlungsempfängers"},
    {62, 11, K::text, "Name des Steuervertreters"},
    {63, 11, K::identifier, "Umsatzsteuer-Identifikationsnummer des Steuervertreters"},
    {64, 12, K::text, "Straße des Steuervertreters"},
    {65, 12, K::text, "Adresszusatz des Steuervertreters"},
    {66, 12, K::text, "Ort des Steuervertreters"},
    {67, 12, K::text, "Postleitzahl des Steuervertreters"},
    {68, 12, K::text, "Region des Steuervertreters"},
    {69, 12, K::code, "Land des Steuervertreters"},
    {70, 13, K::text, "Name des Lieferempfängers"},
    {71, 13, K::identifier, "Kennung des Lieferorts"},
    {72, 13, K::date, "Lieferdatum"},
    {73, 14, K::date, "Beginn des Abrechnungszeitraums"},
    {74, 14, K::date, "Ende des Abrechnungszeitraums"},
    {75, 15, K::text, "Straße der Lieferanschrift"},
    {76, 15, K::text, "Adresszusatz der Lieferanschrift"},
    {77, 15, K::text, "Ort der Lieferanschrift"},
    {78, 15, K::text, "Postleitzahl der Lieferanschrift"},
    {79, 15, K::text, "Region der Lieferanschrift"},
    {80, 15, K::code, "Land der Lieferanschrift"},
    {81, 16, K::code, "Zahlungsart"},
    {82, 16, K::text, "Text zur Zahlungsart"},
    {83, 16, K::text, "Verwendungszweck"},
    {84, 17, K::identifier, "IBAN"},
    {85, 17, K::text, "Name des Zahlungskontos"},
    {86, 17, K::identifier, "BIC"},
    {87, 18, K::text, "Kartennummer"},
    {88, 18, K::text, "Karteninhaber"},
    {89, 19, K::identifier, "Mandatsreferenz"},
    {90, 19, K::identifier, "Gläubiger-Identifikationsnummer"},
    {91, 19, K::identifier, "Zu belastendes Konto"},
    {92, 20, K::amount, "Betrag des Nachlasses"},
    {93, 20, K::amount, "Grundbetrag des Nachlasses"},
    {94, 20, K::percent, "Prozentsatz des Nachlasses"},
    {95, 20, K::code, "Umsatzsteuerkategorie des Nachlasses"},
    {96, 20, K::percent, "Umsatzsteuersatz des Nachlasses"},
    {97, 20, K::text, "Grund des Nachlasses"},
    {98, 20, K::code, "Code für den Grund des Nachlasses"},
    {99, 21, K::amount, "Betrag des Zuschlags"},
    {100, 21, K::amount, "Grundbetrag des Zuschlags"},
    {101, 21, K::percent, "Prozentsatz des Zuschlags"},
    {102, 21, K::code, "Umsatzsteuerkategorie des Zuschlags"},
    {103, 21, K::percent, "Umsatzsteuersatz des Zuschlags"},
    {104, 21, K::text, "Grund des Zuschlags"},
    {105, 21, K::code, "Code für den Grund des Zuschlags"},
    {106, 22, K::amount, "Summe der Positionen"},
    {107, 22, K::amount, "Summe der Nachlässe"},
    {108, 22, K::amount, "Summe der Zuschläge"},
    {109, 22, K::amount, "Rechnungsbetrag ohne Umsatzsteuer"},
    {110, 22, K::amount, "Umsatzsteuer gesamt"},
    {111, 22, K::amount, "Umsatzsteuer gesamt in der Steuerwährung"},
    {112, 22, K::amount, "Rechnungsbetrag mit Umsatzsteuer"},
    {113, 22, K::amount, "Bereits gezahlter Betrag"},
    {114, 22, K::amount, "Rundungsbetrag"},
    {115, 22, K::amount, "Zahlbetrag"},
    {116, 23, K::amount, "Steuerbasisbetrag"},
    {117, 23, K::amount, "Steuerbetrag"},
    {118, 23, K::code, "Umsatzsteuerkategorie"},
    {119, 23, K::percent, "Umsatzsteuersatz"},
    {120, 23, K::text, "Grund der Steuerbefreiung"},
    {121, 23, K::code, "Code für den Grund der Steuerbefreiung"},
    {122, 24, K::identifier, "Kennung der Anlage"},
    {123, 24, K::text, "Beschreibung der Anlage"},
    {124, 24, K::text, "Ort der externen Anlage"},
    {125, 24, K::binary, "Eingebettete Anlage"},
    {126, 25, K::identifier, "Positionsnummer"},
    {127, 25, K::text, "Bemerkung zur Position"},
    {128, 25, K::identifier, "Kennung des Objekts der Position"},
    {129, 25, K::quantity, "Menge"},
    {130, 25, K::code, "Einheit"},
    {131, 25, K::amount, "Nettobetrag der Position"},
    {132, 25, K::identifier, "Bestellposition"},
    {133, 25, K::text, "Buchungsreferenz der Position"},
    {134, 26, K::date, "Beginn des Zeitraums der Position"},
    {135, 26, K::date, "Ende des Zeitraums der Position"},
    {136, 27, K::amount, "Betrag des Nachlasses der Position"},
    {137, 27, K::amount, "Grundbetrag des Nachlasses der Position"},
    {138, 27, K::percent, "Prozentsatz des Nachlasses der Position"},
    {139, 27, K::text, "Grund des Nachlasses der Position"},
    {140, 27, K::code, "Code für den Grund des Nachlasses der Position"},
    {141, 28, K::amount, "Betrag des Zuschlags der Position"},
    {142, 28, K::amount, "Grundbetrag des Zuschlags der Position"},
    {143, 28, K::percent, "Prozentsatz des Zuschlags der Position"},
    {144, 28, K::text, "Grund des Zuschlags der Position"},
    {145, 28, K::code, "Code für den Grund des Zuschlags der Position"},
    {146, 29, K::price, "Nettopreis"},
    {147, 29, K::price, "Preisnachlass"},
    {148, 29, K::price, "Bruttopreis"},
    {149, 29, K::quantity, "Basismenge des Preises"},
    {150, 29, K::code, "Einheit der Basismenge"},
    {151, 30, K::code, "Umsatzsteuerkategorie der Position"},
    {152, 30, K::percent, "Umsatzsteuersatz der Position"},
    {153, 31, K::text, "Artikelname"},
    {154, 31, K::text, "Artikelbeschreibung"},
    {155, 31, K::identifier, "Artikelnummer des Verkäufers"},
    {156, 31, K::identifier, "Artikelnummer des Käufers"},
    {157, 31, K::identifier, "Artikelnummer nach Standard"},
    {158, 31, K::code, "Artikelklassifizierung"},
    {159, 31, K::code, "Ursprungsland"},
    {160, 32, K::text, "Name der Artikeleigenschaft"},
    {161, 32, K::text, "Wert der Artikeleigenschaft"},
    {162, 5, K::text, "Adresszeile 3 des Verkäufers"},
    {163, 8, K::text, "Adresszeile 3 des Käufers"},
    {164, 12, K::text, "Adresszeile 3 des Steuervertreters"},
    {165, 15, K::text, "Adresszeile 3 der Lieferanschrift"},
    {9001, 9009, K::text, "Art der Fremdforderung"},
    {9002, 9009, K::amount, "Betrag der Fremdforderung"},
    {9004, 25, K::identifier, "Übergeordnete Position"},
    {9003, 9009, K::text, "Beschreibung der Fremdforderung"},
};

struct GroupInfo {
  int number;
  int parent;
  std::string_view name;
};

constexpr GroupInfo kGroups[] = {
    {1, 0, "Bemerkung zur Rechnung"},
    {2, 0, "Prozesssteuerung"},
    {3, 0, "Vorausgegangene Rechnung"},
    {4, 0, "Verkäufer"},
    {5, 4, "Anschrift des Verkäufers"},
    {6, 4, "Kontakt des Verkäufers"},
    {7, 0, "Käufer"},
    {8, 7, "Anschrift des Käufers"},
    {9, 7, "Kontakt des Käufers"},
    {10, 0, "Zahlungsempfänger"},
    {11, 0, "Steuervertreter des Verkäufers"},
    {12, 11, "Anschrift des Steuervertreters"},
    {13, 0, "Lieferung"},
    {14, 13, "Abrechnungszeitraum"},
    {15, 13, "Lieferanschrift"},
    {16, 0, "Zahlungsangaben"},
    {17, 16, "Überweisung"},
    {18, 16, "Kartenzahlung"},
    {19, 16, "Lastschrift"},
    {20, 0, "Nachlass"},
    {21, 0, "Zuschlag"},
    {22, 0, "Summen der Rechnung"},
    {23, 0, "Umsatzsteueraufschlüsselung"},
    {24, 0, "Rechnungsbegründende Unterlage"},
    {25, 0, "Rechnungsposition"},
    {26, 25, "Zeitraum der Position"},
    {27, 25, "Nachlass der Position"},
    {28, 25, "Zuschlag der Position"},
    {29, 25, "Preis der Position"},
    {30, 25, "Umsatzsteuer der Position"},
    {31, 25, "Artikel der Position"},
    {32, 31, "Artikeleigenschaft"},
    {9001, 25, "Unterposition"},
    {9009, 0, "Fremdforderung"},
};

const GroupInfo* group_info(int bg) {
  const auto* found = std::find_if(std::begin(kGroups), std::end(kGroups),
                                   [&](const auto& info) { return info.number == bg; });
  return found == std::end(kGroups) ? nullptr : found;
}

/// The number after `prefix`, 0 when `name` is something else.
int number_after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() && number < 1000 ? number : 0;
}

}  // namespace

const TermInfo* term_info(int bt) {
  const auto* found =
      std::find_if(std::begin(kTerms), std::end(kTerms), [&](const auto& info) { return info.number == bt; });
  return found == std::end(kTerms) ? nullptr : found;
}

std::string_view group_name(int bg) {
  const GroupInfo* info = group_info(bg);
  return info == nullptr ? std::string_view() : info->name;
}

std::vector<int> groups_around(int bt) {
  std::vector<int> path;
  const TermInfo* term = term_info(bt);
  int bg = term == nullptr ? 0 : term->group;
  while (const GroupInfo* group = group_info(bg)) {
    path.push_back(bg);
    bg = group->parent;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::string term_name(int bt) {
  if (bt <= kExtension) return "BT-" + std::to_string(bt);
  const std::string digits = std::to_string(bt - kExtension);
  return "BT-DEX-" + std::string(3 - digits.size(), '0') + digits;
}

std::string group_id(int bg) {
  if (bg <= kExtension) return "BG-" + std::to_string(bg);
  return "BG-DEX-0" + std::to_string(bg - kExtension);
}

int term_number(std::string_view name) {
  if (const int extension = number_after(name, "BT-DEX-")) return kExtension + extension;
  return number_after(name, "BT-");
}

int group_number(std::string_view name) {
  if (const int extension = number_after(name, "BG-DEX-")) return kExtension + extension;
  return number_after(name, "BG-");
}

std::string term_label(int bt) {
  const TermInfo* info = term_info(bt);
  return term_name(bt) + (info == nullptr ? "" : " " + std::string(info->name));
}

std::string group_label(int bg) {
  return group_id(bg) + " " + std::string(group_name(bg));
}

}  // namespace mailroom::invoice
