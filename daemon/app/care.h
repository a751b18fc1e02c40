#pragma once

#include <map>
#include <mutex>
#include <string>

#include "daemon/app/control_server.h"
#include "daemon/app/folders.h"
#include "daemon/archive/catalogue.h"
#include "daemon/base/work_thread.h"
#include "daemon/intake/batch_flow.h"

namespace mailroom::app {

/// The commands of those who look after the mailroom: erasures, released paper, what was not
/// delivered, backups (docs/formats/control-protocol.md). Thread-safe.
class Care {
 public:
  Care(WorkThread& core, archive::Catalogue& catalogue, intake::BatchFlow& flow,
       const Configuration& configuration, const Folders& folders, const Clock& clock)
      : core_(core),
        catalogue_(catalogue),
        flow_(flow),
        configuration_(configuration),
        folders_(folders),
        clock_(clock) {}

  [[nodiscard]] std::map<std::string, Command> commands();

 private:
  using Json = nlohmann::json;
  Result<Json> request_erasure(const Json& arguments, const Caller& caller);
  Result<Json> decide_erasure(const Json& arguments, const Caller& caller, bool confirm);
  Result<Json> erasures();
  Result<Json> release_originals(const Json& arguments, const Caller& caller);
  Result<Json> deliveries(const Json& arguments);
  Result<Json> dead_letters();
  Result<Json> resend(const Json& arguments, const Caller& caller);
  Result<Json> lost();
  Result<Json> settle_lost(const Json& arguments, const Caller& caller);
  Result<Json> make_snapshot(const Json& arguments);
  Result<Json> record_backup(const Json& arguments, const Caller& caller);

  WorkThread& core_;
  archive::Catalogue& catalogue_;
  intake::BatchFlow& flow_;
  const Configuration& configuration_;
  Folders folders_;
  const Clock& clock_;
  std::string snapshot_at_;  ///< of the last one made; core thread only
};

/// Puts a copy of the catalogue at snapshot_in(folders), in place of an earlier one.
Result<void> copy_catalogue(archive::Catalogue& catalogue, const Folders& folders);

/// Notes a finished backup of the snapshot of time `at` in catalogue and audit.
Result<void> note_backup(archive::Catalogue& catalogue, const std::string& at, std::int64_t contents,
                         std::int64_t sides, const std::string& caller, const Clock& clock);

}  // namespace mailroom::app
