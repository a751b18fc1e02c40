#include "daemon/app/station_front.h"

#include <iterator>
#include <stdexcept>

#include "daemon/app/arguments.h"
#include "daemon/app/room_settings.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/log.h"
#include "daemon/config/card_readers.h"
#include "daemon/station/badge_book.h"
#include "daemon/station/user_book.h"

namespace mailroom::app {

using nlohmann::json;

StationFront::StationFront(Folders folders, const station::StationRooms& rooms)
    : folders_(std::move(folders)), rooms_(rooms), station_(rooms) {
  const auto readers = load_badge_readers(rooms_.configuration.folder);
  if (!readers) throw std::runtime_error(readers.error().message());
  for (const auto& reader : *readers) {
    if (!rooms_.configuration.stations.contains(reader.station))
      throw std::runtime_error("card_readers.toml names a station that mailroom.toml does not have: " +
                               reader.station);
  }
  station_.use_badges(companion_program("mailroom-card"), *readers);
}

void StationFront::open(std::vector<web::Route> more, const std::vector<PanelPlace>& panels) {
  station_.attend(panels);
  std::vector<web::Route> routes = station_.routes();
  std::move(more.begin(), more.end(), std::back_inserter(routes));
  auto served =
      web::WebServer::listen(web_settings(folders_, rooms_.configuration), std::move(routes),
                             [this](const auto& request) { return station_.answer_unknown(request); });
  if (!served) {
    fault_ = served.error().message();
    return log::error(served.error());
  }
  web_ = *std::move(served);
  log::notice("screens at " + web_->url());
  const auto noted = write_durably(folders_.station_address(), as_bytes(web_->url() + "\n"));
  if (!noted) log::error(noted.error());
}

void StationFront::stop() {
  station_.stop();
  if (web_) web_->stop();
}

Result<json> StationFront::add_user(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"user", "name", "rights", "password"}));
  station::NewUser wanted;
  MAILROOM_TRY(wanted.user, needed(arguments, "user"));
  MAILROOM_TRY(wanted.name, needed(arguments, "name"));
  MAILROOM_TRY(wanted.password, text_of(arguments, "password"));
  MAILROOM_TRY(wanted.rights, station::rights_from(arguments.value("rights", json())));
  MAILROOM_TRY(const auto added, rooms_.core.call([&] {
    return station::add_user(rooms_.catalogue, rooms_.clock, wanted, caller.name());
  }));
  json view = station::user_json(added.user);
  if (!added.made_password.empty()) view["password"] = added.made_password;
  return view;
}

Result<json> StationFront::enrol_badge(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"user", "certificate"}));
  MAILROOM_TRY(const auto user, needed(arguments, "user"));
  MAILROOM_TRY(const auto certificate, needed(arguments, "certificate"));
  MAILROOM_TRY(const auto badge, rooms_.core.call([&] {
    return station::enrol_badge(rooms_.catalogue, rooms_.clock, user, certificate, caller.name());
  }));
  return json{{"user", badge.user}, {"certificate", badge.fingerprint}};
}

Result<json> StationFront::withdraw_badge(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"certificate"}));
  MAILROOM_TRY(const auto fingerprint, needed(arguments, "certificate"));
  MAILROOM_TRY_VOID(rooms_.core.call(
      [&] { return station::withdraw_badge(rooms_.catalogue, rooms_.clock, fingerprint, caller.name()); }));
  return json{{"certificate", fingerprint}};
}

std::map<std::string, Command> StationFront::commands() {
  return {{"user_add", [this](const json& words,
                              const CommandContext& context) { return add_user(words, context.caller); }},
          {"badge_add", [this](const json& words,
                               const CommandContext& context) { return enrol_badge(words, context.caller); }},
          {"badge_withdraw", [this](const json& words, const CommandContext& context) {
             return withdraw_badge(words, context.caller);
           }}};
}

}  // namespace mailroom::app
