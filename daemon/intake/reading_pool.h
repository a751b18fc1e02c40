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

/// Two captured sides that are to be compared; `page` was fed later than `other`.
struct ComparisonJob {
  std::string page;  ///< id
  std::string other;
  SpoolEntry entry, other_entry;
  std::string sha256, other_sha256;
  Priority priority = Priority::ordinary;
};

/// The page workers: one thread and one mailroom-page process each. Jobs of higher priority first,
/// else in the order given. A worker that died or was killed is started again before its next job.
/// add() is thread-safe.
class ReadingPool {
 public:
  /// `on_read` gets each job's outcome on a thread of the pool. Errc::crashed and timed_out mean that
  /// the worker died on it; the receiver decides whether to add the job again.
  using OnRead = std::function<void(const ReadingJob&, Result<PageReport>)>;

  using OnCompared = std::function<void(const ComparisonJob&, Result<Likeness>)>;

  ReadingPool(int workers, ocr::PageWorkerOptions options, const Spool& spool, OnRead on_read,
              OnCompared on_compared = {});
  ~ReadingPool() { stop(); }
  ReadingPool(const ReadingPool&) = delete;
  ReadingPool& operator=(const ReadingPool&) = delete;

  void add(ReadingJob job);
  void compare(ComparisonJob job);  ///< a worker that dies on it is not asked again: the outcome is its error
  void stop();  ///< finishes the jobs at work, drops those waiting (the catalogue has them)
  [[nodiscard]] std::size_t waiting() const;

 private:
  using Worker = std::optional<ocr::PageWorker>;
  struct Ranked {
    Priority priority = Priority::ordinary;
    std::uint64_t order = 0;
    std::function<void(Worker&)> work;
    bool operator<(const Ranked& other) const {
      if (priority != other.priority) return priority < other.priority;
      return order > other.order;
    }
  };
  void push(Priority priority, std::function<void(Worker&)> work);
  void run();
  bool next(std::function<void(Worker&)>& work);
  Result<void> ready(Worker& worker) const;
  Result<PageReport> read(Worker& worker, const ReadingJob& job) const;
  Result<Likeness> compare(Worker& worker, const ComparisonJob& job) const;

  ocr::PageWorkerOptions options_;
  const Spool& spool_;
  OnRead on_read_;
  OnCompared on_compared_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::priority_queue<Ranked> jobs_;
  std::uint64_t order_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace mailroom::intake
