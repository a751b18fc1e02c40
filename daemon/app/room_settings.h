#pragma once

#include "daemon/app/folders.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/delivery_session.h"
#include "drivers/scanner/client/scan_process.h"
#include "ocr/worker/client/page_client.h"

/// What the configuration means to each of the rooms. All functions are reentrant.
namespace mailroom::app {

delivery::SessionSettings session_settings(const Folders& folders, const Configuration& configuration);
ocr::PageWorkerOptions worker_options(const Configuration& configuration);
drivers::ScanOptions scan_options(const Configuration& configuration);
int worker_count(const Configuration& configuration);

}  // namespace mailroom::app
