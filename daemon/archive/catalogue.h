#pragma once

#include <filesystem>

#include "daemon/archive/audit.h"
#include "daemon/archive/batches.h"
#include "daemon/archive/clarifications.h"
#include "daemon/archive/database.h"
#include "daemon/archive/deliveries.h"
#include "daemon/archive/documents.h"
#include "daemon/archive/feeds.h"
#include "daemon/archive/invoice_states.h"
#include "daemon/archive/invoices.h"
#include "daemon/archive/pages.h"
#include "daemon/archive/persons_work.h"
#include "daemon/archive/records.h"
#include "daemon/archive/users.h"

namespace mailroom::archive {

/// The appliance's memory of batches, pages, documents and deliveries
/// (docs/formats/catalogue.md). Thread-bound to the thread that uses it.
class Catalogue {
 public:
  /// Opens or creates `file`; the caller holds the DataFolderLock.
  static Result<Catalogue> open(const std::filesystem::path& file);

  [[nodiscard]] Database& database() { return *database_; }
  [[nodiscard]] Batches batches() { return Batches(*database_); }
  [[nodiscard]] Pages pages() { return Pages(*database_); }
  [[nodiscard]] Clarifications clarifications() { return Clarifications(*database_); }
  [[nodiscard]] Documents documents() { return Documents(*database_); }
  [[nodiscard]] Feeds feeds() { return Feeds(*database_); }
  [[nodiscard]] Invoices invoices() { return Invoices(*database_); }
  [[nodiscard]] InvoiceStates invoice_states() { return InvoiceStates(*database_); }
  [[nodiscard]] Deliveries deliveries() { return Deliveries(*database_); }
  [[nodiscard]] Records records() { return Records(*database_); }
  [[nodiscard]] PersonsWork persons_work() { return PersonsWork(*database_); }
  [[nodiscard]] Users users() { return Users(*database_); }

 private:
  explicit Catalogue(Database database) : database_(std::make_unique<Database>(std::move(database))) {}
  std::unique_ptr<Database> database_;  // stays where it is when the catalogue moves
};

}  // namespace mailroom::archive
