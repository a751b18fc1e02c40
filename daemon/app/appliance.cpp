#include "daemon/app/appliance_rooms.h"
#include "daemon/app/content_routes.h"
#include "daemon/app/procedure.h"
#include "daemon/app/room_settings.h"
#include "daemon/app/setup.h"
#include "daemon/base/log.h"
#include "daemon/config/panels.h"

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
          },
          [this](const auto& delivery, const auto& reply) { return kiosks_.keep_reply(delivery, reply); }),
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
      files_(core_, flow_, spool_, base_.configuration, clock_, [this] { return feeding_.room().ample; }),
      invoices_(core_, base_.catalogue, flow_),
      front_(folders, station_rooms()),
      kiosks_(kiosk_surroundings()),
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
  return {
      [this](const auto& batch, const auto& page) { request_reading(batch, page); },
      [this](const std::string& document) {
        if (!draining_) sealer_.post([this, document] { seal(document); });
      },
      [this] { delivery_.poke(); },
      [this] { changed(); },
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
  MAILROOM_TRY_VOID(kiosks_.open());
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
      [this](const intake::ReceivedFile& file) { return files_.receive(file); },
      [this] { return kiosks_.help_wanted(); },
      [this](const std::string& kiosk) { return kiosks_.answer_help(kiosk); }};
}

KioskSurroundings Appliance::Rooms::kiosk_surroundings() {
  return {folders_,
          base_,
          core_,
          flow_,
          clock_,
          feeding_.sites(),
          feeding_.turns(),
          [this](const intake::ReceivedFile& file) { return files_.receive(file); },
          [this] { return delivery_.status().broker == delivery::BrokerState::connected; },
          [this] { return feeding_.room().ample; },
          [this](const std::string& kiosk, const std::string& station, std::string_view help) {
            front_.kiosk_told(kiosk, station, help);
          }};
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
  kiosks_.stop();
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
  all.merge(rooms.kiosk_commands());
  return all;
}

}  // namespace mailroom::app
