#include "daemon/app/room_settings.h"

#include <algorithm>
#include <set>
#include <thread>

#include "daemon/app/setup.h"

namespace mailroom::app {

delivery::SessionSettings session_settings(const Folders& folders, const Configuration& configuration) {
  delivery::SessionSettings settings;
  settings.broker.host = configuration.broker.host;
  settings.broker.port = configuration.broker.port;
  settings.broker.ca = folders.identities() / "ca.pem";
  settings.broker.certificate = folders.identities() / "node.pem";
  settings.broker.key = folders.identities() / "node.key";
  settings.site = configuration.site;
  settings.node = kNode;
  for (const auto& [id, recipient] : configuration.recipients)
    settings.recipients.push_back({id, recipient.window});
  return settings;
}

ocr::PageWorkerOptions worker_options(const Configuration& configuration) {
  ocr::PageWorkerOptions options;
  options.program = companion_program("mailroom-page");
  std::set<std::string> languages;
  for (const auto& [id, profile] : configuration.profiles) {
    languages.insert(profile.languages.begin(), profile.languages.end());
  }
  options.languages.assign(languages.begin(), languages.end());
  options.memory_mib = std::size_t(configuration.limits.page_memory_mib);
  options.page_limit = std::chrono::seconds(configuration.limits.page_seconds);
  return options;
}

drivers::ScanOptions scan_options(const Configuration& configuration) {
  drivers::ScanOptions options;
  options.progress_limit = std::chrono::milliseconds(configuration.limits.scanner_progress_ms);
  options.queue = configuration.limits.capture_queue;
  return options;
}

int worker_count(const Configuration& configuration) {
  const int cores = int(std::max(1U, std::thread::hardware_concurrency()));
  return configuration.limits.workers > 0 ? configuration.limits.workers : cores;
}

}  // namespace mailroom::app
