#include <algorithm>
#include <map>

#include "daemon/assembly/assemble.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/batch_flow.h"

namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::ClarificationRow;
using archive::DocumentRow;
using archive::Page;
using assembly::Assembly;
using nlohmann::json;

assembly::BatchFacts batch_facts(const Batch& batch) {
  assembly::BatchFacts facts;
  facts.profile = batch.profile;
  facts.received = batch.received;
  facts.sheets_fed = batch.sheets;
  facts.declared = batch.declared_sheets;
  facts.device_counter = batch.device_sheets;
  facts.feeder_empty = batch.feeder_empty;
  facts.confirmed = batch.confirmed_sheets;
  if (batch.state == BatchState::interrupted || !batch.fault.empty()) {
    facts.faults.push_back({errc_from(batch.feed_end).value_or(Errc::io), batch.sheets + 1, batch.fault});
  }
  return facts;
}

std::vector<assembly::PageFacts> page_facts(const std::vector<Page>& pages) {
  std::vector<assembly::PageFacts> facts;
  for (const Page& page : pages) {
    assembly::PageFacts fact;
    fact.id = page.id;
    fact.sheet = page.image.sheet;
    fact.side = page.image.side;
    fact.sha256 = page.image.sha256;
    fact.report = page.report;
    if (page.failure)
      fact.failure = {errc_from(page.failure->code).value_or(Errc::corrupt), page.failure->text};
    fact.deaths = page.deaths;
    facts.push_back(std::move(fact));
  }
  return facts;
}

std::vector<assembly::Resolution> resolutions_from(const std::vector<archive::ResolutionRow>& rows) {
  std::vector<assembly::Resolution> resolutions;
  for (const auto& row : rows) {
    resolutions.push_back({row.clarification_key, row.kind, row.arguments, row.person, row.at});
  }
  return resolutions;
}

/// The document's own pages and those set aside within it, in the order of the feed.
std::vector<archive::DocumentPage> pages_of(const assembly::AssembledDocument& document,
                                            const Assembly& assembly, const std::vector<Page>& feed) {
  std::map<std::string, PageRole> roles;
  for (const auto& part : document.pages) roles[part.page] = part.role;
  for (const auto& aside : assembly.set_aside) {
    if (aside.document == document.key) roles[aside.page] = aside.role;
  }
  std::vector<archive::DocumentPage> pages;
  for (const Page& page : feed) {
    if (const auto role = roles.find(page.id); role != roles.end()) pages.push_back({page.id, role->second});
  }
  return pages;
}

DocumentRow document_row(const assembly::AssembledDocument& assembled, const Batch& batch,
                         std::size_t index) {
  DocumentRow row;
  row.batch = batch.id;
  row.key = assembled.key;
  row.number = batch.number + "-" + std::to_string(index);
  row.state = DocumentState::released;
  row.document_class = assembled.document_class;
  row.department = assembled.department;
  row.priority = assembled.priority;
  row.received = assembled.received;
  row.originals = assembled.originals;
  row.confidentiality = assembled.confidentiality;
  row.fields = assembled.fields;
  row.reference = assembled.reference;
  row.remarks = assembled.remarks;
  return row;
}

}  // namespace

Result<void> BatchFlow::raise(const std::string& batch, const assembly::Clarification& clarification,
                              const std::vector<ClarificationRow>& known) {
  auto clarifications = rooms_.catalogue.clarifications();
  const json body = assembly::to_json(clarification);
  const auto row =
      std::find_if(known.begin(), known.end(), [&](const auto& r) { return r.key == clarification.key; });
  if (row == known.end()) {
    ClarificationRow fresh;
    fresh.id = new_uuid(rooms_.clock);
    fresh.batch = batch;
    fresh.key = clarification.key;
    fresh.scope = assembly::name_of(clarification.scope);
    fresh.reason = clarification.reason;
    fresh.body = body;
    return clarifications.insert(fresh, rooms_.clock.now());
  }
  if (row->body != body) MAILROOM_TRY_VOID(clarifications.set_body(row->id, body));
  if (row->state != archive::kOpen)
    return clarifications.set_state(row->id, archive::kOpen, rooms_.clock.now());
  return {};
}

Result<void> BatchFlow::settle_clarifications(const std::string& batch, const Assembly& assembly) {
  auto clarifications = rooms_.catalogue.clarifications();
  MAILROOM_TRY(const auto known, clarifications.of_batch(batch));
  MAILROOM_TRY(const auto answers, clarifications.resolutions_of(batch));
  for (const auto& clarification : assembly.clarifications)
    MAILROOM_TRY_VOID(raise(batch, clarification, known));
  for (const ClarificationRow& row : known) {
    const bool raised = std::any_of(assembly.clarifications.begin(), assembly.clarifications.end(),
                                    [&](const auto& c) { return c.key == row.key; });
    if (raised || row.state != archive::kOpen) continue;
    const bool answered = std::any_of(answers.begin(), answers.end(), [&](const auto& answer) {
      return answer.clarification_key == row.key;
    });
    MAILROOM_TRY_VOID(
        clarifications.set_state(row.id, answered ? archive::kResolved : archive::kGone, rooms_.clock.now()));
  }
  return {};
}

Result<std::vector<std::string>> BatchFlow::release(archive::Transaction& transaction, const Batch& batch,
                                                    const Assembly& assembly,
                                                    const std::vector<Page>& pages) {
  std::vector<std::string> released;
  for (const auto& assembled : assembly.documents) {
    DocumentRow row = document_row(assembled, batch, released.size() + 1);
    row.id = new_uuid(rooms_.clock);
    row.pages = pages_of(assembled, assembly, pages);
    MAILROOM_TRY_VOID(rooms_.catalogue.documents().insert(row, rooms_.clock.now()));
    released.push_back(row.id);
  }
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().step(batch.id, BatchState::released, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, "daemon", "batch.released", {batch.id},
                          {{"documents", std::int64_t(released.size())},
                           {"counted_by", assembly.count.source},
                           {"sheets", batch.sheets}}));
  MAILROOM_TRY_VOID(finish_if_done(transaction, batch.id));
  return released;
}

Result<void> BatchFlow::record_roles(const Assembly& assembly) {
  auto pages = rooms_.catalogue.pages();
  for (const auto& document : assembly.documents) {
    for (const auto& part : document.pages) MAILROOM_TRY_VOID(pages.record_role(part.page, part.role));
  }
  for (const auto& aside : assembly.set_aside) MAILROOM_TRY_VOID(pages.record_role(aside.page, aside.role));
  return {};
}

Result<void> BatchFlow::move_on(archive::Transaction& transaction, Batch& batch, const Assembly& assembly,
                                const std::vector<Page>& pages, std::vector<std::string>& released) {
  auto batches = rooms_.catalogue.batches();
  const Timestamp now = rooms_.clock.now();
  if (assembly.discarded) {
    MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::discarded, now));
    return audit(transaction, "daemon", "batch.discarded", {batch.id});
  }
  if (assembly.releasable()) {
    // Confirmed as complete by a person: the feed is over, whatever interrupted it.
    if (batch.state == BatchState::interrupted)
      MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::closed, now));
    MAILROOM_TRY(released, release(transaction, batch, assembly, pages));
    return {};
  }
  // An interrupted batch stays so: its feeder may go on while the questions are open.
  if (batch.state != BatchState::closed) return {};
  MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::held, now));
  return audit(transaction, "daemon", "batch.held", {batch.id},
               {{"clarifications", std::int64_t(assembly.clarifications.size())}});
}

Result<void> BatchFlow::assemble(const std::string& id) {
  MAILROOM_TRY(Batch batch, rooms_.catalogue.batches().get(id));
  const bool assembled_here = batch.state == BatchState::closed || batch.state == BatchState::interrupted ||
                              batch.state == BatchState::held;
  if (!assembled_here) return {};
  MAILROOM_TRY(const auto count, rooms_.catalogue.pages().count(id));
  if (count.read < count.taken) return {};
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(id));
  MAILROOM_TRY(const auto answers, rooms_.catalogue.clarifications().resolutions_of(id));
  const Assembly assembly =
      assembly::assemble(batch_facts(batch), page_facts(pages), resolutions_from(answers),
                         rooms_.configuration, rooms_.routing_keys);
  std::vector<std::string> released;
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(settle_clarifications(id, assembly));
  MAILROOM_TRY_VOID(record_roles(assembly));
  batch.counted_by = assembly.count.source;
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().update_feed(batch));
  MAILROOM_TRY_VOID(move_on(transaction, batch, assembly, pages, released));
  kill_point("assemble.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("assemble.after_commit");
  for (const std::string& document : released) requests_.seal(document);
  requests_.changed();
  return {};
}

Result<void> BatchFlow::check_answer(const ClarificationRow& row, const Answer& answer) const {
  if (row.state != archive::kOpen) {
    return fail(Errc::illegal_state, "this clarification is " + row.state + " already",
                Place::in_batch(row.batch));
  }
  if (answer.version && *answer.version != row.version) {
    return fail(Errc::conflict, "somebody has answered this clarification meanwhile",
                Place::in_batch(row.batch), "look at it again");
  }
  MAILROOM_TRY(const auto clarification, assembly::clarification_from(row.body));
  return assembly::check_resolution(
      clarification, {row.key, answer.kind, answer.arguments, answer.person, to_rfc3339(rooms_.clock.now())},
      rooms_.configuration);
}

Result<Batch> BatchFlow::answer(const Answer& answer) {
  auto clarifications = rooms_.catalogue.clarifications();
  MAILROOM_TRY(const ClarificationRow row, clarifications.get(answer.clarification));
  MAILROOM_TRY_VOID(check_answer(row, answer));
  const Timestamp now = rooms_.clock.now();
  std::string to_seal;
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(clarifications.insert_resolution(
      {new_uuid(rooms_.clock), row.batch, row.key, answer.kind, answer.arguments, answer.person, ""}, now));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + answer.person, "clarification.answered",
                          {row.id, row.batch},
                          {{"reason", row.reason},
                           {"kind", answer.kind},
                           {"arguments", answer.arguments},
                           {"caller", answer.caller}}));
  const bool after_release = row.reason == "sent_back" || row.reason == "seal_failed";
  if (after_release) MAILROOM_TRY_VOID(answer_after_release(transaction, row, answer, to_seal));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  if (!to_seal.empty()) requests_.seal(to_seal);
  if (!after_release) MAILROOM_TRY_VOID(assemble(row.batch));
  return rooms_.catalogue.batches().get(row.batch);
}

}  // namespace mailroom::intake
