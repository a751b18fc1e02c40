#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daemon/station/badges.h"
#include "daemon/station/desk.h"
#include "daemon/station/file_parts.h"
#include "daemon/station/panel_post.h"
#include "daemon/station/pictures.h"
#include "daemon/web/message.h"

namespace mailroom::station {

/// The scanner stations: who works there, and everything they see and do, as addresses for a web
/// server (config/contract/openapi.yaml). Events are made from what is stored, so that nothing that
/// changes it has to think of screens. Thread-safe.
class Station {
 public:
  explicit Station(StationRooms rooms);
  ~Station();
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  /// Begins with the panels of stations; once, when the batches of an earlier run are recovered. Throws
  /// std::runtime_error for a panel at a station that does not exist.
  void attend(const std::vector<PanelPlace>& panels);

  /// Login with badges at these readers; before routes(). `program` is mailroom-card.
  void use_badges(const std::filesystem::path& program, const std::vector<BadgeReaderPlace>& places);
  std::vector<web::Route> routes();
  web::Response answer_unknown(const web::Request& request) { return desk_.answer_unknown(request); }

  /// A sensor or the state of a scanner, for the screens of its stations: they start the batch, so that it
  /// is somebody's.
  void scanner_told(const std::string& scanner, std::string_view news);

  /// A kiosk's call for help, or its end, for the screens of the station that looks after it.
  void kiosk_told(const std::string& kiosk, const std::string& station, std::string_view help);

  void changed();  ///< something in the catalogue has changed
  void stop();     ///< ends the streams; idempotent

 private:
  struct Seen {
    std::string view;
    std::set<std::string> pages;
    Protection protection;
  };
  void watch();
  void look_around();
  void look_at(const archive::Batch& batch);
  void tell_pages(const archive::Batch& batch, Seen& seen);

  Desk desk_;
  std::unique_ptr<Badges> badges_;
  Pictures pictures_;
  FileParts files_;
  std::map<std::string, Seen> seen_;  // of the core thread, by batch id
  int open_questions_ = -1;
  int erasures_ = 0;  // confirmed ones at the last look
  std::mutex mutex_;
  std::condition_variable wake_;
  bool changed_ = false;
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<PanelPost>> panels_;  // by station
  std::thread watching_;
};

}  // namespace mailroom::station
