#include "daemon/app/appliance_rooms.h"

#include <fmt/format.h>

#include "daemon/app/arguments.h"
#include "daemon/app/views.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/verification.h"

/// The commands of the control socket that the rooms answer together (docs/formats/control-protocol.md).
namespace mailroom::app {

using nlohmann::json;

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

}  // namespace mailroom::app
