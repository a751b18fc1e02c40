#include "daemon/assembly/assemble.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/assembly/accounting.h"
#include "daemon/assembly/document_stream.h"
#include "daemon/assembly/edits.h"
#include "daemon/assembly/gates.h"
#include "daemon/assembly/invoice_questions.h"
#include "daemon/assembly/records.h"
#include "daemon/assembly/refed.h"

namespace mailroom::assembly {
namespace {

std::vector<const PageFacts*> in_feed_order(const std::vector<PageFacts>& pages) {
  std::vector<const PageFacts*> sorted;
  for (const auto& page : pages) sorted.push_back(&page);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->sheet != b->sheet ? a->sheet < b->sheet : a->side < b->side;
  });
  return sorted;
}

/// What the configuration no longer has cannot be followed; the document waits for a person again.
bool is_known(const Edit& edit, const Configuration& configuration) {
  const auto text = [&](const char* name) { return edit.arguments.value(name, std::string()); };
  if (edit.kind == "set_class") return configuration.classes.contains(text("class"));
  if (edit.kind == "set_department") return configuration.departments.contains(text("department"));
  if (edit.kind == "mark_next" && edit.arguments.contains("class"))
    return configuration.classes.contains(text("class"));
  return true;
}

void note_confirmation(AssembledDocument& document, const std::vector<Edit>& edits) {
  for (const auto& edit : edits) {
    if (confirms(edit, document)) document.confirmed_by = edit.person;
  }
}

/// What only counts for the documents as they are in the end.
void note_persons(const BatchFacts& batch, Assembly& assembly, const PersonsWork& work) {
  for (auto& document : assembly.documents) {
    document.priority = std::max(document.priority, batch.priority);
    note_confirmation(document, work.edits);
    const bool checked = document.quality == Quality::not_required || document.quality == Quality::accepted;
    assembly.unchecked += checked ? 0 : 1;
    assembly.unconfirmed += batch.attended && document.confirmed_by.empty() ? 1 : 0;
  }
}

}  // namespace

std::string_view name_of(Quality quality) {
  switch (quality) {
    case Quality::not_required: return "not_required";
    case Quality::waits: return "waits";
    case Quality::accepted: return "accepted";
    case Quality::rejected: return "rejected";
  }
  return "";
}

Assembly assemble(const BatchFacts& batch, const std::vector<PageFacts>& pages,
                  const std::vector<Resolution>& resolutions, const Configuration& configuration,
                  const std::vector<RoutingKey>& keys, const PersonsWork& work, const InvoiceRoom* invoices) {
  const auto profile = configuration.profiles.find(batch.profile);
  if (profile == configuration.profiles.end())
    throw std::logic_error("assemble: no profile " + batch.profile);

  Findings findings(resolutions, configuration);
  const auto in_order = in_feed_order(pages);
  auto sheets = read_sheets(in_order, {profile->second, configuration, keys, findings});
  find_refed(batch, sheets, findings);
  ask_about_repeats(sheets, findings);
  DocumentStream stream(batch, profile->second, findings);
  for (const auto& sheet : sheets) stream.add(sheet);
  stream.finish();

  Assembly assembly;
  EditedBatch edited(batch, in_order, profile->second, stream.take_documents(), stream.take_set_aside());
  for (const auto& edit : work.edits) {
    if (!is_known(edit, configuration) || !edited.apply(edit)) assembly.unfollowed.push_back(edit.id);
  }
  assembly.turns = edited.turns();
  assembly.documents = pass_gates(edited.take_documents(), {batch.id, pages, configuration, findings, work});
  if (invoices != nullptr) {
    assembly.documents = read_invoices(std::move(assembly.documents),
                                       {pages, configuration, *invoices, findings}, assembly.invoices);
    link_records(assembly.documents, assembly.invoices, {pages, configuration, *invoices, findings});
  }
  assembly.set_aside = edited.take_set_aside();
  assembly.count = count_sheets(batch, sheets, profile->second, findings);
  if (assembly.documents.empty()) findings.ask(make_clarification("no_content", {"batch"}, {}, {}));
  note_persons(batch, assembly, work);
  assembly.discarded = findings.discarded();
  assembly.clarifications = findings.take_open();
  return assembly;
}

}  // namespace mailroom::assembly
