#include "daemon/assembly/page_reading.h"

#include <algorithm>
#include <map>

namespace mailroom::assembly {
namespace {

using Values = std::map<std::string, std::string>;

/// The codes of one page, sorted by what they are.
struct CodesOnPage {
  std::vector<RoutingSheet> sheets;
  const Code* first_sheet = nullptr;
  const Code* forged = nullptr;
  std::string forged_why = {};
  const Code* unknown_version = nullptr;
  const Code* foreign = nullptr;
};

CodesOnPage sort_codes(const PageReport& report, const std::vector<RoutingKey>& keys) {
  CodesOnPage sorted;
  for (const auto& code : report.codes) {
    auto sheet = read_routing_sheet(code.text, keys);
    if (sheet) {
      sorted.sheets.push_back(*std::move(sheet));
      if (sorted.first_sheet == nullptr) sorted.first_sheet = &code;
    } else if (sheet.error().code == Errc::unsupported) {
      sorted.unknown_version = &code;
    } else if (sheet.error().code != Errc::not_found) {
      sorted.forged = &code;
      sorted.forged_why = sheet.error().code == Errc::refused ? "wrong_key" : "malformed";
    } else if (code.text != "PATCHT") {
      sorted.foreign = &code;
    }
  }
  return sorted;
}

/// Everything but the reference, which only one of the two codes carries.
bool agree(RoutingSheet a, RoutingSheet b) {
  if (a.reference.empty() || b.reference.empty()) a.reference = b.reference = {};
  return a == b;
}

template <typename Item>
std::string id_with_code(const std::map<std::string, Item>& items, const std::string& code) {
  for (const auto& [id, item] : items) {
    if (item.code == code) return id;
  }
  return {};
}

bool same_act(const Act& a, const Act& b) {
  return a.kind == b.kind && a.document_class == b.document_class && a.department == b.department &&
         a.count == b.count && (a.reference == b.reference || a.reference.empty() || b.reference.empty());
}

/// The print of a separator sheet without its codes: blotted, torn or folded away. As a page of the letter
/// before it, it would join two letters. What a damaged code leaves is read as words too.
bool reads_like_a_separator(const PageReport& report) {
  constexpr std::size_t kMostWords = 60;
  if (!report.codes.empty() || report.words.size() > kMostWords) return false;
  return std::any_of(report.words.begin(), report.words.end(), [](const Word& word) {
    return word.text.find("rennblat") != std::string::npos || word.text.rfind("PATCH", 0) == 0;
  });
}

class SideReader {
 public:
  SideReader(const PageFacts& page, const ReadingRooms& rooms) : page_(page), rooms_(rooms) {
    side_.page = &page;
  }

  SideReading read() {
    if (!page_.report) {
      read_failure();
    } else {
      const auto codes = sort_codes(*page_.report, rooms_.keys);
      if (page_.report->only_codes) {
        read_code_page(codes);
      } else {
        read_content(codes);
      }
    }
    return std::move(side_);
  }

 private:
  /// Asks about this page and acts on the answer.
  void ask(const char* reason, const Code* code, Values values = {}, const Act& known = {}) {
    values["sheet"] = std::to_string(page_.sheet);
    values["side"] = name_of(page_.side);
    values["profile"] = rooms_.profile.id;
    const auto question =
        make_clarification(reason, {page_.id}, {{page_.id, code != nullptr ? code->box : Box{}}}, values);
    const auto* answer = rooms_.findings.ask(question);
    side_.doubtful = answer == nullptr;
    if (answer != nullptr) follow(*answer, known);
  }

  void follow(const Resolution& answer, const Act& known) {
    if (answer.kind == "treat_as_blank") side_.role = PageRole::blank;
    if (answer.kind == "treat_as_copy") side_.role = PageRole::copy;
    if (answer.kind != "treat_as_separator" && answer.kind != "split_here") return;
    if (answer.kind == "treat_as_separator") side_.role = PageRole::separator;
    Act act = answer.kind == "treat_as_separator" ? known : Act{};
    const auto document_class = argument(answer, "class"), department = argument(answer, "department");
    if (!document_class.empty()) act.document_class = document_class;
    if (!department.empty()) act.department = department;
    side_.act = act;
  }

  void read_failure() {
    const std::string why(page_.failure ? name_of(page_.failure->code) : "not_read");
    ask(page_.deaths >= 2 ? "page_ended_workers" : "page_unreadable", nullptr, {{"why", why}});
  }

  /// Codes that may never act, wherever they stand. True when something was asked.
  bool read_untrusted(const CodesOnPage& codes) {
    if (codes.forged != nullptr) {
      ask("routing_sheet_forged", codes.forged, {{"why", codes.forged_why}});
    } else if (codes.unknown_version != nullptr) {
      ask("routing_sheet_unknown_version", codes.unknown_version);
    } else {
      return false;
    }
    return true;
  }

  void read_content(const CodesOnPage& codes) {
    const bool patch = !page_.report->patch.empty();
    if (read_untrusted(codes)) return;
    const bool only_label = codes.sheets.size() == 1 && codes.sheets[0].kind == RoutingKind::label && !patch;
    if (only_label && rooms_.profile.routing_sheets) {
      side_.label = codes.sheets[0].reference;
    } else if (!codes.sheets.empty() || patch) {
      ask("routing_code_on_content", codes.first_sheet);
    } else if (could_separate() && reads_like_a_separator(*page_.report)) {
      ask("illegible_separator", nullptr);
    } else if (page_.report->blank && codes.foreign == nullptr) {
      side_.role = PageRole::blank;
    }
  }

  [[nodiscard]] bool could_separate() const {
    return rooms_.profile.routing_sheets || rooms_.profile.patch_t;
  }

  void read_code_page(const CodesOnPage& codes) {
    const bool patch = !page_.report->patch.empty();
    if (read_untrusted(codes)) return;
    const bool all_agree = std::all_of(codes.sheets.begin(), codes.sheets.end(),
                                       [&](const auto& other) { return agree(codes.sheets[0], other); });
    if (codes.sheets.empty() && !patch) {
      ask("foreign_separator", codes.foreign);
    } else if (!all_agree || codes.foreign != nullptr || (patch && !codes.sheets.empty())) {
      ask("contradicting_codes", codes.first_sheet);
    } else if (patch) {
      read_patch();
    } else if (!rooms_.profile.routing_sheets) {
      ask("routing_not_allowed", codes.first_sheet);
    } else {
      read_routing(codes);
    }
  }

  void read_patch() {
    if (!rooms_.profile.patch_t) return ask("patch_not_allowed", nullptr);
    act({});
  }

  void read_routing(const CodesOnPage& codes) {
    RoutingSheet sheet = codes.sheets[0];
    for (const auto& other : codes.sheets) {
      if (!other.reference.empty()) sheet.reference = other.reference;
    }
    Act known{sheet.kind, id_with_code(rooms_.configuration.classes, sheet.class_code),
              id_with_code(rooms_.configuration.departments, sheet.department_code), sheet.count,
              sheet.reference};
    if (sheet.kind == RoutingKind::closed_item && sheet.class_code.empty() &&
        rooms_.configuration.classes.contains("closed_item"))
      known.document_class = "closed_item";
    const bool needs_class = !sheet.class_code.empty() || sheet.kind == RoutingKind::closed_item;
    if (needs_class && known.document_class.empty())
      return ask("unknown_class", codes.first_sheet, {{"code", sheet.class_code}}, known);
    if (!sheet.department_code.empty() && known.department.empty())
      return ask("unknown_department", codes.first_sheet, {{"code", sheet.department_code}}, known);
    act(known);
  }

  void act(const Act& what) {
    side_.role = PageRole::separator;
    side_.act = what;
  }

  const PageFacts& page_;
  const ReadingRooms& rooms_;
  SideReading side_;
};

/// A question about the two sides of one sheet.
const Resolution* ask_about_sheet(const char* reason, const SheetReading& sheet, Findings& findings) {
  std::vector<std::string> subjects;
  std::vector<Evidence> evidence;
  for (const auto& side : sheet.sides) {
    subjects.push_back(side.page->id);
    evidence.push_back({side.page->id});
  }
  return findings.ask(make_clarification(reason, subjects, evidence,
                                         {{"sheet", std::to_string(sheet.sheet)}, {"side", "beide Seiten"}}));
}

void become_content(SheetReading& sheet) {
  sheet.act.reset();
  for (auto& side : sheet.sides) {
    if (side.role == PageRole::separator) side.role = PageRole::content;
    side.act.reset();
  }
}

/// The two separators on one sheet say different things.
void settle_contradiction(SheetReading& sheet, Findings& findings) {
  const auto* answer = ask_about_sheet("contradicting_codes", sheet, findings);
  const bool acts = answer != nullptr && answer->kind == "treat_as_separator";
  if (!acts) become_content(sheet);
  if (answer == nullptr) return;
  if (acts || answer->kind == "split_here")
    sheet.act = Act{RoutingKind::document, argument(*answer, "class"), argument(*answer, "department")};
  if (answer->kind == "treat_as_copy") {
    for (auto& side : sheet.sides) side.role = PageRole::copy;
  }
}

/// One side separates, the other carries something.
void settle_content_back(SheetReading& sheet, const Act& act, Findings& findings) {
  const auto* answer = ask_about_sheet("separator_with_content_back", sheet, findings);
  if (answer == nullptr || answer->kind != "treat_as_separator") return become_content(sheet);
  sheet.act = act;
  const auto document_class = argument(*answer, "class"), department = argument(*answer, "department");
  if (!document_class.empty()) sheet.act->document_class = document_class;
  if (!department.empty()) sheet.act->department = department;
  if (argument(*answer, "back") != "blank") return;
  for (auto& side : sheet.sides) {
    if (side.role == PageRole::content) side.role = PageRole::blank;
  }
}

/// Brings the sides of a sheet together.
void settle_sheet(SheetReading& sheet, Findings& findings) {
  std::vector<Act> acts;
  bool other_content = false;
  for (const auto& side : sheet.sides) {
    if (side.role == PageRole::separator && side.act) acts.push_back(*side.act);
    other_content = other_content || side.role == PageRole::content;
  }
  if (acts.empty()) return;
  for (const auto& act : acts) {
    if (!same_act(acts[0], act)) return settle_contradiction(sheet, findings);
  }
  for (const auto& act : acts) {
    if (acts[0].reference.empty()) acts[0].reference = act.reference;
  }
  if (other_content) return settle_content_back(sheet, acts[0], findings);
  sheet.act = acts[0];
}

}  // namespace

std::vector<SheetReading> read_sheets(const std::vector<const PageFacts*>& pages, const ReadingRooms& rooms) {
  std::vector<SheetReading> sheets;
  for (const auto* page : pages) {
    if (sheets.empty() || sheets.back().sheet != page->sheet) sheets.push_back({page->sheet, {}, {}});
    sheets.back().sides.push_back(SideReader(*page, rooms).read());
  }
  for (auto& sheet : sheets) settle_sheet(sheet, rooms.findings);
  return sheets;
}

void ask_about_repeats(std::vector<SheetReading>& sheets, Findings& findings) {
  std::map<std::string, int> seen;
  for (auto& sheet : sheets) {
    for (auto& side : sheet.sides) {
      if (side.role != PageRole::content || side.page->sha256.empty()) continue;
      const auto [first, is_new] = seen.emplace(side.page->sha256, sheet.sheet);
      if (is_new) continue;
      const auto* answer =
          findings.ask(make_clarification("repeated_image", {side.page->id}, {{side.page->id}},
                                          {{"sheet", std::to_string(sheet.sheet)},
                                           {"side", std::string(name_of(side.page->side))},
                                           {"other", std::to_string(first->second)}}));
      if (answer != nullptr && answer->kind == "treat_as_copy") side.role = PageRole::copy;
    }
  }
}

}  // namespace mailroom::assembly
