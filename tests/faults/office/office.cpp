#include "tests/faults/office/office.h"

#include <algorithm>

#include "daemon/archive/undelivered.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/manifest.h"
#include "daemon/intake/verification.h"
#include "tests/faults/file_layer/file_layer.h"
#include "tests/intake/samples.h"

namespace mailroom::faults {
namespace {

using archive::Batch;
using intake::SpoolEntry;

void must(const Result<void>& outcome) {
  if (!outcome) throw OfficeEnded(outcome.error().message());
}
template <typename T>
T must(Result<T> outcome) {
  if (!outcome) throw OfficeEnded(outcome.error().message());
  return std::move(*outcome);
}

const std::vector<RoutingKey>& routing_keys() {
  static const std::vector<RoutingKey> keys{new_routing_key()};
  return keys;
}

const intake::RecipientCertificates& certificates() {
  static const intake::RecipientCertificates all = [] {
    intake::RecipientCertificates made;
    made.emplace("hr", Certificate::read(test::identities() / "hr.pem").value());
    return made;
  }();
  return all;
}

std::span<const Certificate> trusted() {
  static const std::vector<Certificate> all = [] {
    std::vector<Certificate> made;
    made.push_back(Certificate::read(test::identities() / "ca.pem").value());
    return made;
  }();
  return all;
}

const Configuration& configuration() {
  static const Configuration all = test::without_invoices(test::shipped());
  return all;
}

PageReport reading_of(const PaperSide& side, const CapturedImage& image) {
  PageReport report;
  report.width = image.width;
  report.height = image.height;
  report.dpi = image.dpi;
  report.blank = is_blank(side);
  report.engines = {"tesseract 5.3.0"};
  return report;
}

SpoolEntry entry_of(const archive::Page& page) {
  return {page.batch, page.image.sheet, page.image.side, page.image.format};
}

}  // namespace

Office::Office(const std::filesystem::path& folder) : folder_(folder), spool_(folder / "spool") {
  open_rooms();
}

/// The order of lay_foundation() and Appliance::open().
void Office::open_rooms() {
  lock_.emplace(must(archive::DataFolderLock::take(folder_)));
  contents_.emplace(must(archive::ContentStore::open(folder_ / "content")));
  catalogue_.emplace(must(archive::Catalogue::open(folder_ / "catalogue.db")));
  const intake::FlowRequests requests{
      [this](const Batch&, const archive::Page& page) { to_read_.push_back(page.id); },
      [this](const std::string& document) { to_seal_.push_back(document); }, [] {}, [] {}};
  flow_.emplace(intake::FlowRooms{*catalogue_, spool_, *contents_, configuration(), routing_keys(),
                                  test::appliance(), clock_, folder_ / "unowned", "mailroomd", folder_},
                requests);
  outbox_.emplace(
      core_, *catalogue_, *contents_, clock_,
      [this](auto& transaction, const auto& delivery, const auto& receipt) {
        return flow_->record_answer(transaction, delivery, receipt);
      },
      [] {},
      [this](auto& transaction, const auto& delivery) { return flow_->record_dead(transaction, delivery); },
      [this](const auto& delivery, const auto& error) {
        return flow_->record_content_damage(delivery, error);
      });
  must(flow_->recover());
}

void Office::promise(World& world, const std::function<void(World&)>& change) {
  World changed = world;
  change(changed);
  if (promised_ && !promised_(changed)) throw OfficeEnded("the process is dead");
  world = std::move(changed);
}

/// A batch that was opened and of which the operator never heard holds nothing.
void Office::discard_unknown(const World& world) {
  for (const BatchState state : {BatchState::interrupted, BatchState::closed, BatchState::held}) {
    const auto batches = must(catalogue_->batches().in_state(state));
    for (const Batch& batch : batches) {
      const bool known = std::any_of(world.stacks.begin(), world.stacks.end(),
                                     [&](const Stack& stack) { return stack.batch == batch.id; });
      if (!known) must(flow_->discard(batch.id, "mm", "nothing was fed"));
    }
  }
}

void Office::feed_sheets(World& world, int stack, const Batch& batch) {
  const int sheets = world.stacks[std::size_t(stack)].sheets;
  drivers::FeedSummary summary;
  summary.device = {"virtual:one", "Mailroom", "Virtual feeder", "virtual device"};
  Result<void> taken;
  for (int sheet = batch.sheets + 1; taken && sheet <= sheets; ++sheet) {
    for (const Side side : {Side::front, Side::back}) {
      CapturedImage image = picture_of({stack, sheet, side});
      taken = spool_.store({batch.id, sheet, side, image.format}, image.bytes);
      if (taken) taken = flow_->take(batch.id, image, image.bytes.size());
      if (!taken) break;
      promise(world, [&](World& w) { w.credited.insert({stack, sheet, side}); });
      summary.images += 1;
      if (side == Side::front) ++summary.sheets;
    }
  }
  summary.count = {summary.sheets, !taken, false};
  if (!taken) {
    summary.end = drivers::FeedEnd::fault;
    summary.fault =
        FeedFault{fault_kind_of(taken.error().code), 0, Side::front, PaperAt::unknown, taken.error()};
  }
  must(flow_->end_feed(batch.id, summary));
}

/// Both sides of every sheet: half a sheet is fed again.
bool Office::is_all_taken(const Stack& paper) {
  return must(catalogue_->pages().count(paper.batch)).taken == 2 * paper.sheets;
}

void Office::feed(World& world, int stack) {
  Stack& paper = world.stacks[std::size_t(stack)];
  if (paper.batch.empty()) {
    const Batch batch =
        must(flow_->open({"virtual:one", paper.profile, "mm", paper.sheets, "", {}, "uid:7"}));
    promise(world, [&](World& w) { w.stacks[std::size_t(stack)].batch = batch.id; });
    return feed_sheets(world, stack, batch);
  }
  const Batch batch = must(catalogue_->batches().get(paper.batch));
  if (batch.state != BatchState::interrupted || is_all_taken(paper)) return;
  feed_sheets(world, stack, must(flow_->reopen(batch.id, "mm")));
}

std::string Office::answer_to(const archive::ClarificationRow& row) const {
  if (row.reason.starts_with("count_")) return "confirm_count";
  if (row.reason == "seal_failed") return "retry";
  if (row.reason == "feed_fault") return "confirm";
  const auto expected = expected_.find(row.reason);
  if (expected == expected_.end())
    throw OfficeEnded("a question that nothing has given a reason for: " + row.reason);
  return expected->second;
}

void Office::answer_questions(const World& world) {
  const auto open = must(catalogue_->clarifications().open());
  for (const auto& row : open) {
    const auto paper = std::find_if(world.stacks.begin(), world.stacks.end(),
                                    [&](const Stack& stack) { return stack.batch == row.batch; });
    if (paper == world.stacks.end()) continue;
    if (!is_all_taken(*paper)) continue;  // the rest is fed first
    intake::Answer answer{row.id, answer_to(row), nlohmann::json::object(), "mm"};
    if (answer.kind == "confirm_count") answer.arguments = {{"sheets", paper->sheets}};
    const auto answered = flow_->answer(answer);
    // An earlier answer may have settled this one.
    if (!answered && answered.error().code != Errc::illegal_state) must(Result<void>(fail(answered.error())));
  }
}

void Office::read_asked() {
  while (!to_read_.empty()) {  // a worker that died has its page asked for again
    const std::string id = to_read_.front();
    to_read_.erase(to_read_.begin());
    const auto page = catalogue_->pages().get(id);
    if (!page) continue;
    if (reader_) {
      must(flow_->record_reading(id, reader_(*page)));
      continue;
    }
    const auto bytes = spool_.read(entry_of(*page), page->image.sha256);
    PaperSide side{0, page->image.sheet, page->image.side};
    must(flow_->record_reading(id, bytes ? Result<PageReport>(reading_of(side, page->image))
                                         : Result<PageReport>(fail(bytes.error()))));
  }
}

void Office::seal_asked() {
  intake::Sealing sealing(configuration(), test::appliance(), certificates(), spool_, *contents_);
  for (const auto& document : std::exchange(to_seal_, {})) {
    auto order = flow_->seal_order(document);
    if (!order && order.error().code == Errc::illegal_state) continue;
    if (!order) {
      must(flow_->record_seal_failure(document, order.error()));
      continue;
    }
    const auto sealed = sealing.seal(*order);
    must(sealed ? flow_->record_sealed(*sealed) : flow_->record_seal_failure(document, sealed.error()));
  }
}

/// The recipient fetches and proves every content, stores the transfer note, and answers.
void Office::receive(World& world, const std::string& recipient, const std::string& id,
                     const std::string& text) {
  const auto manifest = must(delivery::read_manifest(text));
  delivery::Receipt receipt{id, delivery::ReceiptStatus::stored, "A-" + id};
  std::string note;
  for (const auto& content : manifest.contents) {
    const auto fetched = content.inline_bytes
                             ? Result<Bytes>(*content.inline_bytes)
                             : outbox_->content_block(recipient, id, content.sha256, 0, content.size);
    // Damage is not handed out; the recipient asks again another day. Any other error ends the daemon.
    if (!fetched && (fetched.error().code == Errc::corrupt || fetched.error().code == Errc::not_found))
      return;
    Bytes bytes = must(fetched);
    if (sha256_hex(bytes) != content.sha256)
      throw OfficeEnded("a content does not match its digest at " + recipient);
    receipt.contents.push_back({content.role, content.sha256});
    if (content.encrypted)
      bytes = must(decrypt_with(bytes, must(read_identity(test::identities(), recipient))));
    if (content.role == "transfer-note" && content.media_type == archive::kNoteMediaType)
      note.assign(bytes.begin(), bytes.end());
  }
  promise(world, [&](World& w) { w.notes[recipient][id] = note; });
  const auto outcome = must(outbox_->record_receipt(recipient, receipt, clock_.now()));
  const bool taken =
      outcome == delivery::ReceiptOutcome::accepted || outcome == delivery::ReceiptOutcome::duplicate;
  if (!taken) throw OfficeEnded("a right receipt was not taken");
  promise(world, [&](World& w) { w.acknowledged.insert(id); });
}

void Office::deliver_to(World& world, const std::string& recipient) {
  const auto due = must(outbox_->due(recipient, clock_.now(), 100));
  for (const auto& owed : due) {
    promise(world, [&](World& w) { w.manifests[recipient][owed.id] = owed.manifest; });
    must(outbox_->record_attempt(owed.id, clock_.now(), clock_.now() + std::chrono::seconds(5)));
    receive(world, recipient, owed.id, owed.manifest);
  }
}

void Office::deliver(World& world) {
  later(std::chrono::minutes(20));
  for (const char* recipient : {"ecm", "payment", "hr"}) deliver_to(world, recipient);
}

void Office::work(World& world, const Promised& promised) {
  auto& layer = FileLayer::instance();
  promised_ = promised;
  discard_unknown(world);
  for (int stack = 0; stack < int(world.stacks.size()); ++stack) {
    layer.label("capture");
    feed(world, stack);
    read_asked();
    answer_questions(world);
    layer.label("delivery");
    seal_asked();
    deliver(world);
  }
  deliver(world);  // what an earlier life has sent comes due again only some time later
  promised_ = nullptr;
}

void Office::expire_working_copies() {
  must(flow_->expire_working_copies());
}

std::vector<std::string> Office::broken_promises(const World& world) {
  std::vector<std::string> broken;
  for (const PaperSide& side : world.credited) {
    const Stack& paper = world.stacks[std::size_t(side.stack)];
    const bool whole = world.credited.contains({side.stack, side.sheet, Side::back});
    if (!whole) continue;  // half a sheet is fed again
    const auto pages = must(catalogue_->pages().of_batch(paper.batch));
    const auto page = std::find_if(pages.begin(), pages.end(), [&](const archive::Page& row) {
      return row.image.sheet == side.sheet && row.image.side == side.side;
    });
    const std::string name = "stack " + std::to_string(side.stack) + " sheet " + std::to_string(side.sheet);
    if (page == pages.end() || page->image.sha256 != picture_of(side).sha256) {
      broken.push_back(name + " was credited and is not in the catalogue");
    } else if (const auto bytes = spool_.read(entry_of(*page), page->image.sha256); !bytes) {
      broken.push_back(name + " was credited: " + bytes.error().message());
    }
  }
  for (const auto& [recipient, manifests] : world.manifests) {
    for (const auto& [id, text] : manifests) {
      const auto row = must(catalogue_->deliveries().find(id));
      if (!row || row->manifest != text) {
        broken.push_back(recipient + " has manifest " + id + ", which the outbox does not know");
      } else if (world.acknowledged.contains(id) && row->state != archive::kStored) {
        broken.push_back("the receipt for " + id + " was acknowledged and is forgotten");
      }
    }
  }
  return broken;
}

std::vector<std::string> Office::findings() {
  intake::Verification verification(core_, *catalogue_, *contents_, spool_, trusted());
  const auto report = must(verification.run(intake::Verification::Depth::deep));
  std::vector<std::string> texts;
  for (const auto& finding : report.findings)
    texts.push_back("verify: " + finding.what + ' ' + finding.where + ": " + finding.text);
  return texts;
}

std::vector<std::string> Office::unlisted(const World& world) {
  std::vector<std::string> missing;
  for (const auto& [recipient, manifests] : world.manifests) {
    for (const auto& [id, text] : manifests) {
      if (must(catalogue_->deliveries().find(id))) continue;
      delivery::Receipt told{id, delivery::ReceiptStatus::stored, "A-" + id, {}, {}, 0};
      const auto manifest = must(delivery::read_manifest(text));
      for (const auto& content : manifest.contents)
        told.contents.push_back({content.role, content.sha256});
      (void)must(outbox_->record_receipt(recipient, told, clock_.now()));
      const auto listed = must(archive::Undelivered(catalogue_->database()).held_elsewhere());
      const bool there = std::any_of(listed.begin(), listed.end(), [&](const archive::HeldElsewhere& held) {
        return held.id == id && held.recipient == recipient;
      });
      if (!there) missing.push_back(recipient + " holds " + id + ", which nobody here hears of");
    }
  }
  return missing;
}

std::vector<std::string> Office::unfinished(const World& world) {
  std::vector<std::string> open;
  for (const Stack& stack : world.stacks) {
    const Batch batch = must(catalogue_->batches().get(stack.batch));
    if (batch.state != BatchState::finished)
      open.push_back("batch " + batch.number + " is " + std::string(name_of(batch.state)) + " in the end");
  }
  const auto wrong = wrong_at_recipients(world);
  open.insert(open.end(), wrong.begin(), wrong.end());
  return open;
}

}  // namespace mailroom::faults
