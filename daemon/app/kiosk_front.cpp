#include "daemon/app/kiosk_front.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/app/arguments.h"
#include "daemon/app/room_settings.h"
#include "daemon/archive/audit.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/log.h"
#include "daemon/kiosk/mailbox.h"
#include "daemon/kiosk/views.h"

namespace mailroom::app {
namespace {

KioskConfiguration loaded(const Configuration& configuration) {
  auto kiosks = load_kiosks(configuration);
  if (!kiosks) throw std::runtime_error(kiosks.error().message());
  if (kiosks->account.holder.empty()) kiosks->account.holder = configuration.organisation;
  return *std::move(kiosks);
}

std::map<std::string, ScanComputer> computers_of(const KioskConfiguration& kiosks,
                                                 const Configuration& configuration) {
  const auto known = load_scan_computers(configuration.folder);
  if (!known) throw std::runtime_error(known.error().message());
  std::map<std::string, ScanComputer> computers;
  for (const auto& [id, place] : kiosks.places) {
    if (place.computer.empty()) continue;
    const auto found = std::find_if(known->begin(), known->end(),
                                    [&](const auto& computer) { return computer.name == place.computer; });
    if (found == known->end())
      throw std::runtime_error("kiosks.toml: the computer \"" + place.computer + "\" of the kiosk \"" + id +
                               "\" is not in scan_computers.toml");
    computers.emplace(place.computer, *found);
  }
  return computers;
}

std::map<std::string, Certificate> certificates_of(const Folders& folders,
                                                   const Configuration& configuration) {
  std::map<std::string, Certificate> certificates;
  for (const auto& [id, recipient] : configuration.recipients) {
    if (recipient.certificate.empty()) continue;
    auto certificate = Certificate::read(folders.identities() / recipient.certificate);
    if (!certificate) throw std::runtime_error(certificate.error().message());
    certificates.emplace(id, *std::move(certificate));
  }
  return certificates;
}

}  // namespace

KioskFront::KioskFront(const KioskSurroundings& house)
    : house_(house),
      configuration_(loaded(house.base.configuration)),
      computers_(computers_of(configuration_, house.base.configuration)),
      certificates_(configuration_.places.empty() ? std::map<std::string, Certificate>()
                                                  : certificates_of(house.folders, house.base.configuration)),
      hand_in_(hand_in_rooms()),
      kiosks_(std::make_unique<kiosk::Kiosks>(kiosk_rooms(), !configuration_.certificate.empty())) {}

kiosk::HandInRooms KioskFront::hand_in_rooms() const {
  kiosk::HandInRooms rooms{house_.core,
                           house_.base.catalogue,
                           house_.base.configuration,
                           configuration_,
                           house_.clock,
                           {},
                           house_.folders.kiosk(),
                           house_.receive};
  for (const auto& [id, certificate] : certificates_)
    rooms.certificates.emplace(id, Certificate::from_pem(certificate.pem()).value());
  return rooms;
}

kiosk::KioskRooms KioskFront::kiosk_rooms() {
  const auto& configuration = house_.base.configuration;
  std::map<std::string, std::vector<std::string>> recipients;
  for (const auto& [id, matter] : configuration_.matters) {
    const auto& profile = configuration.profiles.at(matter.profile);
    for (const auto& recipient : configuration.classes.at(profile.document_class).recipients) {
      const auto found = certificates_.find(recipient);
      if (found != certificates_.end()) recipients[id].push_back(found->second.pem());
    }
  }
  return {house_.core,
          house_.base.catalogue,
          house_.flow,
          configuration_,
          house_.clock,
          hand_in_,
          {house_.sites, house_.turns, worker_options(configuration), drawing_options(configuration)},
          {house_.core, house_.base.catalogue, house_.base.appliance, house_.clock},
          [this](const KioskPlace& place) { return reader_of(place); },
          std::move(recipients),
          house_.delivers,
          house_.has_room,
          [this](const std::string& kiosk, kiosk::Help help) {
            house_.help_wanted(kiosk, configuration_.places.at(kiosk).station, kiosk::name_of(help));
          }};
}

std::optional<kiosk::ReaderProgram> KioskFront::reader_of(const KioskPlace& place) const {
  if (!place.computer.empty()) {
    const auto& computer = computers_.at(place.computer);
    return kiosk::ReaderProgram{companion_program("mailroom-card-link"),
                                link_arguments(house_.folders, computer.host, computer.card_port)};
  }
  if (place.reader.empty()) return std::nullopt;
  return kiosk::ReaderProgram{
      companion_program("mailroom-card"),
      {"--reader", place.reader, "--terminal", (configuration_.terminal / "terminal.json").string()}};
}

web::ServerSettings KioskFront::web_settings() const {
  web::ServerSettings settings;
  settings.address = configuration_.address;
  settings.port = configuration_.port;
  settings.names = configuration_.names;
  settings.screens = shared_folder("kiosk");
  if (!configuration_.certificate.empty()) {
    const auto identities = house_.folders.identities();
    settings.tls = web::TlsFiles{identities / configuration_.certificate, identities / configuration_.key,
                                 identities / "ca.pem"};
  }
  return settings;
}

Result<void> KioskFront::open() {
  MAILROOM_TRY_VOID(hand_in_.begin());
  if (configuration_.places.empty()) return {};
  auto served = web::WebServer::listen(web_settings(), kiosks_->routes(), kiosk::Kiosks::answer_unknown);
  if (!served) {
    fault_ = served.error().message();
    log::error(served.error());
    return {};
  }
  web_ = *std::move(served);
  kiosks_->begin();
  log::notice("kiosks at " + web_->url());
  return write_durably(house_.folders.kiosk_address(), as_bytes(web_->url() + "\n"));
}

void KioskFront::stop() {
  if (web_) web_->stop();
  kiosks_->stop();
}

Result<bool> KioskFront::keep_reply(const archive::DeliveryRow& delivery, const delivery::Reply& reply) {
  archive::Matters matters(house_.base.catalogue.database());
  MAILROOM_TRY(const auto document, house_.base.catalogue.documents().get(delivery.document));
  MAILROOM_TRY(const auto matter, matters.of_batch(document.batch));
  if (!matter || matter->mailbox_certificate.empty()) return false;
  MAILROOM_TRY(auto sealed, kiosk::seal_reply(*matter, reply.title, reply.pdf));
  MAILROOM_TRY(auto transaction, house_.base.catalogue.database().begin());
  MAILROOM_TRY_VOID(matters.insert_reply({matter->id, 0, delivery.id, reply.seq, {}, std::move(sealed)},
                                         house_.clock.now()));
  MAILROOM_TRY([[maybe_unused]] const auto head, archive::append_audit(transaction, house_.clock.now(),
                                                                       {"recipient:" + delivery.recipient,
                                                                        "matter.answered",
                                                                        {matter->id, delivery.id},
                                                                        {{"seq", reply.seq}}}));
  MAILROOM_TRY_VOID(transaction.commit());
  return true;
}

Result<void> KioskFront::note(const std::string& person, const std::string& action, nlohmann::json details,
                              const Caller& caller) {
  details["caller"] = caller.name();
  return house_.core.call([&]() -> Result<void> {
    MAILROOM_TRY(auto transaction, house_.base.catalogue.database().begin());
    MAILROOM_TRY([[maybe_unused]] const auto head,
                 archive::append_audit(transaction, house_.clock.now(),
                                       {"operator:" + person, action, {}, std::move(details)}));
    return transaction.commit();
  });
}

Result<nlohmann::json> KioskFront::open_payments() {
  MAILROOM_TRY(const auto open, hand_in_.all_open_attempts());
  nlohmann::json list = nlohmann::json::array();
  for (const auto& attempt : open) {
    MAILROOM_TRY(const auto matter, hand_in_.find(attempt.matter));
    if (!matter) continue;
    list.push_back({{"id", attempt.id},
                    {"kiosk", matter->kiosk},
                    {"terminal", attempt.terminal},
                    {"cents", matter->fee_cents},
                    {"kassenzeichen", matter->reference},
                    {"begun_at", attempt.begun_at}});
  }
  return nlohmann::json{{"payments", list}};
}

Result<nlohmann::json> KioskFront::settle(const nlohmann::json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id", "receipt", "operator"}));
  MAILROOM_TRY(const auto id, needed(arguments, "id"));
  MAILROOM_TRY(const auto receipt, text_of(arguments, "receipt"));
  MAILROOM_TRY(const auto person, needed(arguments, "operator"));
  MAILROOM_TRY_VOID(note(person, "payment.settled", {{"attempt", id}, {"receipt", receipt}}, caller));
  MAILROOM_TRY_VOID(hand_in_.settle(id, receipt, person));
  return nlohmann::json{{"id", id}};
}

Result<nlohmann::json> KioskFront::end_day(const nlohmann::json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"kiosk", "operator"}));
  MAILROOM_TRY(const auto kiosk, needed(arguments, "kiosk"));
  MAILROOM_TRY(const auto person, needed(arguments, "operator"));
  MAILROOM_TRY(auto* const till, kiosks_->till_of(kiosk));
  MAILROOM_TRY(const auto lines, till->end_day());
  MAILROOM_TRY_VOID(note(person, "till.day_ended", {{"kiosk", kiosk}}, caller));
  return nlohmann::json{{"lines", lines}};
}

Result<nlohmann::json> KioskFront::reverse(const nlohmann::json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"kiosk", "receipt", "operator"}));
  MAILROOM_TRY(const auto kiosk, needed(arguments, "kiosk"));
  MAILROOM_TRY(const auto receipt, needed(arguments, "receipt"));
  MAILROOM_TRY(const auto person, needed(arguments, "operator"));
  MAILROOM_TRY(auto* const till, kiosks_->till_of(kiosk));
  MAILROOM_TRY(const auto result, till->reverse(receipt));
  const std::string outcome(payment::name_of(result.outcome));
  MAILROOM_TRY_VOID(
      note(person, "till.reversed", {{"kiosk", kiosk}, {"receipt", receipt}, {"outcome", outcome}}, caller));
  return nlohmann::json{{"outcome", outcome}, {"text", result.text}, {"lines", result.lines}};
}

std::map<std::string, Command> KioskFront::commands() {
  using Json = nlohmann::json;
  return {
      {"payments", [this](const Json&, const CommandContext&) { return open_payments(); }},
      {"settle_payment",
       [this](const Json& words, const CommandContext& context) { return settle(words, context.caller); }},
      {"end_day",
       [this](const Json& words, const CommandContext& context) { return end_day(words, context.caller); }},
      {"reverse_payment",
       [this](const Json& words, const CommandContext& context) { return reverse(words, context.caller); }}};
}

}  // namespace mailroom::app
