#pragma once

#include <map>
#include <string>

#include "daemon/app/control_server.h"
#include "daemon/archive/catalogue.h"
#include "daemon/base/work_thread.h"
#include "daemon/config/configuration.h"

namespace mailroom::app {

/// Answers where an invoice is and what is to be paid until when (docs/formats/control-protocol.md).
/// Thread-safe.
class InvoiceDesk {
 public:
  InvoiceDesk(WorkThread& core, archive::Catalogue& catalogue, const Configuration& configuration,
              const Clock& clock)
      : core_(core), catalogue_(catalogue), configuration_(configuration), clock_(clock) {}

  [[nodiscard]] std::map<std::string, Command> commands();

 private:
  Result<nlohmann::json> invoices(const nlohmann::json& arguments);
  Result<nlohmann::json> deadlines();

  WorkThread& core_;
  archive::Catalogue& catalogue_;
  const Configuration& configuration_;
  const Clock& clock_;
};

}  // namespace mailroom::app
