#include "daemon/assembly/edits.h"

#include <algorithm>

namespace mailroom::assembly {
namespace {

using nlohmann::json;
constexpr std::size_t kNowhere = std::size_t(-1);

std::vector<std::string> ids_in(const std::vector<DocumentPart>& parts) {
  std::vector<std::string> ids;
  for (const auto& part : parts) ids.push_back(part.page);
  return ids;
}

void set_field(AssembledDocument& document, const IndexField& field) {
  std::erase_if(document.fields, [&](const auto& known) { return known.name == field.name; });
  if (!field.value.empty()) document.fields.push_back(field);
  if (field.name == "reference") document.reference = field.value;
}

}  // namespace

EditedBatch::EditedBatch(const BatchFacts& batch, const std::vector<const PageFacts*>& pages,
                         const Profile& profile, std::vector<AssembledDocument> documents,
                         std::vector<SetAside> set_aside)
    : batch_(batch), profile_(profile), documents_(std::move(documents)), aside_(std::move(set_aside)) {
  for (const auto* page : pages) {
    order_[page->id] = int(feed_.size());
    sheet_[page->id] = page->sheet;
    feed_.push_back(page->id);
  }
  tidy();
}

/// Documents that lost all pages go; keys and places follow the pages.
void EditedBatch::tidy() {
  std::map<std::string, std::string> renamed;
  for (auto& document : documents_) {
    const std::string now = document.pages.empty() ? std::string() : document.pages.front().page;
    if (now != document.key) renamed[document.key] = now;
    document.key = now;
  }
  for (auto& aside : aside_) {
    if (const auto found = renamed.find(aside.document); found != renamed.end())
      aside.document = found->second;
  }
  std::erase_if(documents_, [](const auto& document) { return document.pages.empty(); });
  spots_.clear();
  for (std::size_t d = 0; d < documents_.size(); ++d) {
    for (std::size_t p = 0; p < documents_[d].pages.size(); ++p) spots_[documents_[d].pages[p].page] = {d, p};
  }
}

const EditedBatch::Spot* EditedBatch::spot_of(const std::string& page) const {
  const auto found = spots_.find(page);
  return found == spots_.end() ? nullptr : &found->second;
}

std::size_t EditedBatch::document_at(const std::string& key) const {
  for (std::size_t d = 0; d < documents_.size(); ++d) {
    if (documents_[d].key == key) return d;
  }
  return kNowhere;
}

bool EditedBatch::split(const std::string& page) {
  const Spot* spot = spot_of(page);
  if (spot == nullptr || spot->part == 0) return false;
  auto& head = documents_[spot->document];
  AssembledDocument tail = head;
  const auto cut = head.pages.begin() + std::ptrdiff_t(spot->part);
  tail.pages.assign(cut, head.pages.end());
  head.pages.erase(cut, head.pages.end());
  tail.key = page;
  tail.reference.clear();
  std::erase_if(tail.fields,
                [](const auto& field) { return field.name != "class" && field.name != "department"; });
  tail.remarks = {"split_by_person"};
  const std::string before = head.key;
  const int first = order_.at(page);
  documents_.insert(documents_.begin() + std::ptrdiff_t(spot->document) + 1, std::move(tail));
  for (auto& aside : aside_) {
    if (aside.document == before && order_.at(aside.page) > first) aside.document = page;
  }
  return true;
}

/// A separator without a sheet; until the sheet is fed it only waits.
bool EditedBatch::begin_at(int sheet) {
  const auto first = std::find_if(feed_.begin(), feed_.end(), [&](const auto& page) {
    return sheet_.at(page) >= sheet && spot_of(page) != nullptr;
  });
  if (first == feed_.end() || !split(*first)) return true;  // it begins a document anyway
  for (auto& document : documents_) {
    if (document.key == *first) document.remarks = {"begun_by_key"};
  }
  return true;
}

bool EditedBatch::mark_next(int sheet, const json& arguments) {
  const auto next = std::find_if(documents_.begin(), documents_.end(), [&](const auto& document) {
    return sheet_.at(document.pages.front().page) >= sheet;
  });
  if (next == documents_.end()) return true;
  if (arguments.contains("class")) change("set_class", *next, arguments);
  if (arguments.contains("priority")) change("set_priority", *next, arguments);
  return true;
}

bool EditedBatch::merge(const std::string& key) {
  const std::size_t at = document_at(key);
  if (at == kNowhere || at == 0) return false;
  auto& before = documents_[at - 1];
  const auto& joined = documents_[at];
  before.pages.insert(before.pages.end(), joined.pages.begin(), joined.pages.end());
  before.priority = std::max(before.priority, joined.priority);
  before.remarks.emplace_back("merged_by_person");
  for (auto& aside : aside_) {
    if (aside.document == key) aside.document = before.key;
  }
  documents_.erase(documents_.begin() + std::ptrdiff_t(at));
  return true;
}

bool EditedBatch::move(const std::string& page, const std::string& target, bool behind) {
  const Spot* from = spot_of(page);
  const Spot* to = spot_of(target);
  if (from == nullptr || to == nullptr || page == target) return false;
  auto& source = documents_[from->document].pages;
  const DocumentPart part = source[from->part];
  source.erase(source.begin() + std::ptrdiff_t(from->part));
  auto& goal = documents_[to->document].pages;
  const auto beside =
      std::find_if(goal.begin(), goal.end(), [&](const auto& other) { return other.page == target; });
  goal.insert(beside + (behind ? 1 : 0), part);
  documents_[to->document].remarks.emplace_back("order_by_person");
  return true;
}

bool EditedBatch::turn(const Pages& pages, int degrees) {
  if (!std::all_of(pages.begin(), pages.end(), [&](const auto& page) { return order_.contains(page); }))
    return false;
  for (const auto& page : pages) turns_[page] = (turns_[page] + degrees) % 360;
  return true;
}

bool EditedBatch::put_aside(const Pages& pages, PageRole role) {
  if (!std::all_of(pages.begin(), pages.end(), [&](const auto& page) { return spot_of(page) != nullptr; }))
    return false;
  for (const auto& page : pages) {
    auto& document = documents_[spots_.at(page).document];
    std::erase_if(document.pages, [&](const auto& part) { return part.page == page; });
    aside_.push_back({page, role, document.key, "set_aside_by_person"});
  }
  return true;
}

/// Behind the nearest page before it in the feed that is in a document, else in front of everything.
void EditedBatch::insert_at_its_place(const std::string& page) {
  for (int i = order_.at(page) - 1; i >= 0; --i) {
    const Spot* spot = spot_of(feed_[std::size_t(i)]);
    if (spot == nullptr) continue;
    auto& pages = documents_[spot->document].pages;
    pages.insert(pages.begin() + std::ptrdiff_t(spot->part) + 1, {page, PageRole::content});
    return;
  }
  if (documents_.empty()) {
    AssembledDocument document{.key = page};
    document.document_class = profile_.document_class;
    document.department = profile_.department;
    document.received = batch_.received;
    document.fields = {{"class", document.document_class, 1, "profile", ""},
                       {"department", document.department, 1, "profile", ""}};
    documents_.push_back(std::move(document));
  }
  auto& pages = documents_.front().pages;
  pages.insert(pages.begin(), {page, PageRole::content});
}

bool EditedBatch::bring_back(const Pages& pages) {
  const auto is_aside = [&](const std::string& page) {
    return std::any_of(aside_.begin(), aside_.end(), [&](const auto& aside) { return aside.page == page; });
  };
  if (!std::all_of(pages.begin(), pages.end(), is_aside)) return false;
  for (const auto& page : pages) {
    std::erase_if(aside_, [&](const auto& aside) { return aside.page == page; });
    insert_at_its_place(page);
    tidy();
  }
  return true;
}

bool EditedBatch::set_role(const Pages& pages, PageRole role) {
  if (!std::all_of(pages.begin(), pages.end(), [&](const auto& page) { return spot_of(page) != nullptr; }))
    return false;
  for (const auto& page : pages) {
    const Spot spot = spots_.at(page);
    documents_[spot.document].pages[spot.part].role = role;
  }
  return true;
}

/// The sheets `from` to `to` were fed for a place in the middle: they go there, wherever the feed
/// order would have put them, and never become part of what was fed last.
bool EditedBatch::place_rescan(const std::string& page, bool instead, int from, int to) {
  if (spot_of(page) == nullptr) return false;
  std::string target = page;
  bool any = false;
  for (const auto& id : feed_) {
    if (sheet_.at(id) < from || sheet_.at(id) > to) continue;
    // Fed again it looks like what it replaces: set aside as a copy it comes back for its place.
    const auto aside = std::find_if(aside_.begin(), aside_.end(), [&](const auto& other) {
      return other.page == id && other.role == PageRole::copy;
    });
    if (aside != aside_.end()) {
      aside_.erase(aside);
      insert_at_its_place(id);
      tidy();
    }
    if (spot_of(id) == nullptr || !move(id, target, true)) continue;
    tidy();
    target = id;
    any = true;
  }
  if (any && instead) put_aside({page}, PageRole::copy);
  return any;
}

bool EditedBatch::change(const std::string& kind, AssembledDocument& document, const json& arguments) {
  const auto text = [&](const char* name) { return arguments.value(name, std::string()); };
  if (kind == "set_class") {
    document.document_class = text("class");
    set_field(document, {"class", document.document_class, 1, "person", ""});
  } else if (kind == "set_department") {
    document.department = text("department");
    set_field(document, {"department", document.department, 1, "person", ""});
  } else if (kind == "set_priority") {
    document.priority = priority_from(text("priority")).value_or(Priority::ordinary);
  } else if (kind == "set_received") {
    document.received = {text("date"), channel_from(text("channel")).value_or(document.received.channel)};
    document.remarks.emplace_back("received_by_person");
  } else if (kind == "set_field") {
    set_field(document, {text("name"), text("value"), 1, "person", text("page")});
  }
  return true;
}

bool EditedBatch::apply(const Edit& edit) {
  const json& a = edit.arguments;
  const auto text = [&](const char* name) { return a.value(name, std::string()); };
  const auto pages = a.value("pages", Pages());
  const auto role = page_role_from(text("role")).value_or(PageRole::copy);
  bool followed = false;
  if (edit.kind == "confirm") return true;
  if (edit.kind == "split")
    followed = split(text("page"));
  else if (edit.kind == "merge")
    followed = merge(text("document"));
  else if (edit.kind == "move" && a.contains("after"))
    followed = move(text("page"), text("after"), true);
  else if (edit.kind == "move")
    followed = move(text("page"), text("before"), false);
  else if (edit.kind == "rotate")
    followed = turn(pages, a.value("degrees", 0));
  else if (edit.kind == "set_aside")
    followed = put_aside(pages, role);
  else if (edit.kind == "bring_back")
    followed = bring_back(pages);
  else if (edit.kind == "set_role")
    followed = set_role(pages, role);
  else if (edit.kind == "begin_document")
    followed = begin_at(a.value("sheet", 0));
  else if (edit.kind == "mark_next")
    followed = mark_next(a.value("sheet", 0), a);
  else if (edit.kind == "rescan")
    followed = place_rescan(text("page"), text("place") == "instead", a.value("from", 0), a.value("to", 0));
  else if (const auto at = document_at(text("document")); at != kNowhere)
    followed = change(edit.kind, documents_[at], a);
  tidy();
  return followed;
}

std::vector<AssembledDocument> EditedBatch::take_documents() {
  return std::move(documents_);
}

std::vector<SetAside> EditedBatch::take_set_aside() {
  std::stable_sort(aside_.begin(), aside_.end(),
                   [&](const auto& a, const auto& b) { return order_.at(a.page) < order_.at(b.page); });
  return std::move(aside_);
}

json confirmation_of(const AssembledDocument& document) {
  return {{"document", document.key},
          {"pages", ids_in(document.pages)},
          {"class", document.document_class},
          {"department", document.department}};
}

bool confirms(const Edit& confirmation, const AssembledDocument& document) {
  return confirmation.kind == "confirm" && confirmation.arguments == confirmation_of(document);
}

}  // namespace mailroom::assembly
