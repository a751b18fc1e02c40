#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/app/control_server.h"
#include "daemon/app/folders.h"
#include "daemon/base/result.h"

namespace mailroom::app {

/// The whole mailroom of one data folder: the only place that knows all rooms and joins them.
///
/// Threads: one core thread owns catalogue and flow; one thread per feeding scanner, per page worker
/// and per control connection; one seals, one delivers. They reach the core through its WorkThread
/// and never wait for each other elsewhere. Thread-safe.
class Appliance {
 public:
  /// Takes the data folder's lock, opens what is there, mends what a crash left and goes on with the
  /// work. Errc::busy when another daemon has the folder; Errc::not_found names `mailroomctl setup`
  /// when the identities are missing.
  static Result<std::unique_ptr<Appliance>> open(const Folders& folders);
  ~Appliance();
  Appliance(const Appliance&) = delete;
  Appliance& operator=(const Appliance&) = delete;

  [[nodiscard]] std::map<std::string, Command> commands();

  /// One line for the service manager; asking for it proves that the core thread works.
  [[nodiscard]] std::string status_line();

  /// Goes on with what waits for room on the disk, if there is some now; for every few seconds.
  void go_on();

  /// Removes working copies that have expired; for once an hour.
  void tidy();

  /// Ends feeds after the sheet that moves, lets workers finish their page, says goodbye to the
  /// broker. What is not done is done after the next start.
  void drain();

 private:
  class Rooms;
  explicit Appliance(std::unique_ptr<Rooms> rooms);
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace mailroom::app
