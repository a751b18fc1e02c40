#include "daemon/app/separators.h"

#include <map>
#include <vector>

#include "daemon/assembly/routing_sheet.h"
#include "ocr/paper/separator_sheet.h"

namespace mailroom::app {
namespace {

using assembly::RoutingKind;

constexpr const char* kFooter = "Digitale Poststelle · Trennblatt · nicht Teil der Akte";

struct KindWords {
  const char* label;
  const char* title;
  const char* hint;
};

KindWords words_for(RoutingKind kind) {
  switch (kind) {
    case RoutingKind::batch: return {"Stapelblatt", "Stapel", "Art und Amt des ganzen Stapels"};
    case RoutingKind::document: return {"Trennblatt", "Dokument", "Hier beginnt ein neues Dokument"};
    case RoutingKind::document_class: return {"Trennblatt", "Ab hier", "Art und Amt ab hier"};
    case RoutingKind::urgent: return {"Vorrangblatt", "EILT", "Das nächste Dokument eilt"};
    case RoutingKind::label: return {"Vermerkblatt", "Aktenzeichen", "Gehört zum Dokument, in dem es liegt"};
    case RoutingKind::attachment: return {"Anlagenblatt", "Anlage", "Ab hier Anlage desselben Dokuments"};
    case RoutingKind::envelope: return {"Umschlagblatt", "Umschlag", "Das nächste Blatt ist der Umschlag"};
    case RoutingKind::closed_item: return {"Trennblatt", "Ungeöffnet", "Verschlossene Sendung"};
    case RoutingKind::count: return {"Zählblatt", "Blattzahl", "Anzahl der Blätter im Stapel"};
  }
  return {"", "", ""};
}

/// The order in which sheets of several kinds are printed.
std::vector<RoutingKind> kinds_for(const SeparatorWish& wish, Error& error) {
  if (wish.kind.empty()) {
    return {RoutingKind::document, RoutingKind::urgent, RoutingKind::attachment, RoutingKind::envelope,
            RoutingKind::closed_item};
  }
  const auto kind = assembly::routing_kind_from(wish.kind);
  if (kind) return {*kind};
  error = kind.error();
  return {};
}

bool carries_target(RoutingKind kind) {
  return kind == RoutingKind::batch || kind == RoutingKind::document || kind == RoutingKind::document_class;
}

Result<ocr::SeparatorSheet> make_sheet(const assembly::RoutingSheet& sheet, const RoutingKey& key,
                                       std::string title, const std::string& line) {
  MAILROOM_TRY(const auto payloads, assembly::encode_routing_sheet(sheet, key));
  const KindWords words = words_for(sheet.kind);
  ocr::SeparatorSheet printed{words.label, std::move(title), {}, payloads.qr, payloads.code128, kFooter};
  if (!line.empty()) printed.lines.push_back(line);
  printed.lines.emplace_back(words.hint);
  if (!sheet.reference.empty()) printed.lines.push_back(sheet.reference);
  return printed;
}

template <typename Thing>
Result<std::vector<const Thing*>> chosen(const std::map<std::string, Thing>& all, const std::string& id,
                                         const char* what) {
  std::vector<const Thing*> list;
  for (const auto& [name, thing] : all) {
    if (id.empty() || id == name) list.push_back(&thing);
  }
  if (list.empty()) return fail(Errc::not_found, std::string("there is no ") + what + " '" + id + "'");
  return list;
}

Result<void> add_targets(std::vector<ocr::SeparatorSheet>& sheets, RoutingKind kind,
                         const Configuration& configuration, const RoutingKey& key,
                         const SeparatorWish& wish) {
  MAILROOM_TRY(const auto classes, chosen(configuration.classes, wish.document_class, "class"));
  MAILROOM_TRY(const auto departments, chosen(configuration.departments, wish.department, "department"));
  for (const Department* department : departments) {
    for (const DocumentClass* document_class : classes) {
      assembly::RoutingSheet sheet{kind, document_class->code, department->code, 0, wish.reference};
      MAILROOM_TRY(auto printed, make_sheet(sheet, key, document_class->name_de,
                                            department->name_de + " (" + department->code + ")"));
      sheets.push_back(std::move(printed));
    }
  }
  return {};
}

}  // namespace

Result<Bytes> separators_pdf(const Configuration& configuration, const RoutingKey& key,
                             const SeparatorWish& wish) {
  std::vector<ocr::SeparatorSheet> sheets;
  Error error;
  const bool patch_only = wish.kind == "patch_t";
  const auto kinds = patch_only ? std::vector<RoutingKind>() : kinds_for(wish, error);
  if (!patch_only && kinds.empty()) return fail(error);
  for (RoutingKind kind : kinds) {
    if (carries_target(kind)) {
      MAILROOM_TRY_VOID(add_targets(sheets, kind, configuration, key, wish));
      continue;
    }
    if (kind == RoutingKind::count && wish.count <= 0) {
      return fail(Errc::invalid_input, "a count sheet needs the number of sheets", {}, "give --count");
    }
    MAILROOM_TRY(auto printed,
                 make_sheet({kind, "", "", wish.count, wish.reference}, key, words_for(kind).title,
                            wish.count > 0 ? std::to_string(wish.count) + " Blatt" : ""));
    sheets.push_back(std::move(printed));
  }
  if (patch_only || wish.kind.empty()) {
    sheets.push_back(ocr::patch_t_sheet("PATCH T", "Neues Dokument derselben Art", kFooter));
  }
  return ocr::separator_sheets_pdf(sheets);
}

}  // namespace mailroom::app
