#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/app/control_server.h"
#include "daemon/base/work_thread.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/hot_folder.h"

namespace mailroom::app {

/// Everything by which files come in that were never paper: the folders of the configuration, watched by one
/// thread, and uploads. Thread-safe.
class FileIntake {
 public:
  /// `has_room`: whether the data disk has room; without it files wait where they are.
  FileIntake(WorkThread& core, intake::BatchFlow& flow, const intake::Spool& spool,
             const Configuration& configuration, const Clock& clock, std::function<bool()> has_room);
  ~FileIntake() { stop(); }
  FileIntake(const FileIntake&) = delete;
  FileIntake& operator=(const FileIntake&) = delete;

  void begin();
  void stop();  ///< the file at work is finished

  /// Takes a file in as the one side of a batch of its own: durable and closed when this returns. Its bytes
  /// are written on the caller's thread. Errors as of intake::side_of() and BatchFlow::open_for_file().
  Result<archive::Batch> receive(const intake::ReceivedFile& file);
  [[nodiscard]] std::map<std::string, Command> commands();

 private:
  void watch(const std::stop_token& stop);
  Result<nlohmann::json> list() const;
  Result<nlohmann::json> receive(const nlohmann::json& arguments, const Caller& caller);

  WorkThread& core_;
  intake::BatchFlow& flow_;
  const intake::Spool& spool_;
  const Clock& clock_;
  std::function<bool()> has_room_;
  std::vector<std::unique_ptr<intake::HotFolder>> folders_;
  std::jthread watching_;
};

}  // namespace mailroom::app
