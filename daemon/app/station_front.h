#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/control_server.h"
#include "daemon/app/folders.h"
#include "daemon/config/panels.h"
#include "daemon/station/station.h"
#include "daemon/web/web_server.h"

namespace mailroom::app {

/// The stations behind their web server. Thread-safe.
class StationFront {
 public:
  StationFront(Folders folders, const station::StationRooms& rooms);

  /// Begins with the panels, serves the screens and what `more` answers. Without them the mailroom still
  /// captures and delivers: what is wrong is an error in the log and in fault().
  void open(std::vector<web::Route> more, const std::vector<PanelPlace>& panels);
  void changed() { station_.changed(); }  ///< something in the catalogue has changed
  void scanner_told(const std::string& scanner, std::string_view news) {
    station_.scanner_told(scanner, news);
  }
  void kiosk_told(const std::string& kiosk, const std::string& station, std::string_view help) {
    station_.kiosk_told(kiosk, station, help);
  }
  void stop();

  [[nodiscard]] std::string url() const { return web_ ? web_->url() : std::string(); }
  [[nodiscard]] std::string fault() const { return fault_; }

  std::map<std::string, Command> commands();  ///< of the control socket

 private:
  Result<nlohmann::json> add_user(const nlohmann::json& arguments, const Caller& caller);
  Result<nlohmann::json> enrol_badge(const nlohmann::json& arguments, const Caller& caller);
  Result<nlohmann::json> withdraw_badge(const nlohmann::json& arguments, const Caller& caller);

  Folders folders_;
  station::StationRooms rooms_;
  station::Station station_;
  std::unique_ptr<web::WebServer> web_;
  std::string fault_;
};

}  // namespace mailroom::app
