#pragma once

#include <vector>

#include "daemon/app/folders.h"
#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/database_lock.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/certificate.h"
#include "daemon/crypto/routing_key.h"
#include "daemon/intake/sealing.h"

namespace mailroom::app {

/// What is read from disk before anything runs.
struct Foundation {
  archive::DataFolderLock lock;
  Configuration configuration;
  Identity appliance;
  std::vector<Certificate> trusted;
  intake::RecipientCertificates certificates;
  std::vector<RoutingKey> routing_keys;
  archive::ContentStore contents;
  archive::Catalogue catalogue;
};

/// Reads the configuration and opens the data folder under its lock. Errc::busy when another daemon
/// has it, Errc::not_found names `mailroomctl setup` when it has not been set up.
Result<Foundation> lay_foundation(const Folders& folders);

}  // namespace mailroom::app
