#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/intake/scanner_sites.h"
#include "daemon/intake/scanner_turns.h"
#include "daemon/intake/spool.h"
#include "drivers/scanner/client/scan_process.h"

namespace mailroom::intake {

/// One feed into one batch.
struct FeedOrder {
  std::string batch;
  int sheets_before = 0;  ///< taken by earlier feeds of the batch; ours count on from there
  drivers::FeedRequest request;
};

/// Room on the disk that the spool is on.
struct DiskRoom {
  bool ample = false;  ///< more is free than the reserve: sheets are taken
  std::uint64_t free_mib = 0;
  std::uint64_t reserve_mib = 0;
  int waiting_feeds = 0;  ///< feeds that stand still until there is room again
};

/// What the flow wants to hear; called on the feed's own thread.
struct FeedEvents {
  /// The side is durable in the spool; enters it in the catalogue.
  std::function<Result<void>(const std::string& batch, const CapturedImage& image, std::size_t size)> taken;
  /// The feed is over; called exactly once per feed that took at least one side.
  std::function<void(const std::string& batch, const drivers::FeedSummary&)> ended;
};

/// The scanners at work: one thread and one mailroom-scan per feed, one feed per scanner. What is left
/// of the disk below the reserve is for the work on sheets that were taken: a feed that would use it up
/// stands still and goes on by itself when there is room, or ends with Errc::disk_full after a while.
/// Thread-safe.
class Feeding {
 public:
  Feeding(std::filesystem::path scan_program, drivers::ScanOptions options, const Spool& spool,
          std::uint64_t reserve_mib, FeedEvents events, std::vector<FarScanners> far = {});
  ~Feeding();
  Feeding(const Feeding&) = delete;
  Feeding& operator=(const Feeding&) = delete;

  [[nodiscard]] Result<std::vector<drivers::DeviceInfo>> list_devices() const;

  /// Starts a feed and returns once its first side is durable. A feed that fails before that is its
  /// error (empty feeder, unknown scanner, busy, unsupported), and `ended` is not called for it.
  Result<void> start(const FeedOrder& order);

  /// Ends the feed of `scanner` after the sheet that is moving. Errc::not_found when it has none.
  Result<void> stop(const std::string& scanner);
  Result<void> pause(const std::string& scanner);  ///< the same, and the summary says FeedEnd::paused

  void stop_all();  ///< pauses every feed and waits; later start() is Errc::cancelled
  [[nodiscard]] std::vector<std::string> busy() const;  ///< scanners that feed now

  [[nodiscard]] const ScannerSites& sites() const { return sites_; }
  [[nodiscard]] ScannerTurns& turns() { return turns_; }  ///< a feed has its scanner's to its end

  [[nodiscard]] DiskRoom room() const;            ///< an unreadable disk has none
  [[nodiscard]] Result<void> check_room() const;  ///< Errc::disk_full when no sheet may be taken now

 private:
  struct Feed;
  Result<void> end(const std::string& scanner, bool paused);
  void run(Feed& feed, const FeedOrder& order, const std::stop_token& stop);
  Result<void> take(const FeedOrder& order, CapturedImage&& image) const;
  Result<void> await_room(const Feed& feed, const std::stop_token& stop);
  void reap();

  ScannerSites sites_;
  ScannerTurns turns_;
  const Spool& spool_;
  std::uint64_t reserve_mib_;
  FeedEvents events_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::atomic<int> waiting_ = 0;
  std::map<std::string, std::unique_ptr<Feed>> feeds_;  // by scanner
};

}  // namespace mailroom::intake
