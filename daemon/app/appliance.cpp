#include "daemon/app/appliance.h"

#include <fmt/format.h>

#include <thread>

#include "daemon/app/arguments.h"
#include "daemon/app/care.h"
#include "daemon/app/change_bell.h"
#include "daemon/app/content_routes.h"
#include "daemon/app/file_intake.h"
#include "daemon/app/foundation.h"
#include "daemon/app/invoice_desk.h"
#include "daemon/app/procedure.h"
#include "daemon/app/room_settings.h"
#include "daemon/app/setup.h"
#include "daemon/app/station_front.h"
#include "daemon/app/views.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/base/work_thread.h"
#include "daemon/config/panels.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/catalogue_outbox.h"
#include "daemon/intake/feeding.h"
#include "daemon/intake/reading_pool.h"
#include "daemon/intake/scanner_watch.h"
#include "daemon/intake/verification.h"

namespace mailroom::app {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kSensorLook{1000};

/// An error on the core thread that nobody waits for: the disk is full or the catalogue is damaged.
/// Nothing may go on as if it had been written.
void stop_on_error(const Result<void>& outcome, const char* what) {
  if (outcome) return;
  log::error(outcome.error());
  throw std::runtime_error(std::string(what) + " could not be recorded");
}

}  // namespace

/// Owns every room and thread. Members are destroyed in reverse, so the threads end before what
/// they work on.
class Appliance::Rooms {
 public:
  Rooms(const Folders& folders, Foundation foundation);
  ~Rooms() { drain(); }

  Result<void> begin();
  void go_on();
  void tidy();
  void drain();
  std::string status_line();

  Result<json> status();
  Result<json> scanners();
  Result<json> scan(const json& arguments, const Caller& caller);
  Result<json> stop(const json& arguments);
  Result<json> batches();
  Result<json> clarifications();
  Result<json> show(const json& arguments);
  Result<json> follow(const json& arguments, const CommandContext& context);
  Result<json> clarify(const json& arguments, const Caller& caller);
  Result<json> discard(const json& arguments, const Caller& caller);
  Result<json> import_creditors(const json& arguments, const Caller& caller);
  Result<json> creditors();
  Result<json> verify(const json& arguments);
  std::map<std::string, Command> care() { return care_.commands(); }
  std::map<std::string, Command> station_commands() { return front_.commands(); }
  std::map<std::string, Command> file_commands() { return files_.commands(); }
  std::map<std::string, Command> invoice_commands() { return invoices_.commands(); }

 private:
  station::StationRooms station_rooms();
  json machine_status();
  void changed();
  intake::FlowRooms flow_rooms();
  delivery::SessionSettings settings_of_session();
  intake::FlowRequests flow_requests();
  intake::FeedEvents feed_events();
  void request_reading(const archive::Batch& batch, const archive::Page& page);
  void request_comparison(const archive::Batch& batch, const archive::Page& page, const archive::Page& other);
  void seal(const std::string& document);
  Result<archive::Batch> begin_batch(const json& arguments, const Caller& caller);
  Result<archive::Batch> start(const intake::NewBatch& wanted);
  Result<void> feed(const archive::Batch& batch, const std::string& scanner, const std::string& record);
  Result<intake::NewBatch> new_batch_from(const json& arguments) const;

  Folders folders_;
  Foundation base_;
  SystemClock clock_;
  intake::Spool spool_;
  ChangeBell bell_;
  intake::Sealing sealing_;
  bool draining_ = false;
  std::vector<std::string> waiting_for_room_;  // documents to be sealed; of the core thread
  intake::BatchFlow flow_;
  WorkThread core_;
  intake::CatalogueOutbox outbox_;
  Care care_;
  delivery::DeliverySession delivery_;
  WorkThread sealer_;
  intake::ReadingPool readers_;
  intake::Feeding feeding_;
  FileIntake files_;
  InvoiceDesk invoices_;
  std::jthread delivering_;
  StationFront front_;
  intake::ScannerWatch watch_;
};

Appliance::Rooms::Rooms(const Folders& folders, Foundation foundation)
    : folders_(folders),
      base_(std::move(foundation)),
      spool_(folders.spool()),
      sealing_(base_.configuration, base_.appliance, base_.certificates, spool_, base_.contents),
      flow_(flow_rooms(), flow_requests()),
      outbox_(
          core_, base_.catalogue, base_.contents, clock_,
          [this](auto& transaction, const auto& delivery, const auto& receipt) {
            return flow_.record_answer(transaction, delivery, receipt);
          },
          [this] { changed(); },
          [this](auto& transaction, const auto& delivery) {
            return flow_.record_dead(transaction, delivery);
          },
          [this](const auto& delivery, const auto& error) {
            return flow_.record_content_damage(delivery, error);
          }),
      care_(core_, base_.catalogue, flow_, base_.configuration, folders, clock_),
      delivery_(settings_of_session(), outbox_, clock_),
      readers_(
          worker_count(base_.configuration), worker_options(base_.configuration), spool_,
          [this](const intake::ReadingJob& job, const Result<PageReport>& outcome) {
            core_.call([&] { stop_on_error(flow_.record_reading(job.page, outcome), "a reading"); });
          },
          [this](const intake::ComparisonJob& job, const Result<Likeness>& outcome) {
            core_.call([&] {
              stop_on_error(flow_.record_likeness(job.page, job.other, outcome), "a comparison of pages");
            });
          }),
      feeding_(companion_program("mailroom-scan"), scan_options(base_.configuration), spool_,
               std::uint64_t(base_.configuration.limits.disk_reserve_mib), feed_events(),
               far_scanners(folders, base_.configuration)),
      files_(core_, flow_, base_.configuration, clock_, [this] { return feeding_.room().ample; }),
      invoices_(core_, base_.catalogue, base_.configuration, clock_),
      front_(folders, station_rooms()),
      watch_(feeding_.sites(), feeding_.turns(), watched_scanners(base_.configuration), kSensorLook,
             [this](const std::string& scanner, intake::ScannerNews news) {
               front_.scanner_told(scanner, name_of(news));
             }) {}

intake::FlowRooms Appliance::Rooms::flow_rooms() {
  return {base_.catalogue,
          spool_,
          base_.contents,
          base_.configuration,
          base_.routing_keys,
          base_.appliance,
          clock_,
          folders_.unowned(),
          kNode,
          folders_.data};
}

delivery::SessionSettings Appliance::Rooms::settings_of_session() {
  auto settings = session_settings(folders_, base_.configuration);
  settings.restored = restored_from(base_.catalogue);
  return settings;
}

intake::FlowRequests Appliance::Rooms::flow_requests() {
  return {[this](const auto& batch, const auto& page) { request_reading(batch, page); },
          [this](const std::string& document) {
            if (!draining_) sealer_.post([this, document] { seal(document); });
          },
          [this] { delivery_.poke(); }, [this] { changed(); },
          [this](const auto& batch, const auto& page, const auto& other) {
            request_comparison(batch, page, other);
          },
          [this](const std::string& recipient, const std::string& event) { delivery_.tell(recipient, event); }};
}

intake::FeedEvents Appliance::Rooms::feed_events() {
  return {[this](const std::string& batch, const CapturedImage& image, std::size_t size) {
            return core_.call([&] { return flow_.take(batch, image, size); });
          },
          [this](const std::string& batch, const drivers::FeedSummary& summary) {
            core_.call([&] { stop_on_error(flow_.end_feed(batch, summary), "the end of a feed"); });
          }};
}

void Appliance::Rooms::request_reading(const archive::Batch& batch, const archive::Page& page) {
  const auto profile = base_.configuration.profiles.find(batch.profile);
  intake::ReadingJob job;
  job.page = page.id;
  job.entry = {page.batch, page.image.sheet, page.image.side, page.image.format};
  job.sha256 = page.image.sha256;
  if (batch.received.channel == Channel::deadline_letterbox) job.priority = Priority::deadline;
  if (profile != base_.configuration.profiles.end()) {
    job.request.patch_t = true;  // found even where it may not act: then it is a clarification
    job.request.routing_sheets = profile->second.routing_sheets;
  }
  readers_.add(std::move(job));
}

void Appliance::Rooms::request_comparison(const archive::Batch& batch, const archive::Page& page,
                                          const archive::Page& other) {
  const auto entry_of = [](const archive::Page& side) {
    return intake::SpoolEntry{side.batch, side.image.sheet, side.image.side, side.image.format};
  };
  intake::ComparisonJob job{
      page.id, other.id, entry_of(page), entry_of(other), page.image.sha256, other.image.sha256, {}};
  if (batch.received.channel == Channel::deadline_letterbox) job.priority = Priority::deadline;
  readers_.compare(std::move(job));
}

void Appliance::Rooms::seal(const std::string& document) {
  auto order = core_.call([&] { return flow_.seal_order(document); });
  if (!order && order.error().code == Errc::illegal_state) return;  // sealed or taken back meanwhile
  if (!order) {
    return core_.call(
        [&] { stop_on_error(flow_.record_seal_failure(document, order.error()), "a seal that failed"); });
  }
  auto sealed = sealing_.seal(*order);
  if (!sealed && sealed.error().code == Errc::disk_full) {
    log::warning("a document waits to be sealed until the data disk has room", {.document = document});
    return core_.call([&] { waiting_for_room_.push_back(document); });
  }
  core_.call([&] {
    stop_on_error(sealed ? flow_.record_sealed(*sealed) : flow_.record_seal_failure(document, sealed.error()),
                  "a seal");
  });
}

Result<void> Appliance::Rooms::begin() {
  MAILROOM_TRY_VOID(core_.call([&] { return flow_.recover(); }));
  delivering_ = std::jthread([this](const std::stop_token& stop) { delivery_.run(stop); });
  MAILROOM_TRY(const auto panels, load_panels(base_.configuration.folder));
  front_.open(content_routes(outbox_, base_.routing_keys), panels);
  files_.begin();
  return {};
}

void Appliance::Rooms::go_on() {
  if (!feeding_.room().ample) return;
  core_.call([&] {
    for (auto& document : std::exchange(waiting_for_room_, {})) {
      if (!draining_) sealer_.post([this, document = std::move(document)] { seal(document); });
    }
  });
}

void Appliance::Rooms::changed() {
  bell_.ring();
  front_.changed();
}

station::StationRooms Appliance::Rooms::station_rooms() {
  return {
      core_,
      base_.catalogue,
      flow_,
      spool_,
      base_.contents,
      base_.configuration,
      clock_,
      drawing_options(base_.configuration),
      [this](const intake::NewBatch& wanted) { return start(wanted); },
      [this](const archive::Batch& batch, const std::string& scanner) { return feed(batch, scanner, ""); },
      [this](const std::string& scanner) { return feeding_.stop(scanner); },
      [this](const std::string& scanner) { return feeding_.pause(scanner); },
      [this] { return feeding_.busy(); },
      [this] { return machine_status(); },
      [this] { return scanners(); },
      [this] { return procedure_pdf(base_.configuration, clock_.now()); },
      [this](const intake::ReceivedFile& file) { return files_.receive(file); }};
}

json Appliance::Rooms::machine_status() {
  json view = status().value_or(json::object());
  if (!view.contains("disk")) {
    view["disk"] = {{"free_mib", spool_.free_mib().value_or(0)},
                    {"reserve_mib", base_.configuration.limits.disk_reserve_mib}};
  }
  return view;
}

void Appliance::Rooms::tidy() {
  core_.call([&] {
    if (const auto tidied = flow_.expire_working_copies(); !tidied) log::error(tidied.error());
    if (const auto told = flow_.tell_deadlines(); !told) log::error(told.error());
  });
}

void Appliance::Rooms::drain() {
  watch_.stop();
  front_.stop();
  files_.stop();
  feeding_.stop_all();
  readers_.stop();
  core_.call([&] { draining_ = true; });
  sealer_.stop();
  if (delivering_.joinable()) {
    delivering_.request_stop();
    delivering_.join();
  }
}

std::string Appliance::Rooms::status_line() {
  const auto state = delivery_.status();
  const auto [open, owed] = core_.call([&] {
    const auto waiting = base_.catalogue.clarifications().open();
    return std::pair(waiting ? waiting->size() : 0, base_.catalogue.deliveries().owed().value_or(-1));
  });
  const auto room = feeding_.room();
  const auto disk =
      room.ample ? std::string() : fmt::format(", disk low: {} MiB free, intake waits", room.free_mib);
  return fmt::format(
      "broker {}, {} scanners feeding, {} pages waiting, {} deliveries owed, {} clarifications open{}",
      delivery::name_of(state.broker), feeding_.busy().size(), readers_.waiting(), owed, open, disk);
}

Result<json> Appliance::Rooms::status() {
  const auto delivery_status = delivery_.status();
  const auto room = feeding_.room();
  const json disk = {{"state", room.ample ? "ample" : "low"},
                     {"free_mib", room.free_mib},
                     {"reserve_mib", room.reserve_mib},
                     {"waiting_feeds", room.waiting_feeds}};
  return json{{"version", MAILROOM_VERSION},
              {"line", status_line()},
              {"broker", delivery::name_of(delivery_status.broker)},
              {"broker_reason", delivery_status.reason},
              {"feeding", feeding_.busy()},
              {"pages_waiting", readers_.waiting()},
              {"dead_letters", delivery_status.dead_letters},
              {"disk", disk},
              {"station", front_.url()},
              {"station_fault", front_.fault()},
              {"configuration", base_.configuration.digest}};
}

Result<json> Appliance::Rooms::scanners() {
  MAILROOM_TRY(const auto devices, feeding_.list_devices());
  json list = json::array();
  for (const auto& device : devices) {
    list.push_back(
        {{"name", device.name}, {"vendor", device.vendor}, {"model", device.model}, {"type", device.type}});
  }
  return json{{"scanners", list}};
}

Result<intake::NewBatch> Appliance::Rooms::new_batch_from(const json& arguments) const {
  intake::NewBatch wanted;
  MAILROOM_TRY(wanted.scanner, needed(arguments, "scanner"));
  MAILROOM_TRY(wanted.operator_id, needed(arguments, "operator"));
  MAILROOM_TRY(wanted.profile, text_of(arguments, "profile"));
  if (wanted.profile.empty()) wanted.profile = base_.configuration.default_profile;
  MAILROOM_TRY(wanted.received_date, text_of(arguments, "received"));
  MAILROOM_TRY(const std::string channel, text_of(arguments, "channel"));
  if (!channel.empty()) {
    MAILROOM_TRY(wanted.channel, channel_from(channel));
  }
  if (arguments.contains("declared")) {
    MAILROOM_TRY(wanted.declared_sheets, number_of(arguments, "declared", 0, 100'000));
  }
  return wanted;
}

Result<archive::Batch> Appliance::Rooms::begin_batch(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"batch", "scanner", "operator", "profile", "received", "channel",
                                            "declared", "from", "record"}));
  MAILROOM_TRY(const std::string batch, text_of(arguments, "batch"));
  if (!batch.empty()) {
    MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
    std::optional<int> from;
    if (arguments.contains("from")) {
      MAILROOM_TRY(from, number_of(arguments, "from", 1, 100'000));
    }
    return core_.call([&] { return flow_.reopen(batch, person, caller.name(), from); });
  }
  MAILROOM_TRY(auto wanted, new_batch_from(arguments));
  wanted.caller = caller.name();
  return core_.call([&] { return flow_.open(wanted); });
}

/// `record`: "digests" or "pictures", or empty for no recording.
Result<void> Appliance::Rooms::feed(const archive::Batch& batch, const std::string& scanner,
                                    const std::string& record) {
  MAILROOM_TRY(const auto settings, flow_.feed_settings(batch));
  intake::FeedOrder order{batch.id, batch.sheets, {scanner, settings}};
  if (!record.empty()) {
    const auto folder = folders_.data / "recordings";
    MAILROOM_TRY_VOID(create_folder_durably(folder));
    order.request.record =
        drivers::RecordingOrder{folder / (new_uuid(clock_) + ".jsonl"), record == "pictures"};
  }
  return feeding_.start(order);
}

Result<archive::Batch> Appliance::Rooms::start(const intake::NewBatch& wanted) {
  MAILROOM_TRY_VOID(feeding_.check_room());
  MAILROOM_TRY(const archive::Batch batch, core_.call([&] { return flow_.open(wanted); }));
  if (const auto started = feed(batch, wanted.scanner, ""); !started) {
    MAILROOM_TRY_VOID(core_.call([&] { return flow_.abandon(batch.id, started.error()); }));
    return fail(started.error());
  }
  return batch;
}

Result<json> Appliance::Rooms::scan(const json& arguments, const Caller& caller) {
  MAILROOM_TRY(const std::string scanner, text_of(arguments, "scanner"));
  MAILROOM_TRY(const std::string record, text_of(arguments, "record"));
  if (!record.empty() && record != "digests" && record != "pictures")
    return fail(Errc::invalid_input, "record is digests or pictures");
  MAILROOM_TRY_VOID(feeding_.check_room());
  MAILROOM_TRY(const archive::Batch batch, begin_batch(arguments, caller));
  if (const auto started = feed(batch, scanner.empty() ? batch.scanner : scanner, record); !started) {
    MAILROOM_TRY_VOID(core_.call([&] { return flow_.abandon(batch.id, started.error()); }));
    return fail(started.error());
  }
  return json{{"batch", batch.id}, {"number", batch.number}};
}

Result<json> Appliance::Rooms::stop(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {"scanner"}));
  MAILROOM_TRY(const std::string scanner, needed(arguments, "scanner"));
  MAILROOM_TRY_VOID(feeding_.stop(scanner));
  return json::object();
}

Result<json> Appliance::Rooms::batches() {
  MAILROOM_TRY(const auto latest, core_.call([&] { return base_.catalogue.batches().latest(100); }));
  json list = json::array();
  for (const auto& batch : latest) list.push_back(batch_view(batch));
  return json{{"batches", list}};
}

Result<json> Appliance::Rooms::clarifications() {
  MAILROOM_TRY(const auto open, core_.call([&] { return base_.catalogue.clarifications().open(); }));
  json list = json::array();
  for (const auto& row : open) list.push_back(clarification_view(row));
  return json{{"clarifications", list}};
}

Result<json> Appliance::Rooms::show(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id"}));
  MAILROOM_TRY(const std::string id, needed(arguments, "id"));
  return core_.call([&] { return details_view(base_.catalogue, id); });
}

Result<json> Appliance::Rooms::follow(const json& arguments, const CommandContext& context) {
  MAILROOM_TRY_VOID(check_known(arguments, {"batch", "seconds"}));
  MAILROOM_TRY(const std::string id, needed(arguments, "batch"));
  MAILROOM_TRY(const int seconds, number_of(arguments, "seconds", 600, 86'400));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::uint64_t seen = 0;
  json last;
  for (;;) {
    MAILROOM_TRY(const archive::Batch batch, core_.call([&] { return base_.catalogue.batches().get(id); }));
    MAILROOM_TRY(json progress, core_.call([&] { return progress_view(base_.catalogue, batch); }));
    if (progress != last) MAILROOM_TRY_VOID(context.event(progress));
    last = std::move(progress);
    MAILROOM_TRY(const bool settled, core_.call([&] { return is_settled(base_.catalogue, batch); }));
    const bool over = std::chrono::steady_clock::now() >= deadline || context.stop.stop_requested();
    if (settled || over) return core_.call([&] { return summary_view(base_.catalogue, batch); });
    seen = bell_.wait(seen, std::chrono::milliseconds(500));
  }
}

Result<json> Appliance::Rooms::clarify(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id", "resolution", "arguments", "operator", "version"}));
  intake::Answer answer;
  MAILROOM_TRY(answer.clarification, needed(arguments, "id"));
  MAILROOM_TRY(answer.kind, needed(arguments, "resolution"));
  MAILROOM_TRY(answer.person, needed(arguments, "operator"));
  answer.arguments = arguments.value("arguments", json::object());
  answer.caller = caller.name();
  if (arguments.contains("version")) {
    MAILROOM_TRY(answer.version, number_of(arguments, "version", 0, 1'000'000));
  }
  MAILROOM_TRY(const auto batch, core_.call([&] { return flow_.answer(answer); }));
  return batch_view(batch);
}

Result<json> Appliance::Rooms::discard(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"batch", "operator", "reason"}));
  MAILROOM_TRY(const std::string id, needed(arguments, "batch"));
  MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
  MAILROOM_TRY(const std::string reason, needed(arguments, "reason"));
  MAILROOM_TRY(const auto batch,
               core_.call([&] { return flow_.discard(id, person, reason, caller.name()); }));
  return batch_view(batch);
}

Result<json> Appliance::Rooms::import_creditors(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"csv", "operator"}));
  MAILROOM_TRY(const std::string csv, needed(arguments, "csv"));
  MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
  MAILROOM_TRY(const auto count,
               core_.call([&] { return flow_.import_creditors(csv, person, caller.name()); }));
  return json{{"creditors", count}};
}

Result<json> Appliance::Rooms::creditors() {
  return core_.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto* book, flow_.creditors());
    json list = json::array();
    for (const auto& creditor : book->all()) {
      json ibans = json::array();
      for (const auto& account : creditor.accounts) ibans.push_back(account.iban);
      list.push_back({{"id", creditor.id},
                      {"name", creditor.name},
                      {"city", creditor.city},
                      {"vat_id", creditor.vat_id},
                      {"ibans", ibans}});
    }
    return json{{"creditors", list}};
  });
}

Result<json> Appliance::Rooms::verify(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {"deep"}));
  using Depth = intake::Verification::Depth;
  intake::Verification verification(core_, base_.catalogue, base_.contents, spool_, base_.trusted);
  MAILROOM_TRY(const auto report,
               verification.run(arguments.value("deep", false) ? Depth::deep : Depth::usual));
  return verification_view(report);
}

Appliance::Appliance(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
Appliance::~Appliance() = default;

Result<std::unique_ptr<Appliance>> Appliance::open(const Folders& folders) {
  MAILROOM_TRY(auto foundation, lay_foundation(folders));
  auto rooms = std::make_unique<Rooms>(folders, std::move(foundation));
  MAILROOM_TRY_VOID(rooms->begin());
  return std::unique_ptr<Appliance>(new Appliance(std::move(rooms)));
}

std::string Appliance::status_line() {
  return rooms_->status_line();
}
void Appliance::go_on() {
  rooms_->go_on();
}
void Appliance::tidy() {
  rooms_->tidy();
}
void Appliance::drain() {
  rooms_->drain();
}

std::map<std::string, Command> Appliance::commands() {
  using Context = CommandContext;
  Rooms& rooms = *rooms_;
  std::map<std::string, Command> all = {
      {"status", [&](const json&, const Context&) { return rooms.status(); }},
      {"scanners", [&](const json&, const Context&) { return rooms.scanners(); }},
      {"scan", [&](const json& words, const Context& context) { return rooms.scan(words, context.caller); }},
      {"stop", [&](const json& words, const Context&) { return rooms.stop(words); }},
      {"batches", [&](const json&, const Context&) { return rooms.batches(); }},
      {"clarifications", [&](const json&, const Context&) { return rooms.clarifications(); }},
      {"show", [&](const json& words, const Context&) { return rooms.show(words); }},
      {"follow", [&](const json& words, const Context& context) { return rooms.follow(words, context); }},
      {"clarify",
       [&](const json& words, const Context& context) { return rooms.clarify(words, context.caller); }},
      {"discard",
       [&](const json& words, const Context& context) { return rooms.discard(words, context.caller); }},
      {"import-creditors",
       [&](const json& words, const Context& context) {
         return rooms.import_creditors(words, context.caller);
       }},
      {"creditors", [&](const json&, const Context&) { return rooms.creditors(); }},
      {"verify", [&](const json& words, const Context&) { return rooms.verify(words); }}};
  all.merge(rooms.care());
  all.merge(rooms.station_commands());
  all.merge(rooms.file_commands());
  all.merge(rooms.invoice_commands());
  return all;
}

}  // namespace mailroom::app
