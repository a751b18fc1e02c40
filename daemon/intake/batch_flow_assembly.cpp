#include <algorithm>
#include <map>

#include "daemon/archive/batch_fate.h"
#include "daemon/assembly/assemble.h"
#include "daemon/assembly/refed.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/invoice_memory.h"

namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::ClarificationRow;
using archive::DocumentRow;
using archive::Page;
using assembly::Assembly;
using nlohmann::json;

/// The fault that a feed left behind: the name of a kind, or of an error that came before the first sheet.
FaultKind kind_of(const std::string& feed_end) {
  if (const auto kind = fault_kind_from(feed_end)) return *kind;
  return fault_kind_of(errc_from(feed_end).value_or(Errc::io));
}

assembly::BatchFacts batch_facts(const Batch& batch) {
  assembly::BatchFacts facts;
  facts.id = batch.id;
  facts.attended = batch.mode != "unattended";
  facts.priority = batch.priority;
  facts.profile = batch.profile;
  facts.received = batch.received;
  facts.sheets_fed = batch.sheets;
  facts.declared = batch.declared_sheets;
  facts.device_counter = batch.device_sheets;
  facts.feeder_empty = batch.feeder_empty;
  facts.confirmed = batch.confirmed_sheets;
  if (batch.state == BatchState::interrupted || !batch.fault.empty()) {
    facts.faults.push_back({.kind = kind_of(batch.feed_end), .sheet = batch.sheets + 1});
    facts.faults.back().error.what = batch.fault;
  }
  return facts;
}

/// Sheets that the device counted in a feed and that left no whole image.
int passes_without_image(const archive::Feed& feed) {
  if (!feed.fault) return 0;
  // A side that could not be stored: the scanner had run ahead by some sheets.
  if (feed.fault->kind == FaultKind::not_stored) return std::max(0, feed.counted.value_or(0) - feed.sheets);
  return feed.fault->went_through() ? 1 : 0;
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

int turn_of(const Assembly& assembly, const std::string& page) {
  const auto found = assembly.turns.find(page);
  return found == assembly.turns.end() ? 0 : found->second;
}

/// The document's pages in its order; those set aside within it each behind the page it was fed after.
std::vector<archive::DocumentPage> pages_of(const assembly::AssembledDocument& document,
                                            const Assembly& assembly, const std::vector<Page>& feed) {
  std::map<std::string, std::size_t> fed;
  for (std::size_t i = 0; i < feed.size(); ++i) fed[feed[i].id] = i;
  std::vector<archive::DocumentPage> pages;
  for (const auto& part : document.pages)
    pages.push_back({part.page, part.role, turn_of(assembly, part.page)});
  for (const auto& aside : assembly.set_aside) {
    if (aside.document != document.key) continue;
    auto nearest = pages.end();
    for (auto it = pages.begin(); it != pages.end(); ++it) {
      const bool before = fed.at(it->page) < fed.at(aside.page);
      if (before && (nearest == pages.end() || fed.at(it->page) > fed.at(nearest->page))) nearest = it;
    }
    pages.insert(nearest == pages.end() ? pages.begin() : nearest + 1,
                 {aside.page, aside.role, turn_of(assembly, aside.page)});
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
  row.confirmed_by = assembled.confirmed_by;
  row.checked_by = assembled.checked_by;
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
    MAILROOM_TRY_VOID(rooms_.catalogue.records().insert(row.id, assembled.records));
    const auto invoice = std::find_if(assembly.invoices.begin(), assembly.invoices.end(),
                                      [&](const auto& i) { return i.document == assembled.key; });
    if (invoice != assembly.invoices.end()) MAILROOM_TRY_VOID(remember_invoice(*invoice, row.id));
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

/// What is known of the feeds of a batch and of the pictures that were compared.
Result<assembly::BatchFacts> BatchFlow::facts_of(const Batch& batch) {
  auto facts = batch_facts(batch);
  MAILROOM_TRY(const auto feeds, rooms_.catalogue.feeds().of_batch(batch.id));
  MAILROOM_TRY(const auto likenesses, rooms_.catalogue.feeds().likenesses_of(batch.id));
  int endorsed = 0;
  bool all_endorsed = !feeds.empty();
  for (const archive::Feed& feed : feeds) {
    facts.feeds.push_back({feed.first_sheet, feed.stated_from.value_or(0)});
    facts.passes_without_image += passes_without_image(feed);
    endorsed += feed.endorsed.value_or(0);
    all_endorsed = all_endorsed && (feed.endorsed || feed.sheets == 0);
  }
  if (all_endorsed && endorsed > 0) facts.endorsed = endorsed;
  for (const auto& known : likenesses) facts.likenesses.push_back({known.page, known.other, known.likeness});
  return facts;
}

/// True when pictures have to be compared first; assemble() is called again with each answer.
bool BatchFlow::ask_for_comparisons(const Batch& batch, const assembly::BatchFacts& facts,
                                    const std::vector<Page>& pages) {
  const auto pairs = assembly::pairs_to_compare(facts, page_facts(pages));
  const auto page = [&](const std::string& id) {
    return std::find_if(pages.begin(), pages.end(), [&](const Page& p) { return p.id == id; });
  };
  if (pairs.empty() || !requests_.compare) return false;
  for (const auto& pair : pairs) {
    if (comparing_.insert({pair.page, pair.other}).second)
      requests_.compare(batch, *page(pair.page), *page(pair.other));
  }
  return true;
}

Result<void> BatchFlow::record_likeness(const std::string& page, const std::string& other,
                                        const Result<Likeness>& outcome) {
  comparing_.erase({page, other});
  const auto found = rooms_.catalogue.pages().get(page);
  if (!found && found.error().code == Errc::not_found) return {};  // given back while it was compared
  MAILROOM_TRY(const Page row, found);
  if (!outcome) log::warning(outcome.error().message(), {.batch = row.batch, .page = page});
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.feeds().record({page, other, outcome.value_or(Likeness{})}));
  MAILROOM_TRY_VOID(transaction.commit());
  return assemble(row.batch);
}

/// Nobody knows whether a batch that came back from a backup went on after it: a person says so.
Result<void> BatchFlow::ask_about_restore(const std::string& id,
                                          const std::vector<archive::ResolutionRow>& answers,
                                          Assembly& assembly) {
  MAILROOM_TRY(const std::string at, archive::restored_at(rooms_.catalogue.database(), id));
  if (at.empty()) return {};
  auto question = assembly::make_clarification("restored", {"batch"}, {}, {{"at", at}});
  const auto answer = std::find_if(answers.rbegin(), answers.rend(), [&](const archive::ResolutionRow& row) {
    return row.clarification_key == question.key;
  });
  if (answer == answers.rend()) {
    assembly.clarifications.push_back(std::move(question));
  } else if (answer->kind == "discard_batch") {
    assembly.discarded = true;
  }
  return {};
}

Result<Assembly> BatchFlow::put_together(const Batch& batch, const std::vector<Page>& pages) {
  MAILROOM_TRY(const auto* book, creditors());
  MAILROOM_TRY(const auto answers, rooms_.catalogue.clarifications().resolutions_of(batch.id));
  MAILROOM_TRY(const auto work, persons_work(batch));
  MAILROOM_TRY(auto facts, facts_of(batch));
  for (const auto& edit : work.edits) {
    if (edit.kind != "rescan") continue;
    const int last = std::min(edit.arguments.value("to", 0), batch.sheets);
    facts.rescanned += std::max(0, last - edit.arguments.value("from", 0) + 1);
  }
  const CatalogueInvoiceMemory memory(rooms_.catalogue);
  const assembly::InvoiceRoom invoices{*book, memory};
  Assembly assembly = assembly::assemble(facts, page_facts(pages), resolutions_from(answers),
                                         rooms_.configuration, rooms_.routing_keys, work, &invoices);
  MAILROOM_TRY_VOID(memory.outcome());
  MAILROOM_TRY_VOID(ask_about_restore(batch.id, answers, assembly));
  return assembly;
}

Result<void> BatchFlow::assemble(const std::string& id) {
  MAILROOM_TRY(Batch batch, rooms_.catalogue.batches().get(id));
  const bool assembled_here = batch.state == BatchState::closed || batch.state == BatchState::interrupted ||
                              batch.state == BatchState::held;
  if (!assembled_here) return {};
  MAILROOM_TRY(const auto count, rooms_.catalogue.pages().count(id));
  if (count.read < count.taken) return {};
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(id));
  MAILROOM_TRY(const auto facts, facts_of(batch));
  if (ask_for_comparisons(batch, facts, pages)) return {};
  MAILROOM_TRY(const Assembly assembly, put_together(batch, pages));
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

/// A changed account is confirmed by two persons.
Result<void> BatchFlow::check_second_person(const ClarificationRow& row, const Answer& answer) const {
  if (row.reason != "invoice_iban_second" && row.reason != "invoice_iban_changed") return {};
  MAILROOM_TRY(const auto answers, rooms_.catalogue.clarifications().resolutions_of(row.batch));
  for (const auto& before : answers) {
    const bool other_half = before.clarification_key != row.key &&
                            before.clarification_key.find("/invoice_iban_") != std::string::npos;
    if (other_half && before.person == answer.person && before.kind == "confirm" && answer.kind == "confirm")
      return fail(Errc::refused, "a changed account needs the word of a second person",
                  Place::in_batch(row.batch));
  }
  return {};
}

/// Quality control is done by another person than the one at the scanner, where the class says so.
Result<void> BatchFlow::check_other_person(const Batch& batch, const std::string& document_class,
                                           const std::string& person) const {
  const auto& its_class = rooms_.configuration.classes.at(document_class);
  if (!its_class.quality_other_person || batch.operator_id != person) return {};
  return fail(Errc::refused, "another person than the one at the scanner must check this document",
              Place::in_batch(batch.number));
}

Result<void> BatchFlow::check_quality_person(const ClarificationRow& row, const std::string& first_page,
                                             const Answer& answer) {
  if (row.reason != "gate_quality_control" || answer.kind == "discard_batch") return {};
  MAILROOM_TRY(const BatchLook seen, look(row.batch));
  for (const auto& document : seen.assembly.documents) {
    if (document.pages.front().page != first_page) continue;
    return check_other_person(seen.batch, document.document_class, answer.person);
  }
  return {};
}

Result<void> BatchFlow::check_answer(const ClarificationRow& row, const Answer& answer) {
  if (row.state != archive::kOpen) {
    return fail(Errc::illegal_state, "this clarification is " + row.state + " already",
                Place::in_batch(row.batch));
  }
  if (answer.version && *answer.version != row.version) {
    return fail(Errc::conflict, "somebody has answered this clarification meanwhile",
                Place::in_batch(row.batch), "look at it again");
  }
  MAILROOM_TRY(const auto clarification, assembly::clarification_from(row.body));
  MAILROOM_TRY_VOID(check_second_person(row, answer));
  MAILROOM_TRY_VOID(check_quality_person(row, clarification.subjects.at(0), answer));
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
  const bool after_release = is_about_a_released_document(row.reason);
  if (after_release) MAILROOM_TRY_VOID(answer_after_release(transaction, row, answer, to_seal));
  MAILROOM_TRY([[maybe_unused]] const int version, rooms_.catalogue.batches().bump_version(row.batch));
  kill_point("answer.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("answer.after_commit");
  requests_.changed();
  if (!to_seal.empty()) requests_.seal(to_seal);
  if (answer.kind == "resend") requests_.deliver();
  if (!after_release) MAILROOM_TRY_VOID(assemble(row.batch));
  return rooms_.catalogue.batches().get(row.batch);
}

}  // namespace mailroom::intake
