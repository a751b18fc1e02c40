#include "daemon/station/panel_words.h"

#include <array>
#include <string_view>

namespace mailroom::station {
namespace {

struct Row {
  std::string_view key;
  std::string_view de;
  std::string_view en;
};

constexpr std::array kHeadlines = {
    Row{"nobody", "Anmelden", "Log in"}, Row{"ready", "Bereit", "Ready"},
    Row{"feeding", "Läuft", "Feeding"},  Row{"paused", "Pause", "Paused"},
    Row{"fault", "Störung", "Fault"},    Row{"acknowledged", "Störung", "Fault"}};

constexpr std::array kHints = {
    Row{"nobody", "Bitte am Bildschirm anmelden und diesen Platz wählen",
        "Log in at the screen and choose this place"},
    Row{"badge", "Dienstausweis einlegen, dann Mitte; PIN am Kartenleser",
        "Insert your badge, then middle; PIN at the card reader"},
    Row{"typing", "PIN am Kartenleser eingeben", "Type your PIN at the card reader"},
    Row{"ready", "Papier, dann Mitte", "Paper, then middle"},
    Row{"feeding", "Mitte: anhalten", "Middle: pause"},
    Row{"acknowledged", "Mitte: weiter · ", "Middle: go on · "}};

constexpr std::array kRefusals = {Row{"nobody", "Niemand ist angemeldet", "Nobody is logged in"},
                                  Row{"not_now", "Taste galt nicht mehr", "Key was out of date"},
                                  Row{"too_old", "Taste zu alt, nicht ausgeführt: bitte noch einmal drücken",
                                      "Key too old, nothing was done: press again"},
                                  Row{"failed", "Ging nicht: siehe Bildschirm", "Failed: see the screen"}};

constexpr std::array kBadges = {
    Row{"welcome", "Angemeldet", "Logged in"},
    Row{"wrong", "Ausweis oder PIN stimmt nicht", "Badge or PIN is wrong"},
    Row{"wait", "Zu viele Versuche: bitte kurz warten", "Too many tries: wait a little"},
    Row{"failed", "Kein Ausweis gelesen: richtig einlegen, dann Mitte",
        "No badge was read: insert it, then middle"}};

struct StartRow {
  Errc code;
  std::string_view de;
  std::string_view en;
};
constexpr std::array kStarts = {
    StartRow{Errc::feeder_empty, "Der Einzug ist leer", "The feeder is empty"},
    StartRow{Errc::busy, "Der Scanner ist belegt", "The scanner is busy"},
    StartRow{Errc::disk_full, "Der Speicher ist voll", "The disk is full"},
    StartRow{Errc::paper_jam, "Papierstau: Klappe öffnen, Blatt herausnehmen",
             "Paper jam: open the cover, take it out"},
    StartRow{Errc::cover_open, "Die Klappe ist offen", "The cover is open"},
    StartRow{Errc::device_lost, "Der Scanner antwortet nicht: Kabel und Strom prüfen",
             "No answer from the scanner"},
    StartRow{Errc::not_found, "Der Scanner ist nicht da: Kabel und Strom prüfen",
             "The scanner is not there"}};

template <typename Rows>
std::string find(const Rows& rows, std::string_view key, bool german) {
  for (const auto& row : rows) {
    if (row.key == key) return std::string(german ? row.de : row.en);
  }
  return {};
}

}  // namespace

std::string PanelWords::headline(const std::string& situation) const {
  return find(kHeadlines, situation, german_);
}

std::string PanelWords::hint(const std::string& situation) const {
  return find(kHints, situation, german_);
}

std::string PanelWords::new_document(int sheet) const {
  return (german_ ? "Neu ab Blatt " : "New from sheet ") + std::to_string(sheet);
}

std::string PanelWords::fault(const nlohmann::json& fault) const {
  return fault.is_object() ? fault.value(german_ ? "text_de" : "text_en", "") : std::string();
}

std::string PanelWords::refusal(const std::string& outcome) const {
  return find(kRefusals, outcome, german_);
}

std::string PanelWords::badge(const std::string& outcome) const {
  return find(kBadges, outcome, german_);
}

std::string PanelWords::failed_start(Errc code) const {
  for (const auto& row : kStarts) {
    if (row.code == code) return std::string(german_ ? row.de : row.en);
  }
  return refusal("failed");
}

}  // namespace mailroom::station
