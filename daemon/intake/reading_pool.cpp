#include "daemon/intake/reading_pool.h"

#include <utility>

#include "daemon/base/log.h"

namespace mailroom::intake {

ReadingPool::ReadingPool(int workers, ocr::PageWorkerOptions options, const Spool& spool, OnRead on_read)
    : options_(std::move(options)), spool_(spool), on_read_(std::move(on_read)) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { run(); });
}

void ReadingPool::add(ReadingJob job) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push({std::move(job), order_++});
  }
  wake_.notify_one();
}

void ReadingPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t ReadingPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

bool ReadingPool::next(ReadingJob& job) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  if (stopping_) return false;
  job = jobs_.top().job;
  jobs_.pop();
  return true;
}

Result<PageReport> ReadingPool::read(std::optional<ocr::PageWorker>& worker, const ReadingJob& job) const {
  if (!worker) {
    MAILROOM_TRY(worker, ocr::PageWorker::start(options_));
  } else if (!worker->alive()) {
    MAILROOM_TRY_VOID(worker->restart());
  }
  MAILROOM_TRY(const Bytes bytes, spool_.read(job.entry, job.sha256));
  return worker->read_page(bytes, job.request);
}

void ReadingPool::run() {
  std::optional<ocr::PageWorker> worker;
  // Ready before the first sheet comes: loading the models takes a good part of a second.
  if (auto started = ocr::PageWorker::start(options_)) {
    worker = std::move(*started);
  } else {
    log::error(started.error());
  }
  ReadingJob job;
  while (next(job)) on_read_(job, read(worker, job));
}

}  // namespace mailroom::intake
