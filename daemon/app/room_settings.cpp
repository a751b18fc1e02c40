#include "daemon/app/room_settings.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <thread>

#include "daemon/app/setup.h"
#include "daemon/archive/meta.h"
#include "daemon/config/scan_computers.h"

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

delivery::RestoredFrom restored_from(archive::Catalogue& catalogue) {
  delivery::RestoredFrom restored;
  restored.generation = archive::generation(catalogue.database()).value_or(0);
  const auto seq = archive::meta(catalogue.database(), archive::kRestoredSeq);
  const auto head = archive::meta(catalogue.database(), archive::kRestoredHead);
  if (seq && !seq->empty()) restored.seq = std::stoll(*seq);
  if (head) restored.head = *head;
  return restored;
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

ocr::PageWorkerOptions drawing_options(const Configuration& configuration) {
  constexpr std::chrono::seconds kSomebodyWaits{10};
  auto options = worker_options(configuration);
  options.page_limit = kSomebodyWaits;
  return options;
}

drivers::ScanOptions scan_options(const Configuration& configuration) {
  drivers::ScanOptions options;
  options.progress_limit = std::chrono::milliseconds(configuration.limits.scanner_progress_ms);
  options.queue = configuration.limits.capture_queue;
  options.environment[drivers::kQuirksVariable] = (configuration.folder / "scanners").string();
  return options;
}

std::vector<std::string> link_arguments(const Folders& folders, const std::string& host, int port) {
  return {"connect",
          "--host",
          host,
          "--port",
          std::to_string(port),
          "--as",
          "node",
          "--identities",
          folders.identities().string()};
}

std::vector<intake::FarScanners> far_scanners(const Folders& folders, const Configuration& configuration) {
  const auto computers = load_scan_computers(configuration.folder);
  if (!computers) throw std::runtime_error(computers.error().message());
  std::vector<intake::FarScanners> far;
  for (const auto& computer : *computers) {
    far.push_back({computer.name, companion_program("mailroom-scan-link"),
                   link_arguments(folders, computer.host, computer.port)});
  }
  return far;
}

web::ServerSettings web_settings(const Folders& folders, const Configuration& configuration) {
  web::ServerSettings settings;
  settings.address = configuration.web.address;
  settings.port = configuration.web.port;
  settings.names = configuration.web.names;
  settings.screens = shared_folder("screens");
  if (!configuration.web.certificate.empty()) {
    settings.tls = web::TlsFiles{folders.identities() / configuration.web.certificate,
                                 folders.identities() / configuration.web.key};
  }
  return settings;
}

std::vector<intake::WatchedScanner> watched_scanners(const Configuration& configuration) {
  std::vector<intake::WatchedScanner> watched;
  for (const auto& [id, place] : configuration.stations) {
    const bool known = std::any_of(watched.begin(), watched.end(),
                                   [&](const auto& other) { return other.scanner == place.scanner; });
    if (place.start != StartOn::nothing && !known) watched.push_back({place.scanner, place.start});
  }
  return watched;
}

int worker_count(const Configuration& configuration) {
  const int cores = int(std::max(1U, std::thread::hardware_concurrency()));
  return configuration.limits.workers > 0 ? configuration.limits.workers : cores;
}

}  // namespace mailroom::app
