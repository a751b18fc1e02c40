#include "daemon/assembly/document_stream.h"

#include <algorithm>

namespace mailroom::assembly {
namespace {

std::string separator_page(const SheetReading& sheet) {
  for (const auto& side : sheet.sides) {
    if (side.role == PageRole::separator) return side.page->id;
  }
  return sheet.sides.front().page->id;
}

}  // namespace

DocumentStream::DocumentStream(const BatchFacts& batch, const Profile& profile, Findings& findings)
    : batch_(batch), findings_(findings), class_(profile.document_class), department_(profile.department) {}

void DocumentStream::ask(const char* reason, const std::string& page, int sheet, const std::string& kind) {
  findings_.ask(
      make_clarification(reason, {page}, {{page}}, {{"sheet", std::to_string(sheet)}, {"kind", kind}}));
}

void DocumentStream::put_aside(const SideReading& side, PageRole role, const std::string& remark) {
  set_aside_.push_back({side.page->id, role, in_document_ ? documents_.back().key : std::string(), remark});
}

void DocumentStream::add(const SheetReading& sheet) {
  if (sheet.act) act(*sheet.act, sheet);
  const bool has_content = std::any_of(sheet.sides.begin(), sheet.sides.end(),
                                       [](const auto& side) { return side.role == PageRole::content; });
  const bool all_blank = std::all_of(sheet.sides.begin(), sheet.sides.end(),
                                     [](const auto& side) { return side.role == PageRole::blank; });
  envelope_now_ = envelope_next_ && has_content;
  for (const auto& side : sheet.sides) {
    if (side.role == PageRole::content) {
      if (side.act) act(*side.act, sheet);
      add_content(side);
    } else if (side.role == PageRole::note) {
      open_document(side.page->id).pages.push_back({side.page->id, PageRole::note});
    } else {
      put_aside(side, side.role, all_blank ? "blank_sheet" : "");
    }
  }
  if (all_blank && in_document_) documents_.back().remarks.push_back("blank_sheet_set_aside");
  if (envelope_now_) envelope_next_ = false;
  envelope_now_ = false;
  seen_anything_ = seen_anything_ || has_content;
}

void DocumentStream::act(const Act& act, const SheetReading& sheet) {
  const auto page = separator_page(sheet);
  switch (act.kind) {
    case RoutingKind::batch: return begin_batch(act, sheet);
    case RoutingKind::document:
    case RoutingKind::closed_item:
    case RoutingKind::document_class: return start_document(act, sheet);
    case RoutingKind::urgent: return mark_urgent(sheet);
    case RoutingKind::label: return add_label(act.reference, page);
    case RoutingKind::attachment:
      if (!in_document_) return ask("sheet_without_document", page, sheet.sheet, "Anlage");
      role_ = PageRole::attachment;
      return;
    case RoutingKind::envelope:
      if (!in_document_ && !pending_) return ask("sheet_without_document", page, sheet.sheet, "Umschlag");
      envelope_next_ = true;
      return;
    case RoutingKind::count: return;
  }
}

void DocumentStream::close_pending() {
  if (pending_) ask("empty_document", pending_->page, pending_->sheet);
  pending_.reset();
}

void DocumentStream::end_document() {
  in_document_ = false;
  envelope_next_ = false;
  role_ = PageRole::content;
}

void DocumentStream::start_document(const Act& act, const SheetReading& sheet) {
  close_pending();
  end_document();
  once_class_.clear();
  seen_anything_ = true;
  if (!act.document_class.empty())
    (act.kind == RoutingKind::closed_item ? once_class_ : class_) = act.document_class;
  if (!act.department.empty()) department_ = act.department;
  said_by_sheet_ = said_by_sheet_ || !act.document_class.empty() || !act.department.empty();
  reference_ = {"reference", act.reference, 1, "barcode", separator_page(sheet)};
  if (act.kind != RoutingKind::document_class) pending_ = Waiting{separator_page(sheet), sheet.sheet};
}

void DocumentStream::begin_batch(const Act& act, const SheetReading& sheet) {
  if (seen_anything_) ask("batch_sheet_inside", separator_page(sheet), sheet.sheet);
  Act as_class = act;
  as_class.kind = RoutingKind::document_class;
  start_document(as_class, sheet);
}

void DocumentStream::mark_urgent(const SheetReading& sheet) {
  if (urgent_) ask("urgent_without_document", urgent_->page, urgent_->sheet);
  urgent_ = Waiting{separator_page(sheet), sheet.sheet};
  seen_anything_ = true;
  if (!pending_) end_document();
}

void DocumentStream::add_label(const std::string& reference, const std::string& page) {
  if (reference.empty()) return;
  const IndexField field{"reference", reference, 1, "barcode", page};
  if (!in_document_) {
    reference_ = field;
    return;
  }
  auto& document = documents_.back();
  if (document.reference.empty()) document.reference = reference;
  if (document.reference != reference) document.remarks.push_back("several_references");
  document.fields.push_back(field);
}

AssembledDocument& DocumentStream::open_document(const std::string& first_page) {
  if (in_document_) return documents_.back();
  AssembledDocument document{.key = first_page};
  document.document_class = once_class_.empty() ? class_ : once_class_;
  document.department = department_;
  document.priority = urgent_ ? Priority::urgent : Priority::ordinary;
  document.received = batch_.received;
  const std::string source = said_by_sheet_ ? "barcode" : "profile";
  document.fields = {{"class", document.document_class, 1, source, ""},
                     {"department", document.department, 1, source, ""}};
  if (!reference_.value.empty()) {
    document.reference = reference_.value;
    document.fields.push_back(reference_);
  }
  documents_.push_back(std::move(document));
  reference_ = {};
  pending_.reset();
  urgent_.reset();
  once_class_.clear();
  in_document_ = true;
  return documents_.back();
}

/// What a file of this house says about itself (docs/formats/page-report.md, member `file.fields`).
void DocumentStream::add_stated_fields(const SideReading& side) {
  if (!side.page->report || !side.page->report->file.is_object()) return;
  for (const auto& field : side.page->report->file.value("fields", nlohmann::json::array()))
    documents_.back().fields.push_back(
        {field.value("name", ""), field.value("value", ""), 1, "kiosk", side.page->id});
}

void DocumentStream::add_content(const SideReading& side) {
  if (envelope_now_) {
    put_aside(side, PageRole::envelope);
    return;
  }
  auto& document = open_document(side.page->id);
  document.pages.push_back({side.page->id, role_});
  if (!side.page->report) document.remarks.push_back("page_not_read");
  add_label(side.label, side.page->id);
  add_stated_fields(side);
}

void DocumentStream::finish() {
  close_pending();
  if (urgent_) ask("urgent_without_document", urgent_->page, urgent_->sheet);
  urgent_.reset();
  end_document();
}

}  // namespace mailroom::assembly
