#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "daemon/document/terms.h"
#include "daemon/intake/spool.h"
#include "ocr/worker/client/page_client.h"

namespace mailroom::intake {

/// A captured side that is to be read.
struct ReadingJob {
  std::string page;  ///< id
  SpoolEntry entry;
  std::string sha256;
  Priority priority = Priority::ordinary;
  ocr::PageRequest request;
};

/// The page workers: one thread and one mailroom-page process each. Jobs of higher priority first,
/// else in the order given. A worker that died or was killed is started again before its next job.
/// add() is thread-safe.
class ReadingPool {
 public:
  /// `on_read` gets each job's outcome on a thread of the pool. Errc::crashed and timed_out mean that
  /// the worker died on it; the receiver decides whether to add the job again.
  using OnRead = std::function<void(const ReadingJob&, Result<PageReport>)>;

  ReadingPool(int workers, ocr::PageWorkerOptions options, const Spool& spool, OnRead on_read);
  ~ReadingPool() { stop(); }
  ReadingPool(const ReadingPool&) = delete;
  ReadingPool& operator=(const ReadingPool&) = delete;

  void add(ReadingJob job);
  void stop();  ///< finishes the jobs at work, drops those waiting (the catalogue has them)
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Ranked {
    ReadingJob job;
    std::uint64_t order = 0;
    bool operator<(const Ranked& other) const {
      if (job.priority != other.job.priority) return job.priority < other.job.priority;
      return order > other.order;
    }
  };
  void run();
  bool next(ReadingJob& job);
  Result<PageReport> read(std::optional<ocr::PageWorker>& worker, const ReadingJob& job) const;

  ocr::PageWorkerOptions options_;
  const Spool& spool_;
  OnRead on_read_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::priority_queue<Ranked> jobs_;
  std::uint64_t order_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mailroom::intake
