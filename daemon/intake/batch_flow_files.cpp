#include <algorithm>

#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/received_format.h"

/// How files come in that were never paper (docs/formats/hot-folder.md). A file is the one side of a batch of
/// its own: what holds for captured sides holds for it.
namespace mailroom::intake {
namespace {

using archive::Batch;
using nlohmann::json;

constexpr std::size_t kNameAtMost = 200;  // bytes of a name that are kept

std::string short_name(const std::string& name) {
  std::string kept = name.substr(0, kNameAtMost);
  std::replace_if(
      kept.begin(), kept.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '_');
  return kept;
}

}  // namespace

Result<CapturedImage> side_of(const ReceivedFile& file) {
  if (file.bytes.size() > kReceivedAtMost)
    return fail(Errc::refused, "the file is larger than 64 MiB", {}, "send it in another way");
  CapturedImage image;
  MAILROOM_TRY(image.format, received_format(file.bytes));
  image.sheet = 1;
  image.sha256 = sha256_hex(file.bytes);
  return image;
}

Result<Batch> BatchFlow::open_for_file(const ReceivedFile& file, const CapturedImage& image) {
  const auto profile = rooms_.configuration.profiles.find(file.profile);
  if (profile == rooms_.configuration.profiles.end() || profile->second.source != kFilesSource)
    return fail(Errc::invalid_input, "the profile '" + file.profile + "' takes in no files");
  MAILROOM_TRY(const auto known, rooms_.catalogue.invoices().received(file.origin));
  if (known) return rooms_.catalogue.batches().get(known->batch);
  NewBatch wanted;
  wanted.scanner = kFilesSource;
  wanted.profile = file.profile;
  wanted.operator_id = file.operator_id;
  wanted.declared_sheets = 1;
  wanted.channel = file.channel;
  if (!wanted.channel && image.format == ImageFormat::mail) wanted.channel = Channel::email;
  wanted.caller = file.caller;
  MAILROOM_TRY(const Batch batch, open(wanted));
  kill_point("receive.opened");
  return batch;
}

Result<Batch> BatchFlow::take_file(const Batch& opened, const ReceivedFile& file,
                                   const CapturedImage& image) {
  const Timestamp now = rooms_.clock.now();
  archive::Page page;
  page.id = new_uuid(rooms_.clock);
  page.batch = opened.id;
  page.image = image;
  page.size = file.bytes.size();
  Batch batch = opened;
  batch.sheets = 1;
  batch.device = {{"type", kFilesSource}};
  batch.feed_end = "received";
  archive::Feed feed;
  feed.batch = batch.id;
  feed.sheets = 1;
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.pages().insert(page, now));
  if (file.report) MAILROOM_TRY_VOID(rooms_.catalogue.pages().record_report(page.id, *file.report));
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().update_feed(batch));
  MAILROOM_TRY_VOID(rooms_.catalogue.feeds().end(feed, now));
  MAILROOM_TRY_VOID(
      rooms_.catalogue.invoices().insert({file.origin, batch.id, short_name(file.name), image.sha256}, now));
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().step(batch.id, BatchState::closed, now));
  MAILROOM_TRY_VOID(audit(transaction, "daemon", "file.received", {batch.id},
                          {{"sha256", image.sha256},
                           {"size", std::int64_t(page.size)},
                           {"media_type", media_type_of(image.format)}}));
  kill_point("receive.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("receive.after_commit");
  log::notice("file received", {.batch = batch.id});
  requests_.changed();
  if (file.report) {
    MAILROOM_TRY_VOID(assemble(batch.id));
  } else {
    requests_.read(batch, page);
  }
  return rooms_.catalogue.batches().get(batch.id);
}

/// The daemon ended between opening the batch and taking its file. Whoever gave the file still has it and
/// gives it again.
Result<void> BatchFlow::recover_file(const Batch& batch) {
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().step(batch.id, BatchState::discarded, rooms_.clock.now()));
  MAILROOM_TRY_VOID(
      audit(transaction, "daemon", "batch.feed_failed", {batch.id}, {{"reason", name_of(Errc::crashed)}}));
  MAILROOM_TRY_VOID(transaction.commit());
  return put_untaken_aside(batch);
}

}  // namespace mailroom::intake
