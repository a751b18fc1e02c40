#pragma once

#include <map>
#include <string>

#include "daemon/app/control_server.h"
#include "daemon/archive/catalogue.h"
#include "daemon/base/work_thread.h"
#include "daemon/intake/batch_flow.h"

namespace mailroom::app {

/// Answers where an invoice is and what is to be paid until when (docs/formats/control-protocol.md).
/// Thread-safe.
class InvoiceDesk {
 public:
  InvoiceDesk(WorkThread& core, archive::Catalogue& catalogue, intake::BatchFlow& flow)
      : core_(core), catalogue_(catalogue), flow_(flow) {}

  [[nodiscard]] std::map<std::string, Command> commands();

 private:
  Result<nlohmann::json> invoices(const nlohmann::json& arguments);
  Result<nlohmann::json> deadlines();

  WorkThread& core_;
  archive::Catalogue& catalogue_;
  intake::BatchFlow& flow_;
};

}  // namespace mailroom::app
