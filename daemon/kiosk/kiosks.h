#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/kiosk/kiosk.h"
#include "daemon/web/message.h"

namespace mailroom::kiosk {

/// All kiosks of the mailroom, as addresses for a web server of their own (config/contract/kiosk.yaml).
/// Thread-safe.
class Kiosks {
 public:
  /// `rooms` as of Kiosk, for each of them. `needs_device`: requests must come with the kiosk's certificate.
  Kiosks(const KioskRooms& rooms, bool needs_device);
  ~Kiosks() { stop(); }
  Kiosks(const Kiosks&) = delete;
  Kiosks& operator=(const Kiosks&) = delete;

  void begin();  ///< from here on visits come to their end by themselves
  void stop();   ///< ends all visits; idempotent

  [[nodiscard]] std::vector<web::Route> routes();
  static web::Response answer_unknown(const web::Request& request);

  /// Somebody of the staff answers a call for help. Errc::not_found.
  Result<void> answer_help(const std::string& kiosk);
  Result<Till*> till_of(const std::string& kiosk);  ///< Errc::not_found
  [[nodiscard]] nlohmann::json help_wanted();       ///< ids of kiosks with a call, and its state

 private:
  void run(const std::stop_token& stop);

  HandIn& hand_in_;
  bool needs_device_;
  std::map<std::string, std::unique_ptr<Kiosk>> kiosks_;
  std::mutex mutex_;
  std::map<std::string, Help> help_;
  std::jthread running_;
};

}  // namespace mailroom::kiosk
