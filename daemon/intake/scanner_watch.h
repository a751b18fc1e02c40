#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/config/configuration.h"
#include "daemon/intake/scanner_sites.h"
#include "daemon/intake/scanner_turns.h"

namespace mailroom::intake {

/// A scanner whose sensors may start a batch.
struct WatchedScanner {
  std::string scanner;
  StartOn start = StartOn::button;
};

enum class ScannerNews {
  button,  ///< somebody pressed a button
  paper,   ///< paper was put into an empty feeder
  gone,    ///< it does not answer any more: unplugged, switched off, its computer away
  back,    ///< it answers again
};
std::string_view name_of(ScannerNews news);

/// Called on a thread of the watch.
using OnScannerNews = std::function<void(const std::string& scanner, ScannerNews news)>;

/// Looks at scanners from time to time while nothing feeds from them: each is open only for as long as
/// the look takes, so that other programs get at it, and one that a foreign program has open is left alone.
/// What happened before the first look after a start or a feed is no news: a button pressed during a
/// feed starts no second batch. One thread and one mailroom-scan for each scanner. Thread-safe.
class ScannerWatch {
 public:
  ScannerWatch(const ScannerSites& sites, ScannerTurns& turns, const std::vector<WatchedScanner>& scanners,
               std::chrono::milliseconds interval, OnScannerNews on_news);

  void stop();  ///< ends the looks; idempotent

 private:
  void watch(const WatchedScanner& watched, const std::stop_token& stop) const;

  const ScannerSites& sites_;
  ScannerTurns& turns_;
  std::chrono::milliseconds interval_;
  OnScannerNews on_news_;
  std::vector<std::jthread> threads_;
};

}  // namespace mailroom::intake
