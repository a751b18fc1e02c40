#pragma once

#include "daemon/app/folders.h"
#include "daemon/archive/catalogue.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/intake/scanner_sites.h"
#include "daemon/intake/scanner_watch.h"
#include "daemon/web/web_server.h"
#include "drivers/scanner/client/scan_process.h"
#include "ocr/worker/client/page_client.h"

/// What the configuration means to each of the rooms. All functions are reentrant.
namespace mailroom::app {

delivery::SessionSettings session_settings(const Folders& folders, const Configuration& configuration);
ocr::PageWorkerOptions worker_options(const Configuration& configuration);
ocr::PageWorkerOptions drawing_options(const Configuration& configuration);  ///< pictures for the screens

/// How the scanners at the computers of stations are reached. Throws std::runtime_error when their file is
/// wrong.
/// What the daemon's end of a link to another computer is started with.
std::vector<std::string> link_arguments(const Folders& folders, const std::string& host, int port);
std::vector<intake::FarScanners> far_scanners(const Folders& folders, const Configuration& configuration);
drivers::ScanOptions scan_options(const Configuration& configuration);

/// The scanners whose sensors start batches, each once.
std::vector<intake::WatchedScanner> watched_scanners(const Configuration& configuration);
int worker_count(const Configuration& configuration);

/// What the catalogue knows of the last restore. Before the threads run.
delivery::RestoredFrom restored_from(archive::Catalogue& catalogue);
web::ServerSettings web_settings(const Folders& folders, const Configuration& configuration);

}  // namespace mailroom::app
