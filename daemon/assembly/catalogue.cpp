#include "daemon/assembly/clarification.h"
#include "daemon/invoice/paper/paper_invoice.h"

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
      {"sheets_fed_again",
       P,
       "Blatt {sheet} sieht aus wie Blatt {other}, das schon gesichert ist. Dasselbe Papier noch einmal, "
       "dasselbe "
       "mit oder ohne Haftnotiz, oder ein anderes?",
       "Sheet {sheet} looks like sheet {other}, which is safe already. The same paper again, the same with "
       "or without "
       "a sticky note, or another one?",
       {"treat_as_copy", "treat_as_note", "accept_as_content", "discard_batch"}},
      {"not_fed_again",
       B,
       "Ab Blatt {sheet} sollten die gesicherten Blätter ab {from} noch einmal kommen; die Bilder zeigen das "
       "nicht. "
       "Bitte Papier und Bilder vergleichen.",
       "From sheet {sheet} on the safe sheets from {from} should have come again; the images do not show "
       "that. Please "
       "compare paper and images.",
       {"confirm", "discard_batch"}},
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
      {"order_number_open",
       D,
       "Dokument ab Blatt {sheet}: Zu welcher Bestellung gehört es? Gelesen wurde: {found}.",
       "Document from sheet {sheet}: which order does it belong to? What was read: {found}.",
       {"set_fields", "confirm", "discard_batch"}},
      {"asset_number_open",
       D,
       "Dokument ab Blatt {sheet}: Zu welcher Anlage gehört es? Gelesen wurde: {found}.",
       "Document from sheet {sheet}: which asset does it belong to? What was read: {found}.",
       {"set_fields", "confirm", "discard_batch"}},
      {"invoice_kind",
       D,
       "Dokument ab Blatt {sheet}: Ist das eine Rechnung? Es sieht aus wie: {kind}.",
       "Document from sheet {sheet}: is this an invoice? It looks like: {kind}.",
       {"set_routing", "confirm", "discard_batch"}},
      {"invoice_several",
       D,
       "Dokument ab Blatt {sheet}: Auf Blatt {second} scheint eine weitere Rechnung zu beginnen.",
       "Document from sheet {sheet}: another invoice seems to begin on sheet {second}.",
       {"split_here", "confirm", "discard_batch"}},
      {"invoice_fields",
       D,
       "Rechnung ab Blatt {sheet}: Bitte prüfen: {fields}.",
       "Invoice from sheet {sheet}: please check: {fields}.",
       {"set_fields", "set_routing", "discard_batch"}},
      {"invoice_buyer",
       D,
       "Rechnung ab Blatt {sheet}: Sie ist nicht an uns gerichtet, sondern an: {buyer}.",
       "Invoice from sheet {sheet}: it is not made out to us but to: {buyer}.",
       {"set_routing", "confirm", "discard_batch"}},
      {"invoice_creditor",
       D,
       "Rechnung ab Blatt {sheet}: Der Kreditor ist nicht bekannt: {seller}.",
       "Invoice from sheet {sheet}: the creditor is not known: {seller}.",
       {"set_creditor", "confirm", "set_routing", "discard_batch"}},
      {"invoice_iban_changed",
       D,
       "Rechnung ab Blatt {sheet}: {creditor} nennt ein anderes Konto: {iban} statt {known}. Bitte beim "
       "Kreditor nachfragen.",
       "Invoice from sheet {sheet}: {creditor} names another account: {iban} instead of {known}. Please ask "
       "the creditor.",
       {"confirm", "set_fields", "set_routing", "discard_batch"}},
      {"invoice_iban_second",
       D,
       "Rechnung ab Blatt {sheet}: Das neue Konto {iban} von {creditor} muss eine zweite Person bestätigen.",
       "Invoice from sheet {sheet}: the new account {iban} of {creditor} must be confirmed by a second "
       "person.",
       {"confirm", "set_routing", "discard_batch"}},
      {"invoice_code_differs",
       D,
       "Rechnung ab Blatt {sheet}: Der Zahlungscode nennt {code_iban} und {code_amount}, gedruckt ist "
       "anderes. "
       "Betrugsverdacht!",
       "Invoice from sheet {sheet}: the payment code says {code_iban} and {code_amount}, the print does not. "
       "Suspected fraud!",
       {"set_routing", "confirm", "discard_batch"}},
      {"invoice_duplicate",
       D,
       "Rechnung ab Blatt {sheet}: Sie kam schon als Dokument {earlier} (Nr. {invoice_number}, "
       "{gross_amount}).",
       "Invoice from sheet {sheet}: it came before as document {earlier} (no. {invoice_number}, "
       "{gross_amount}).",
       {"set_routing", "confirm", "discard_batch"}},
      {"invoice_missing",
       D,
       "Empfangene Datei: Darin steht keine lesbare elektronische Rechnung ({why}). Was ist es?",
       "Received file: there is no readable electronic invoice in it ({why}). What is it?",
       {"set_routing", "discard_batch"}},
      {"invoice_form",
       D,
       "Elektronische Rechnung: Sie verletzt Regeln: {findings}. Trotzdem annehmen?",
       "Electronic invoice: it breaks rules: {findings}. Accept it all the same?",
       {"confirm", "set_routing", "discard_batch"}},
      {"invoice_seller",
       D,
       "Ausgangsrechnung: Sie kommt nicht von uns, sondern von: {seller}.",
       "Outgoing invoice: it is not from us but from: {seller}.",
       {"set_routing", "confirm", "discard_batch"}},
      {"sent_back",
       D,
       "Dokument {document}: {recipient} nimmt es nicht an: {why}",
       "Document {document}: {recipient} does not accept it: {why}",
       {"reissue", "withdraw"}},
      {"content_damaged",
       D,
       "Dokument {document} ist im Archiv beschädigt und wird nicht ausgeliefert: {why}",
       "Document {document} is damaged in the archive and is not delivered: {why}",
       {"reissue", "withdraw"}},
      {"seal_failed",
       D,
       "Dokument {document} konnte nicht versiegelt werden: {why}",
       "Document {document} could not be sealed: {why}",
       {"retry", "withdraw"}},
      {"unanswered",
       D,
       "Dokument {document}: {recipient} antwortet seit vielen Versuchen nicht darauf, auf anderes schon.",
       "Document {document}: {recipient} has not answered it for many attempts, but answers others.",
       {"resend", "reissue", "withdraw"}},
      {"restored",
       B,
       "Dieser Stapel war in Arbeit, als die Sicherung vom {at} entstand, aus der die Poststelle "
       "wiederhergestellt "
       "wurde. Wurde er seither zugestellt?",
       "This batch was at work when the backup of {at} was made that the mailroom was restored from. Has it "
       "been "
       "delivered since?",
       {"confirm", "discard_batch"}},
      {"restored_unsealed",
       D,
       "Dokument {document} war noch nicht zugestellt, als die Sicherung vom {at} entstand. Hat ein "
       "Empfänger es "
       "seither erhalten?",
       "Document {document} was not delivered yet when the backup of {at} was made. Has a recipient got it "
       "since?",
       {"retry", "withdraw"}},
  };
  return kReasons;
}

/// One argument for each field of an invoice.
std::vector<ArgumentRule> invoice_fields() {
  std::vector<ArgumentRule> rules;
  for (const auto& name : invoice::field_names()) rules.push_back({name, ArgumentRule::Type::invoice_field});
  rules.push_back({"note", ArgumentRule::Type::text});
  return rules;
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
      {"treat_as_note",
       "Mit und ohne Haftnotiz: beide Bilder behalten",
       "With and without a sticky note: keep both images",
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
      {"set_fields", "Werte geprüft und berichtigt", "Values checked and corrected", invoice_fields()},
      {"set_creditor",
       "Kreditor bestimmt",
       "Creditor chosen",
       {{"creditor", Type::text, true}, {"note", Type::text}}},
      {"reissue",
       "Berichtigt neu senden",
       "Send it again, corrected",
       {{"class", Type::class_id}, {"department", Type::department_id}, {"note", Type::text}}},
      {"resend", "Noch einmal senden", "Send it again", {{"note", Type::text}}},
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
