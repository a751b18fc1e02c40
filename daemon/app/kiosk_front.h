#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/app/control_server.h"
#include "daemon/app/folders.h"
#include "daemon/app/foundation.h"
#include "daemon/config/scan_computers.h"
#include "daemon/delivery/outbox.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/kiosk/hand_in.h"
#include "daemon/kiosk/kiosks.h"
#include "daemon/web/web_server.h"

namespace mailroom::app {

/// What the kiosks need of the rest of the house; everything outlives them. The functions are thread-safe.
struct KioskSurroundings {
  const Folders& folders;
  Foundation& base;
  WorkThread& core;
  intake::BatchFlow& flow;
  const Clock& clock;
  const intake::ScannerSites& sites;
  intake::ScannerTurns& turns;
  std::function<Result<archive::Batch>(const intake::ReceivedFile&)> receive;
  std::function<bool()> delivers;
  std::function<bool()> has_room;
  std::function<void(const std::string& kiosk, const std::string& station, std::string_view help)>
      help_wanted;
};

/// The kiosks behind a web server of their own. Thread-safe.
class KioskFront {
 public:
  /// Throws std::runtime_error for a configuration that cannot be.
  explicit KioskFront(const KioskSurroundings& house);

  /// Goes on with what was handed in, then serves, if there is a kiosk. Without it the mailroom still works:
  /// what is wrong is an error in the log and in fault().
  Result<void> open();
  void stop();

  /// On the core thread: keeps a recipient's answer in the mailbox of its matter. False: there is none.
  Result<bool> keep_reply(const archive::DeliveryRow& delivery, const delivery::Reply& reply);

  [[nodiscard]] nlohmann::json help_wanted() { return kiosks_->help_wanted(); }
  Result<void> answer_help(const std::string& kiosk) { return kiosks_->answer_help(kiosk); }
  std::map<std::string, Command> commands();  ///< of the control socket
  [[nodiscard]] std::string url() const { return web_ ? web_->url() : std::string(); }
  [[nodiscard]] std::string fault() const { return fault_; }

 private:
  [[nodiscard]] kiosk::HandInRooms hand_in_rooms() const;
  [[nodiscard]] kiosk::KioskRooms kiosk_rooms();
  [[nodiscard]] std::optional<kiosk::ReaderProgram> reader_of(const KioskPlace& place) const;
  [[nodiscard]] web::ServerSettings web_settings() const;

  Result<nlohmann::json> open_payments();
  Result<nlohmann::json> settle(const nlohmann::json& arguments, const Caller& caller);
  Result<nlohmann::json> end_day(const nlohmann::json& arguments, const Caller& caller);
  Result<nlohmann::json> reverse(const nlohmann::json& arguments, const Caller& caller);
  Result<void> note(const std::string& person, const std::string& action, nlohmann::json details,
                    const Caller& caller);

  KioskSurroundings house_;
  KioskConfiguration configuration_;
  std::map<std::string, ScanComputer> computers_;  // that have the reader of a kiosk
  std::map<std::string, Certificate> certificates_;
  kiosk::HandIn hand_in_;
  std::unique_ptr<kiosk::Kiosks> kiosks_;
  std::unique_ptr<web::WebServer> web_;
  std::string fault_;
};

}  // namespace mailroom::app
