#include <algorithm>
#include <set>

#include "daemon/assembly/edits.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/batch_flow.h"

/// What persons change at the stations before release.
namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::EditRow;
using assembly::Assembly;
using nlohmann::json;

std::string actor(const std::string& person) {
  return "operator:" + person;
}

/// The sheets that a rescan brought: those behind what had been fed before, up to the next rescan.
void set_last_sheets(std::vector<assembly::Edit>& edits) {
  int next = 0;
  for (auto it = edits.rbegin(); it != edits.rend(); ++it) {
    if (it->kind != "rescan") continue;
    it->arguments["to"] = next > 0 ? next - 1 : 1'000'000;
    next = it->arguments.value("from", 0);
  }
}

/// Of the arguments only what names nobody: values of fields stay out of the audit.
json for_audit(const std::vector<assembly::Edit>& edits) {
  json list = json::array();
  for (const auto& edit : edits) {
    json entry = edit.arguments;
    entry.erase("value");
    entry.erase("box");
    entry["kind"] = edit.kind;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

Result<assembly::PersonsWork> BatchFlow::persons_work(const Batch& batch) {
  assembly::PersonsWork work;
  MAILROOM_TRY(const auto edits, rooms_.catalogue.persons_work().edits_of(batch.id));
  for (const EditRow& row : edits) {
    if (row.undone_by.empty()) work.edits.push_back({row.id, row.kind, row.arguments, row.person, row.at});
  }
  set_last_sheets(work.edits);
  MAILROOM_TRY(const auto results, rooms_.catalogue.persons_work().quality_of(batch.id));
  for (const auto& row : results) work.quality.push_back({row.pages, row.outcome == "accept", row.person});
  return work;
}

Result<BatchLook> BatchFlow::look(const std::string& id) {
  BatchLook look;
  MAILROOM_TRY(look.batch, rooms_.catalogue.batches().get(id));
  if (!rooms_.configuration.profiles.contains(look.batch.profile)) {
    return fail(Errc::unsupported, "the profile of this batch is no longer in the configuration",
                Place::in_batch(look.batch.number), "what became of its documents can still be looked up");
  }
  MAILROOM_TRY(look.pages, rooms_.catalogue.pages().of_batch(look.batch.id));
  MAILROOM_TRY(look.edits, rooms_.catalogue.persons_work().edits_of(look.batch.id));
  MAILROOM_TRY(look.assembly, put_together(look.batch, look.pages));
  return look;
}

/// The batch, when a person may still change it and has seen it as it is.
Result<Batch> BatchFlow::editable(const std::string& id, int version) {
  MAILROOM_TRY(const Batch batch, rooms_.catalogue.batches().get(id));
  const bool open = batch.state == BatchState::feeding || batch.state == BatchState::interrupted ||
                    batch.state == BatchState::closed || batch.state == BatchState::held;
  if (!open) {
    return fail(Errc::illegal_state, "this batch is " + std::string(name_of(batch.state)) + " already",
                Place::in_batch(batch.number), "what is released can only be sent back and corrected");
  }
  if (batch.version != version) {
    return fail(Errc::conflict, "somebody has changed this batch meanwhile", Place::in_batch(batch.number),
                "look at it again; nothing was overwritten");
  }
  return batch;
}

/// A confirmation records what was confirmed.
Result<void> BatchFlow::complete(assembly::Edit& edit, const Assembly& assembly) const {
  const auto key = edit.arguments.at("document").get<std::string>();
  const auto found = std::find_if(assembly.documents.begin(), assembly.documents.end(),
                                  [&](const auto& document) { return document.key == key; });
  if (found == assembly.documents.end())
    return fail(Errc::not_found, "there is no such document in the batch");
  edit.arguments = assembly::confirmation_of(*found);
  return {};
}

Result<void> BatchFlow::edit(const EditOrder& order) {
  MAILROOM_TRY(const Batch batch, editable(order.batch, order.version));
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(batch.id));
  auto work = rooms_.catalogue.persons_work();
  std::vector<assembly::Edit> edits = order.edits;
  std::set<std::string> ids;
  const Timestamp now = rooms_.clock.now();
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  for (auto& edit : edits) {
    MAILROOM_TRY_VOID(assembly::check_edit(edit, rooms_.configuration));
    if (edit.kind == "confirm") {
      MAILROOM_TRY(const Assembly so_far, put_together(batch, pages));
      MAILROOM_TRY_VOID(complete(edit, so_far));
    }
    edit.id = new_uuid(rooms_.clock);
    ids.insert(edit.id);
    MAILROOM_TRY_VOID(
        work.insert(EditRow{edit.id, batch.id, 0, edit.kind, edit.arguments, order.person}, now));
  }
  MAILROOM_TRY(const Assembly after, put_together(batch, pages));
  const bool lost = std::any_of(after.unfollowed.begin(), after.unfollowed.end(),
                                [&](const auto& id) { return ids.contains(id); });
  if (lost) {
    return fail(Errc::invalid_input, "a page or document of the change is not where it was",
                Place::in_batch(batch.number), "look at the batch again");
  }
  MAILROOM_TRY([[maybe_unused]] const int version, rooms_.catalogue.batches().bump_version(batch.id));
  MAILROOM_TRY_VOID(
      audit(transaction, actor(order.person), "batch.edited", {batch.id}, {{"edits", for_audit(edits)}}));
  MAILROOM_TRY_VOID(record_press(transaction, order.press));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return assemble(batch.id);
}

Result<void> BatchFlow::undo(const std::string& id, int version, const std::string& person) {
  MAILROOM_TRY(const Batch batch, editable(id, version));
  auto work = rooms_.catalogue.persons_work();
  MAILROOM_TRY(const auto edits, work.edits_of(batch.id));
  const auto last = std::find_if(edits.rbegin(), edits.rend(), [](const EditRow& row) {
    return row.undone_by.empty() && row.kind != "rescan";  // paper that was fed cannot be unfed
  });
  if (last == edits.rend()) {
    return fail(Errc::illegal_state, "there is nothing to take back", Place::in_batch(batch.number));
  }
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(work.mark_undone(last->id, person, rooms_.clock.now()));
  MAILROOM_TRY([[maybe_unused]] const int now, rooms_.catalogue.batches().bump_version(batch.id));
  MAILROOM_TRY_VOID(audit(transaction, actor(person), "batch.edit_undone", {batch.id},
                          {{"edit", last->id}, {"kind", last->kind}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return assemble(batch.id);
}

Result<void> BatchFlow::check_quality(const QualityOrder& order) {
  MAILROOM_TRY(const Batch batch, editable(order.batch, order.version));
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(batch.id));
  MAILROOM_TRY(const Assembly assembly, put_together(batch, pages));
  const auto found = std::find_if(assembly.documents.begin(), assembly.documents.end(),
                                  [&](const auto& document) { return document.key == order.document; });
  if (found == assembly.documents.end() || found->quality == assembly::Quality::not_required) {
    return fail(Errc::not_found, "this document does not wait for quality control");
  }
  MAILROOM_TRY_VOID(check_other_person(batch, found->document_class, order.person));
  archive::QualityRow row{new_uuid(rooms_.clock), batch.id, {}, order.outcome, order.wrong, order.note,
                          order.person,           ""};
  for (const auto& part : found->pages) row.pages.push_back(part.page);
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.persons_work().insert(row, rooms_.clock.now()));
  MAILROOM_TRY([[maybe_unused]] const int version, rooms_.catalogue.batches().bump_version(batch.id));
  MAILROOM_TRY_VOID(
      audit(transaction, actor(order.person), "document.quality_checked", {batch.id},
            {{"document", order.document}, {"outcome", order.outcome}, {"wrong", order.wrong}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return assemble(batch.id);
}

Result<Batch> BatchFlow::begin_rescan(const RescanOrder& order) {
  MAILROOM_TRY(const Batch batch, editable(order.batch, order.version));
  MAILROOM_TRY(const auto page, rooms_.catalogue.pages().get(order.page));
  // Only what is wholly fed: else the rest of the stack would be taken for the sheet of this place.
  if (batch.state != BatchState::held) {
    return fail(Errc::illegal_state, "sheets can be fed again once the whole stack has been read",
                Place::in_batch(batch.number));
  }
  if (page.batch != batch.id) return fail(Errc::not_found, "there is no such page in the batch");
  const json arguments = {
      {"page", order.page}, {"place", order.instead ? "instead" : "behind"}, {"from", batch.sheets + 1}};
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.persons_work().insert(
      EditRow{new_uuid(rooms_.clock), batch.id, 0, "rescan", arguments, order.person}, rooms_.clock.now()));
  MAILROOM_TRY([[maybe_unused]] const int version, rooms_.catalogue.batches().bump_version(batch.id));
  MAILROOM_TRY_VOID(audit(transaction, actor(order.person), "batch.rescan", {batch.id}, arguments));
  MAILROOM_TRY_VOID(transaction.commit());
  return reopen(batch.id, order.person);
}

}  // namespace mailroom::intake
