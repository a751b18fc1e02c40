#include "daemon/intake/scanner_watch.h"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "daemon/base/log.h"

namespace mailroom::intake {
namespace {

/// One scanner as it was seen last.
class Watcher {
 public:
  Watcher(const ScannerSites& sites, const WatchedScanner& watched, const OnScannerNews& on_news)
      : sites_(sites), watched_(watched), on_news_(on_news) {}

  void look() {
    auto sensed = sense();
    if (sensed) return compare(*std::move(sensed));
    const Errc code = sensed.error().code;
    if (code == Errc::busy) return;  // a foreign program has it
    // A new helper next time: the line to it, or its driver, may be what is broken.
    access_.reset();
    before_.reset();
    if (gone_) return;
    gone_ = true;
    log::warning(sensed.error().message(), {.device = watched_.scanner});
    on_news_(watched_.scanner, ScannerNews::gone);
  }

  /// A feed was or is going on: what the sensors said before it counts no more.
  void look_away() { before_.reset(); }

 private:
  Result<drivers::FeederSense> sense() {
    if (!access_) {
      MAILROOM_TRY(access_, sites_.access(watched_.scanner));
    }
    return access_->process.sense(access_->device);
  }

  void compare(drivers::FeederSense now) {
    if (gone_) on_news_(watched_.scanner, ScannerNews::back);
    gone_ = false;
    const auto before = std::exchange(before_, std::move(now));
    if (!before) return;
    if (watched_.start == StartOn::button && before->pressed.empty() && !before_->pressed.empty())
      on_news_(watched_.scanner, ScannerNews::button);
    if (watched_.start == StartOn::paper && before->loaded == false && before_->loaded == true)
      on_news_(watched_.scanner, ScannerNews::paper);
  }

  const ScannerSites& sites_;
  const WatchedScanner& watched_;
  const OnScannerNews& on_news_;
  std::optional<ScannerAccess> access_;
  std::optional<drivers::FeederSense> before_;
  bool gone_ = false;
};

void wait_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

std::string_view name_of(ScannerNews news) {
  switch (news) {
    case ScannerNews::button: return "button";
    case ScannerNews::paper: return "paper";
    case ScannerNews::gone: return "gone";
    case ScannerNews::back: return "back";
  }
  return "";
}

ScannerWatch::ScannerWatch(const ScannerSites& sites, ScannerTurns& turns,
                           const std::vector<WatchedScanner>& scanners, std::chrono::milliseconds interval,
                           OnScannerNews on_news)
    : sites_(sites), turns_(turns), interval_(interval), on_news_(std::move(on_news)) {
  for (const auto& watched : scanners) {
    threads_.emplace_back([this, watched](const std::stop_token& stop) { watch(watched, stop); });
  }
}

void ScannerWatch::stop() {
  for (auto& thread : threads_) thread.request_stop();
  threads_.clear();
}

void ScannerWatch::watch(const WatchedScanner& watched, const std::stop_token& stop) const {
  Watcher watcher(sites_, watched, on_news_);
  while (!stop.stop_requested()) {
    if (const auto turn = turns_.try_take(watched.scanner)) {
      watcher.look();
    } else {
      watcher.look_away();
    }
    wait_for(interval_, stop);
  }
}

}  // namespace mailroom::intake
