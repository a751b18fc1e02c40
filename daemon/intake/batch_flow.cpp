#include "daemon/intake/batch_flow.h"

#include <algorithm>
#include <set>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/assembly/edits.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/local_day.h"
#include "drivers/scanner/names.h"

namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::Page;
using nlohmann::json;

constexpr int kDeathsAllowed = 1;  // the second worker that dies on a page makes it a clarification
constexpr const char* kDaemon = "daemon";

std::string operator_actor(const std::string& person) {
  return "operator:" + person;
}

json settings_json(const drivers::FeedSettings& settings, const Profile& profile) {
  return {{"source", profile.source},
          {"mode", profile.mode},
          {"dpi", settings.dpi},
          {"width_um", int(settings.width_mm * 1000)},
          {"height_um", int(settings.height_mm * 1000)},
          {"jpeg_quality", profile.mode == "bilevel" ? 0 : settings.jpeg_quality},
          {"measured", profile.measured},
          {"double_feed", profile.double_feed},
          {"endorser", profile.endorser}};
}

json device_json(const drivers::DeviceInfo& device) {
  return {{"vendor", device.vendor}, {"model", device.model}, {"type", device.type}};
}

/// What the device counted in all feeds of the batch; nothing when it did not count one of them.
std::optional<int> counted_by_device(const Batch& batch, const drivers::FeedSummary& summary) {
  const bool first_feed = batch.sheets <= summary.sheets;
  if (!summary.count.sheets_fed || (!first_feed && !batch.device_sheets)) return std::nullopt;
  return (first_feed ? 0 : *batch.device_sheets) + *summary.count.sheets_fed;
}

/// What the operator reads: what happened and what to do.
std::string text_of(const FeedFault& fault) {
  const FaultWords words = words_of(fault);
  return words.what_de + " " + words.remedy_de;
}

bool is_death(Errc code) {
  return code == Errc::crashed || code == Errc::timed_out;
}

/// Name and digest of what lies whole in the folder of a batch and was never taken.
Result<json> untaken_files(const Spool& spool, const std::string& batch, const std::set<std::string>& taken) {
  json list = json::array();
  MAILROOM_TRY(const SpoolFiles files, spool.files_of(batch));
  for (const std::string& name : files.own) {
    if (taken.contains(name) || name.ends_with(".part")) continue;
    MAILROOM_TRY(const Bytes bytes, read_file(spool.folder_of(batch) / name));
    list.push_back({{"name", name}, {"sha256", sha256_hex(bytes)}});
  }
  return list;
}

}  // namespace

Result<void> BatchFlow::audit(archive::Transaction& transaction, const std::string& actor,
                              const std::string& action, std::vector<std::string> subjects, json details) {
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, rooms_.clock.now(),
                                     {actor, action, std::move(subjects), std::move(details)}));
  return {};
}

Result<json> BatchFlow::batch_settings(const std::string& id) const {
  const auto found = rooms_.configuration.profiles.find(id);
  if (found != rooms_.configuration.profiles.end() && found->second.source == kFilesSource)
    return json{{"source", kFilesSource}};
  MAILROOM_TRY(const auto settings, feed_settings(id));
  return settings_json(settings, rooms_.configuration.profiles.at(id));
}

Result<drivers::FeedSettings> BatchFlow::feed_settings(const std::string& id) const {
  const auto found = rooms_.configuration.profiles.find(id);
  if (found == rooms_.configuration.profiles.end()) {
    return fail(Errc::not_found, "there is no profile '" + id + "'", Place::in_file("profiles.toml"));
  }
  const Profile& profile = found->second;
  if (profile.source == kFilesSource) {
    return fail(Errc::invalid_input, "the profile '" + id + "' takes in files and scans nothing",
                Place::in_file("profiles.toml"), "choose a profile with a scanner's source");
  }
  drivers::FeedSettings settings;
  settings.source = profile.source == "flatbed"        ? drivers::Source::flatbed
                    : profile.source == "feeder_front" ? drivers::Source::feeder_front
                                                       : drivers::Source::feeder_duplex;
  settings.mode = profile.mode == "bilevel" ? drivers::ColourMode::bilevel
                  : profile.mode == "grey"  ? drivers::ColourMode::grey
                                            : drivers::ColourMode::colour;
  settings.dpi = profile.dpi;
  settings.width_mm = profile.width_mm;
  settings.height_mm = profile.height_mm;
  settings.jpeg_quality = profile.jpeg_quality;
  settings.measured = profile.measured;
  settings.double_feed = drivers::double_feed_from(profile.double_feed).value_or(settings.double_feed);
  return settings;
}

Result<drivers::FeedSettings> BatchFlow::feed_settings(const Batch& batch) const {
  MAILROOM_TRY(auto settings, feed_settings(batch.profile));
  if (!rooms_.configuration.profiles.at(batch.profile).endorser) return settings;
  settings.endorser = batch.number + "-";
  settings.endorser_start = batch.sheets + 1;
  return settings;
}

Result<void> BatchFlow::record_press(archive::Transaction& transaction,
                                     const std::optional<archive::PanelPress>& press) {
  if (!press) return {};
  return archive::record_press(rooms_.catalogue.database(), transaction, *press, rooms_.clock.now());
}

Result<Batch> BatchFlow::open(const NewBatch& wanted) {
  MAILROOM_TRY(json settings, batch_settings(wanted.profile));
  const Profile& profile = rooms_.configuration.profiles.at(wanted.profile);
  const Timestamp now = rooms_.clock.now();
  Batch batch;
  batch.id = new_uuid(rooms_.clock);
  batch.scanner = wanted.scanner;
  batch.operator_id = wanted.operator_id;
  batch.profile = wanted.profile;
  batch.config_digest = rooms_.configuration.digest;
  batch.received = {wanted.received_date.empty() ? local_day(now) : wanted.received_date,
                    wanted.channel.value_or(profile.channel)};
  batch.declared_sheets = wanted.declared_sheets;
  batch.settings = std::move(settings);
  batch.station = wanted.station;
  batch.mode = wanted.mode;
  batch.priority = wanted.priority;
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.keep_configuration(batch.config_digest, rooms_.configuration.snapshot, now));
  MAILROOM_TRY(batch.number, batches.insert(batch, now));
  MAILROOM_TRY_VOID(batches.update_feed(batch));
  MAILROOM_TRY_VOID(rooms_.catalogue.feeds().begin(batch.id, 1, {}, now));
  MAILROOM_TRY_VOID(audit(transaction, operator_actor(batch.operator_id), "batch.opened", {batch.id},
                          {{"number", batch.number},
                           {"profile", batch.profile},
                           {"scanner", batch.scanner},
                           {"station", batch.station},
                           {"mode", batch.mode},
                           {"caller", wanted.caller},
                           {"configuration", batch.config_digest}}));
  for (const auto& mark : wanted.marks) {
    MAILROOM_TRY_VOID(assembly::check_edit(mark, rooms_.configuration));
    MAILROOM_TRY_VOID(rooms_.catalogue.persons_work().insert(
        {new_uuid(rooms_.clock), batch.id, 0, mark.kind, mark.arguments, wanted.operator_id}, now));
  }
  MAILROOM_TRY_VOID(record_press(transaction, wanted.press));
  kill_point("open.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return batch;
}

Result<Batch> BatchFlow::reopen(const std::string& id, const std::string& operator_id,
                                const std::string& caller, std::optional<int> stated_from) {
  return reopen({id, operator_id, caller, stated_from});
}

Result<Batch> BatchFlow::reopen(const Resumption& wanted) {
  const auto& [id, operator_id, caller, stated_from, press] = wanted;
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(Batch batch, batches.get(id));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::feeding, rooms_.clock.now()));
  batch.feed_end.clear();
  batch.fault.clear();
  batch.confirmed_sheets.reset();
  MAILROOM_TRY_VOID(give_back_half_sheet(transaction, batch));
  if (stated_from && (*stated_from < 1 || *stated_from > batch.sheets + 1)) {
    return fail(
        Errc::invalid_input, "sheet " + std::to_string(*stated_from) + " cannot lie on top",
        Place::in_batch(batch.number),
        "give a sheet from 1 to " + std::to_string(batch.sheets + 1) + ", the first that is not safe");
  }
  MAILROOM_TRY_VOID(batches.update_feed(batch));
  MAILROOM_TRY_VOID(
      rooms_.catalogue.feeds().begin(batch.id, batch.sheets + 1, stated_from, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, operator_actor(operator_id), "batch.resumed", {batch.id},
                          {{"sheets", batch.sheets}, {"from", stated_from.value_or(0)}, {"caller", caller}}));
  MAILROOM_TRY_VOID(record_press(transaction, press));
  kill_point("resume.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("resume.after_commit");
  MAILROOM_TRY_VOID(put_untaken_aside(batch));
  requests_.changed();
  return batches.get(batch.id);
}

Result<Batch> BatchFlow::close_paused(const Resumption& wanted) {
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(Batch batch, batches.get(wanted.batch));
  if (batch.state != BatchState::interrupted || batch.feed_end != "paused") {
    return fail(Errc::illegal_state, "this batch is not paused", Place::in_batch(batch.number),
                "feed it to its end, or discard it");
  }
  batch.feed_end = "stopped";
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.update_feed(batch));
  MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::closed, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, operator_actor(wanted.person), "batch.closed", {batch.id},
                          {{"sheets", batch.sheets}, {"end", batch.feed_end}, {"caller", wanted.caller}}));
  MAILROOM_TRY_VOID(record_press(transaction, wanted.press));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  MAILROOM_TRY_VOID(assemble(batch.id));
  return batches.get(batch.id);
}

Result<void> BatchFlow::abandon(const std::string& id, const Error& why) {
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(Batch batch, batches.get(id));
  MAILROOM_TRY_VOID(put_untaken_aside(batch));
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(id));
  batch.feed_end = name_of(why.code);
  batch.fault = why.message();
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.update_feed(batch));
  // A resumed batch has its earlier sheets and waits on; one without any sheet is over.
  const BatchState to = pages.empty() ? BatchState::discarded : BatchState::interrupted;
  MAILROOM_TRY_VOID(batches.step(id, to, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.feed_failed", {id}, {{"reason", batch.feed_end}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return pages.empty() ? Result<void>() : assemble(id);
}

Result<void> BatchFlow::take(const std::string& id, const CapturedImage& image, std::size_t size) {
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(Batch batch, batches.get(id));
  Page page;
  page.id = new_uuid(rooms_.clock);
  page.batch = id;
  page.image = image;
  page.image.bytes.clear();
  page.size = size;
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.pages().insert(page, rooms_.clock.now()));
  if (image.sheet > batch.sheets) {
    batch.sheets = image.sheet;
    MAILROOM_TRY_VOID(batches.update_feed(batch));
  }
  kill_point("take.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("take.after_commit");
  requests_.read(batch, page);
  requests_.changed();
  return {};
}

/// A sheet is taken with both its sides or not at all. What a cut feed left of its last sheet is given
/// back, so that the sheet can be fed again; the file counts as untaken from then on.
Result<void> BatchFlow::give_back_half_sheet(archive::Transaction& transaction, Batch& batch) {
  if (batch.settings.value("source", "") != "feeder_duplex") return {};
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(batch.id));
  std::vector<Page> last;
  std::copy_if(pages.begin(), pages.end(), std::back_inserter(last),
               [&](const Page& page) { return page.image.sheet == batch.sheets; });
  if (last.size() != 1) return {};
  MAILROOM_TRY_VOID(rooms_.catalogue.pages().remove(last.front().id));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.half_sheet_given_back", {batch.id},
                          {{"sheet", batch.sheets}, {"sha256", last.front().image.sha256}}));
  --batch.sheets;
  return {};
}

/// Named in the audit before they are moved: whenever the power goes, nothing lies aside unnamed.
Result<void> BatchFlow::put_untaken_aside(const Batch& batch) {
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(batch.id));
  std::set<std::string> taken;
  for (const Page& page : pages) {
    taken.insert(Spool::file_name({batch.id, page.image.sheet, page.image.side, page.image.format}));
  }
  MAILROOM_TRY(const json files, untaken_files(rooms_.spool, batch.id, taken));
  if (!files.empty()) {
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.untaken_set_aside", {batch.id}, {{"files", files}}));
    kill_point("untaken.before_commit");
    MAILROOM_TRY_VOID(transaction.commit());
  }
  MAILROOM_TRY([[maybe_unused]] const auto moved, rooms_.spool.set_aside_untaken(batch.id, taken));
  return {};
}

Result<void> BatchFlow::end_feed_row(const Batch& batch, const drivers::FeedSummary& summary) {
  archive::Feed feed;
  feed.batch = batch.id;
  feed.fault = summary.fault;
  feed.sheets = summary.sheets - (summary.half_sheet ? 1 : 0);
  feed.counted = summary.count.sheets_fed;
  feed.endorsed = summary.count.endorsed;
  return rooms_.catalogue.feeds().end(feed, rooms_.clock.now());
}

Result<void> BatchFlow::end_feed(const std::string& id, const drivers::FeedSummary& summary) {
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(Batch batch, batches.get(id));
  MAILROOM_TRY_VOID(put_untaken_aside(batch));
  batch.device = device_json(summary.device);
  batch.device_sheets = counted_by_device(batch, summary);
  if (summary.count.feeder_loaded) batch.feeder_empty = !*summary.count.feeder_loaded;
  const bool faulty = summary.end == drivers::FeedEnd::fault;
  const bool paused = summary.end == drivers::FeedEnd::paused;
  batch.feed_end = faulty                                     ? std::string(name_of(summary.fault->kind))
                   : paused                                   ? "paused"
                   : summary.end == drivers::FeedEnd::stopped ? "stopped"
                                                              : "feeder_empty";
  batch.fault = faulty ? text_of(*summary.fault) : "";
  if (faulty) log::warning(summary.fault->error.message(), {.batch = id, .device = batch.scanner});
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.update_feed(batch));
  MAILROOM_TRY_VOID(end_feed_row(batch, summary));
  MAILROOM_TRY_VOID(
      batches.step(id, faulty || paused ? BatchState::interrupted : BatchState::closed, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, faulty || paused ? "batch.interrupted" : "batch.closed", {id},
                          {{"sheets", batch.sheets}, {"end", batch.feed_end}}));
  kill_point("feed_end.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  log::notice("batch " + batch.number + ": " + std::to_string(batch.sheets) + " sheets, " + batch.feed_end,
              {.batch = id, .device = batch.scanner});
  requests_.changed();
  return assemble(id);
}

Result<void> BatchFlow::record_reading(const std::string& id, const Result<PageReport>& outcome) {
  auto pages = rooms_.catalogue.pages();
  const auto found = pages.get(id);
  if (!found && found.error().code == Errc::not_found) return {};  // given back while it was read
  MAILROOM_TRY(const Page page, found);
  if (page.is_read()) return {};
  kill_point("page.before_report");
  if (outcome) {
    MAILROOM_TRY_VOID(pages.record_report(id, *outcome));
  } else if (!is_death(outcome.error().code)) {
    MAILROOM_TRY_VOID(
        pages.record_failure(id, {std::string(name_of(outcome.error().code)), outcome.error().message()}));
  } else {
    MAILROOM_TRY(const int deaths, pages.record_death(id));
    kill_point("page.death_recorded");
    log::warning("a page worker " + std::string(name_of(outcome.error().code)) + " on a page",
                 {.batch = page.batch, .page = id});
    if (deaths <= kDeathsAllowed) {
      MAILROOM_TRY(const Batch batch, rooms_.catalogue.batches().get(page.batch));
      requests_.read(batch, page);
      return {};
    }
    MAILROOM_TRY_VOID(
        pages.record_failure(id, {std::string(name_of(outcome.error().code)), outcome.error().message()}));
  }
  kill_point("page.read");
  requests_.changed();
  return assemble(page.batch);
}

Result<Batch> BatchFlow::discard(const std::string& id, const std::string& person, const std::string& reason,
                                 const std::string& caller) {
  auto batches = rooms_.catalogue.batches();
  MAILROOM_TRY(const Batch batch, batches.get(id));
  if (batch.state == BatchState::feeding) {
    return fail(Errc::illegal_state, "sheets of this batch are being fed", Place::in_batch(batch.number),
                "stop the scanner first");
  }
  auto clarifications = rooms_.catalogue.clarifications();
  MAILROOM_TRY(const auto open, clarifications.of_batch(batch.id));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::discarded, rooms_.clock.now()));
  for (const auto& row : open) {
    if (row.state != archive::kOpen) continue;
    MAILROOM_TRY_VOID(clarifications.set_state(row.id, archive::kGone, rooms_.clock.now()));
  }
  MAILROOM_TRY_VOID(audit(transaction, operator_actor(person), "batch.discarded", {batch.id},
                          {{"reason", reason}, {"caller", caller}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return batches.get(batch.id);
}

}  // namespace mailroom::intake
