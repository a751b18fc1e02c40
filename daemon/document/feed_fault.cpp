#include "daemon/document/feed_fault.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailroom {
namespace {

/// A kind of fault with what happened and what to do about it before the sheets go in again.
struct Entry {
  FaultKind kind;
  std::string_view name;
  std::string_view what_de;
  std::string_view remedy_de;
  std::string_view what_en;
  std::string_view remedy_en;
};

constexpr std::array kEntries = {
    Entry{FaultKind::paper_jam, "paper_jam", "Papierstau", "Klappe öffnen und das Papier herausnehmen.",
          "Paper jam", "Open the cover and take the paper out."},
    Entry{FaultKind::double_feed, "double_feed", "Doppeleinzug: mehr als ein Blatt auf einmal",
          "Die Blätter trennen und auffächern; auf Klammern und Haftnotizen achten.",
          "Double feed: more than one sheet at once",
          "Separate and fan the sheets; look for clips and notes."},
    Entry{FaultKind::cover_open, "cover_open", "Die Klappe ist offen", "Klappe schließen.",
          "The cover is open", "Close the cover."},
    Entry{FaultKind::out_of_paper, "out_of_paper", "Kein Papier im Einzug", "Papier einlegen.",
          "No paper in the feeder", "Put paper in."},
    Entry{FaultKind::stop_button, "stop_button",
          "Am Scanner wurde Stopp gedrückt; der Stapel ist noch nicht zu Ende", "Nichts zu beheben.",
          "Stop was pressed at the scanner; the stack is not at its end", "Nothing to repair."},
    Entry{FaultKind::staple, "staple", "Eine Heftklammer wurde erkannt", "Die Klammer entfernen.",
          "A staple was found", "Remove the staple."},
    Entry{FaultKind::no_ink, "no_ink", "Der Aufdrucker hat keine Tinte mehr", "Die Tintenpatrone wechseln.",
          "The endorser is out of ink", "Change the ink cartridge."},
    Entry{FaultKind::device_lost, "device_lost", "Der Scanner antwortet nicht mehr",
          "Strom, Kabel und Netz des Scanners prüfen.", "The scanner does not answer any more",
          "Check power, cable and network of the scanner."},
    Entry{FaultKind::driver_crashed, "driver_crashed", "Das Treiberprogramm des Scanners ist abgestürzt",
          "Geschieht es wieder: mit dem Modell des Scanners melden.", "The scanner's driver crashed",
          "If it happens again, report it with the scanner's model."},
    Entry{FaultKind::no_progress, "no_progress", "Der Scanner kam nicht weiter und wurde abgebrochen",
          "Den Scanner aus- und einschalten.", "The scanner made no progress and was ended",
          "Switch the scanner off and on."},
    Entry{FaultKind::short_side, "short_side", "Eine Seite kam nur zum Teil an",
          "Das Blatt auf Knicke und Risse ansehen.", "Only a part of a side arrived",
          "Look at the sheet for folds and tears."},
    Entry{FaultKind::damaged_image, "damaged_image", "Das Bild einer Seite ist beschädigt",
          "Das Blatt auf Knicke und Risse ansehen.", "The image of a side is damaged",
          "Look at the sheet for folds and tears."},
    Entry{FaultKind::device_error, "device_error", "Der Scanner meldet einen Fehler",
          "Die Anzeige am Scanner lesen; Kabel und Strom prüfen.", "The scanner reports an error",
          "Read the scanner's display; check cable and power."},
    Entry{FaultKind::not_stored, "not_stored", "Eine Seite konnte nicht gesichert werden",
          "Platz auf dem Datenträger schaffen.", "A side could not be stored",
          "Free space on the data disk."},
};

struct Whereabouts {
  PaperAt paper;
  std::string_view name;
  std::string_view de;
  std::string_view en;
};

constexpr std::array kWhereabouts = {
    Whereabouts{PaperAt::feeder, "feeder", "es liegt noch im Einzug", "it is still in the feeder"},
    Whereabouts{PaperAt::path, "path", "es steckt im Scanner", "it is inside the scanner"},
    Whereabouts{PaperAt::tray, "tray", "es liegt zuoberst in der Ablage",
                "it lies on top of the output tray"},
    Whereabouts{PaperAt::unknown, "unknown", "es kann im Einzug, im Scanner oder in der Ablage sein",
                "it may be in the feeder, inside the scanner or in the output tray"},
};

const Entry& entry_of(FaultKind kind) {
  return *std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& e) { return e.kind == kind; });
}

const Whereabouts& entry_of(PaperAt paper) {
  return *std::find_if(kWhereabouts.begin(), kWhereabouts.end(),
                       [&](const Whereabouts& w) { return w.paper == paper; });
}

/// "Papierstau (Blatt 7, Vorderseite: es steckt im Scanner)."
void add_place(const FeedFault& fault, FaultWords& words) {
  if (fault.sheet < 1) return;
  const std::string sheet = std::to_string(fault.sheet);
  const bool front = fault.side == Side::front;
  const Whereabouts& where = entry_of(fault.paper);
  words.what_de +=
      " (Blatt " + sheet + ", " + (front ? "Vorderseite" : "Rückseite") + ": " + std::string(where.de) + ")";
  words.what_en +=
      " (sheet " + sheet + ", " + (front ? "front" : "back") + ": " + std::string(where.en) + ")";
}

/// What to feed: always from the first sheet that is not safe.
void add_refeed(const FeedFault& fault, FaultWords& words) {
  const std::string sheet = std::to_string(std::max(fault.sheet, 1));
  if (fault.kind == FaultKind::not_stored) {
    // The scanner runs ahead of the spool: later sheets may lie in the tray too.
    words.remedy_de +=
        " Blatt " + sheet + " und alle, die danach in die Ablage kamen, wieder obenauf einlegen.";
    words.remedy_en += " Put sheet " + sheet + " and all that came into the tray after it back on top.";
  } else if (fault.paper == PaperAt::feeder) {
    words.remedy_de += " Dann weiter mit Blatt " + sheet + ".";
    words.remedy_en += " Then go on with sheet " + sheet + ".";
  } else {
    words.remedy_de += " Blatt " + sheet + " wieder obenauf in den Einzug legen, dann weiter.";
    words.remedy_en += " Put sheet " + sheet + " back on top of the stack in the feeder, then go on.";
  }
  if (fault.sheet < 2) return;
  const std::string safe = std::to_string(fault.sheet - 1);
  words.remedy_de += " Bis Blatt " + safe + " ist alles gesichert.";
  words.remedy_en += " Everything up to sheet " + safe + " is safe.";
}

}  // namespace

std::string_view name_of(FaultKind kind) {
  return entry_of(kind).name;
}

std::string_view name_of(PaperAt paper) {
  return entry_of(paper).name;
}

Result<FaultKind> fault_kind_from(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return entry.kind;
  }
  return fail(Errc::corrupt, "'" + std::string(name) + "' is no kind of fault");
}

Result<PaperAt> paper_at_from(std::string_view name) {
  for (const Whereabouts& where : kWhereabouts) {
    if (where.name == name) return where.paper;
  }
  return fail(Errc::corrupt, "'" + std::string(name) + "' is no place of a sheet");
}

FaultWords words_of(const FeedFault& fault) {
  const Entry& entry = entry_of(fault.kind);
  FaultWords words{std::string(entry.what_de), std::string(entry.remedy_de), std::string(entry.what_en),
                   std::string(entry.remedy_en)};
  add_place(fault, words);
  words.what_de += ".";
  words.what_en += ".";
  add_refeed(fault, words);
  return words;
}

nlohmann::json to_json(const FeedFault& fault) {
  return {{"kind", name_of(fault.kind)},
          {"sheet", fault.sheet},
          {"side", name_of(fault.side)},
          {"paper", name_of(fault.paper)}};
}

Result<FeedFault> feed_fault_from(const nlohmann::json& json) {
  try {
    FeedFault fault;
    MAILROOM_TRY(fault.kind, fault_kind_from(json.at("kind").get_ref<const std::string&>()));
    fault.sheet = json.at("sheet").get<int>();
    MAILROOM_TRY(fault.side, side_from(json.at("side").get_ref<const std::string&>()));
    MAILROOM_TRY(fault.paper, paper_at_from(json.at("paper").get_ref<const std::string&>()));
    return fault;
  } catch (const nlohmann::json::exception& problem) {
    return fail(Errc::corrupt, "this is no fault of a feed: " + std::string(problem.what()));
  }
}

FaultKind fault_kind_of(Errc code) {
  switch (code) {
    case Errc::paper_jam: return FaultKind::paper_jam;
    case Errc::double_feed: return FaultKind::double_feed;
    case Errc::cover_open: return FaultKind::cover_open;
    case Errc::feeder_empty: return FaultKind::out_of_paper;
    case Errc::device_lost:
    case Errc::unreachable: return FaultKind::device_lost;
    case Errc::crashed: return FaultKind::driver_crashed;
    case Errc::timed_out: return FaultKind::no_progress;
    case Errc::corrupt: return FaultKind::damaged_image;
    case Errc::disk_full: return FaultKind::not_stored;
    default: return FaultKind::device_error;
  }
}

}  // namespace mailroom
