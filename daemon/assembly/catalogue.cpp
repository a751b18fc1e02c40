#include "daemon/assembly/clarification.h"

/// The catalogue of reasons and answers. Names never change meaning; docs/formats/clarifications.md
/// lists the same, a test compares.
namespace mailroom::assembly {
namespace {

constexpr auto P = Scope::page;
constexpr auto B = Scope::batch;
constexpr auto D = Scope::document;

const std::vector<Reason>& reasons() {
  static const std::vector<Reason> kReasons = {
      {"routing_code_on_content",
       P,
       "Blatt {sheet}, {side}: Auf einer beschriebenen Seite steht ein Trenncode. Gehört die Seite zum "
       "Brief, oder trennt sie?",
       "Sheet {sheet}, {side}: a page with content carries a separator code. Is it part of the letter, or "
       "does it separate?",
       {"accept_as_content", "treat_as_separator", "split_here", "treat_as_copy", "discard_batch"}},
      {"foreign_separator",
       P,
       "Blatt {sheet}, {side}: Auf einer sonst leeren Seite steht ein fremder Code. Gehört sie zum Brief?",
       "Sheet {sheet}, {side}: an otherwise empty page carries a foreign code. Is it part of the letter?",
       {"accept_as_content", "treat_as_separator", "split_here", "treat_as_copy", "discard_batch"}},
      {"illegible_separator",
       P,
       "Blatt {sheet}, {side}: Das sieht nach einem Trennblatt aus, dessen Code sich nicht lesen lässt. "
       "Trennt es?",
       "Sheet {sheet}, {side}: this looks like a separator whose code cannot be read. Does it separate?",
       {"treat_as_separator", "accept_as_content", "split_here", "treat_as_copy", "discard_batch"}},
      {"routing_sheet_forged",
       P,
       "Blatt {sheet}, {side}: Das Trennblatt stammt nicht aus dieser Poststelle ({why}).",
       "Sheet {sheet}, {side}: the routing sheet was not made by this mailroom ({why}).",
       {"accept_as_content", "treat_as_separator", "split_here", "treat_as_copy", "discard_batch"}},
      {"routing_sheet_unknown_version",
       P,
       "Blatt {sheet}, {side}: Das Trennblatt hat eine Fassung, die hier nicht bekannt ist. Bitte neu "
       "drucken.",
       "Sheet {sheet}, {side}: the routing sheet has a version that is not known here. Please print it anew.",
       {"treat_as_separator", "accept_as_content", "split_here", "treat_as_copy", "discard_batch"}},
      {"routing_not_allowed",
       P,
       "Blatt {sheet}, {side}: Das Profil {profile} lässt keine Trennblätter zu.",
       "Sheet {sheet}, {side}: the profile {profile} does not allow routing sheets.",
       {"treat_as_separator", "accept_as_content", "split_here", "treat_as_copy", "discard_batch"}},
      {"patch_not_allowed",
       P,
       "Blatt {sheet}, {side}: Das Profil {profile} lässt PATCHT nicht zu.",
       "Sheet {sheet}, {side}: the profile {profile} does not allow PATCHT.",
       {"treat_as_separator", "accept_as_content", "split_here", "treat_as_copy", "discard_batch"}},
      {"contradicting_codes",
       P,
       "Blatt {sheet}: Die Codes widersprechen sich. Bitte das Blatt ansehen.",
       "Sheet {sheet}: its codes contradict each other. Please look at the sheet.",
       {"treat_as_separator", "accept_as_content", "split_here", "treat_as_copy", "discard_batch"}},
      {"separator_with_content_back",
       P,
       "Blatt {sheet}: Auf der anderen Seite eines Trennblatts steht etwas. Ist das Inhalt?",
       "Sheet {sheet}: there is something on the other side of a routing sheet. Is it content?",
       {"treat_as_separator", "accept_as_content", "discard_batch"}},
      {"unknown_class",
       P,
       "Blatt {sheet}, {side}: Die Dokumentart {code} ist nicht bekannt. Welche gilt?",
       "Sheet {sheet}, {side}: the class {code} is not known. Which one is meant?",
       {"treat_as_separator", "accept_as_content", "treat_as_copy", "discard_batch"}},
      {"unknown_department",
       P,
       "Blatt {sheet}, {side}: Das Amt {code} ist nicht bekannt. Welches gilt?",
       "Sheet {sheet}, {side}: the department {code} is not known. Which one is meant?",
       {"treat_as_separator", "accept_as_content", "treat_as_copy", "discard_batch"}},
      {"batch_sheet_inside",
       P,
       "Blatt {sheet}: Mitten im Stapel liegt ein Stapelblatt. Liegen zwei Stapel aufeinander?",
       "Sheet {sheet}: a batch sheet lies in the middle. Are these two batches?",
       {"confirm", "discard_batch"}},
      {"empty_document",
       P,
       "Blatt {sheet}: Nach diesem Trennblatt kommt kein Inhalt. Fehlt ein Brief?",
       "Sheet {sheet}: no content follows this routing sheet. Is a letter missing?",
       {"confirm", "discard_batch"}},
      {"urgent_without_document",
       P,
       "Blatt {sheet}: Nach dem Eilt-Blatt kommt kein Dokument. Was ist eilig?",
       "Sheet {sheet}: no document follows the urgent sheet. What is urgent?",
       {"confirm", "discard_batch"}},
      {"sheet_without_document",
       P,
       "Blatt {sheet}: Dieses Blatt ({kind}) braucht ein Dokument davor. Wozu gehört es?",
       "Sheet {sheet}: this sheet ({kind}) needs a document before it. What does it belong to?",
       {"confirm", "discard_batch"}},
      {"page_unreadable",
       P,
       "Blatt {sheet}, {side}: Das Bild ließ sich nicht lesen ({why}). Ist es vollständig?",
       "Sheet {sheet}, {side}: the image could not be read ({why}). Is it complete?",
       {"accept_as_content", "treat_as_copy", "treat_as_blank", "discard_batch"}},
      {"page_ended_workers",
       P,
       "Blatt {sheet}, {side}: Das Lesen dieser Seite brach zweimal ab.",
       "Sheet {sheet}, {side}: reading this page failed twice.",
       {"accept_as_content", "treat_as_copy", "treat_as_blank", "discard_batch"}},
      {"repeated_image",
       P,
       "Blatt {sheet}, {side}: Das Bild gleicht Punkt für Punkt dem von Blatt {other}.",
       "Sheet {sheet}, {side}: the image is bit for bit that of sheet {other}.",
       {"treat_as_copy", "accept_as_content", "discard_batch"}},
      {"half_sheet",
       P,
       "Blatt {sheet}: Beim beidseitigen Scannen kam nur eine Seite an.",
       "Sheet {sheet}: only one side arrived in a duplex feed.",
       {"confirm", "discard_batch"}},
      {"double_feed",
       B,
       "Doppeleinzug bei Blatt {sheet}. Bitte Papier und Bilder vergleichen.",
       "Double feed at sheet {sheet}. Please compare paper and images.",
       {"confirm", "discard_batch"}},
      {"feed_fault",
       B,
       "Störung beim Einzug bei Blatt {sheet} ({why}). Bitte Papier und Bilder vergleichen.",
       "Fault while feeding at sheet {sheet} ({why}). Please compare paper and images.",
       {"confirm", "discard_batch"}},
      {"sheet_without_image",
       B,
       "{fed} Blätter liefen durch, von {imaged} gibt es Bilder. Es fehlt: {missing}.",
       "{fed} sheets were fed, {imaged} have images. Missing: {missing}.",
       {"discard_batch"}},
      {"count_mismatch",
       B,
       "Die Blätter gehen nicht auf: {fed} eingezogen, {claims}. Bitte nachzählen.",
       "The sheets do not add up: {fed} fed, {claims}. Please count them.",
       {"confirm_count", "discard_batch"}},
      {"count_missing",
       B,
       "{fed} Blätter eingezogen, aber nichts bestätigt die Zahl. Bitte nachzählen.",
       "{fed} sheets fed, but nothing confirms the number. Please count them.",
       {"confirm_count", "discard_batch"}},
      {"no_content",
       B,
       "Der Stapel enthält kein Dokument.",
       "The batch holds no document.",
       {"confirm", "discard_batch"}},
      {"gate_review",
       D,
       "Dokument ab Blatt {sheet}: Bitte Art, Amt und Vollständigkeit prüfen.",
       "Document from sheet {sheet}: please review class, department and completeness.",
       {"confirm", "set_routing", "split_here", "merge_with_previous", "return_original", "discard_batch"}},
      {"gate_quality_control",
       D,
       "Dokument ab Blatt {sheet}: Bitte jedes Bild mit dem Papier vergleichen.",
       "Document from sheet {sheet}: please compare every image with the paper.",
       {"confirm", "set_routing", "split_here", "merge_with_previous", "return_original", "discard_batch"}},
      {"sent_back",
       D,
       "Dokument {document}: {recipient} nimmt es nicht an: {why}",
       "Document {document}: {recipient} does not accept it: {why}",
       {"reissue", "withdraw"}},
      {"seal_failed",
       D,
       "Dokument {document} konnte nicht versiegelt werden: {why}",
       "Document {document} could not be sealed: {why}",
       {"retry", "withdraw"}},
  };
  return kReasons;
}

const std::vector<ResolutionKind>& kinds() {
  using Type = ArgumentRule::Type;
  static const std::vector<ResolutionKind> kKinds = {
      {"confirm", "Geprüft, so richtig", "Checked, right as it is", {{"note", Type::text}}},
      {"accept_as_content", "Gehört zum Inhalt", "It is content", {{"note", Type::text}}},
      {"treat_as_separator",
       "Ist ein Trennblatt",
       "It is a separator",
       {{"class", Type::class_id},
        {"department", Type::department_id},
        {"back", Type::back},
        {"note", Type::text}}},
      {"treat_as_blank", "Ist leer", "It is blank", {{"note", Type::text}}},
      {"treat_as_copy",
       "Doppelt oder neu gescannt: beiseite legen",
       "A copy or scanned anew: set it aside",
       {{"note", Type::text}}},
      {"set_routing",
       "Andere Art oder anderes Amt",
       "Other class or department",
       {{"class", Type::class_id}, {"department", Type::department_id}, {"note", Type::text}}},
      {"split_here",
       "Hier beginnt ein neues Dokument",
       "A new document starts here",
       {{"page", Type::page_id},
        {"class", Type::class_id},
        {"department", Type::department_id},
        {"note", Type::text}}},
      {"merge_with_previous",
       "Gehört zum vorigen Dokument",
       "Belongs to the document before",
       {{"note", Type::text}}},
      {"confirm_count", "Nachgezählt", "Counted", {{"sheets", Type::sheets, true}, {"note", Type::text}}},
      {"return_original",
       "Geprüft, Papier geht zurück",
       "Checked, the paper goes back",
       {{"note", Type::text}}},
      {"reissue",
       "Berichtigt neu senden",
       "Send it again, corrected",
       {{"class", Type::class_id}, {"department", Type::department_id}, {"note", Type::text}}},
      {"withdraw", "Nicht zustellen", "Do not deliver it", {{"reason", Type::text, true}}},
      {"retry", "Noch einmal versuchen", "Try again", {{"note", Type::text}}},
      {"discard_batch",
       "Stapel verwerfen und neu scannen",
       "Discard the batch and scan anew",
       {{"reason", Type::text, true}}},
  };
  return kKinds;
}

template <typename Item>
const Item* named(const std::vector<Item>& items, std::string_view name) {
  for (const auto& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

}  // namespace

std::span<const Reason> all_reasons() {
  return reasons();
}
const Reason* find_reason(std::string_view name) {
  return named(reasons(), name);
}
std::span<const ResolutionKind> all_resolution_kinds() {
  return kinds();
}
const ResolutionKind* find_resolution_kind(std::string_view name) {
  return named(kinds(), name);
}

}  // namespace mailroom::assembly
