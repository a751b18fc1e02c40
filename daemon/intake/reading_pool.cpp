#include "daemon/intake/reading_pool.h"

#include <utility>

#include "daemon/base/log.h"
#include "daemon/intake/readable_file.h"

namespace mailroom::intake {
namespace {

/// An invoice as a picture or print for people: its pages are read as paper is. One that cannot be read
/// leaves none of them: half an invoice is no invoice.
Result<void> add_pages(ocr::PageWorker& worker, const Bytes& file, const ocr::PageRequest& request,
                       nlohmann::json& answer) {
  nlohmann::json pages = nlohmann::json::array();
  bool whole = true;
  const auto read = worker.read_file(file, request, [&](int, const Result<PageReport>& page) {
    whole = whole && page;
    if (page) pages.push_back(to_json(*page));
  });
  if (!read && !worker.alive()) return fail(read.error());
  if (read && whole && !pages.empty()) answer["pages"] = std::move(pages);
  return {};
}

}  // namespace

ReadingPool::ReadingPool(int workers, ocr::PageWorkerOptions options, const Spool& spool, OnRead on_read,
                         OnCompared on_compared)
    : options_(std::move(options)),
      spool_(spool),
      on_read_(std::move(on_read)),
      on_compared_(std::move(on_compared)) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { run(); });
}

void ReadingPool::push(Priority priority, std::function<void(Worker&)> work) {
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push({priority, order_++, std::move(work)});
  }
  wake_.notify_one();
}

void ReadingPool::add(ReadingJob job) {
  const Priority priority = job.priority;
  push(priority, [this, job = std::move(job)](Worker& worker) { on_read_(job, read(worker, job)); });
}

void ReadingPool::compare(ComparisonJob job) {
  const Priority priority = job.priority;
  push(priority, [this, job = std::move(job)](Worker& worker) { on_compared_(job, compare(worker, job)); });
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

bool ReadingPool::next(std::function<void(Worker&)>& work) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  if (stopping_) return false;
  work = jobs_.top().work;
  jobs_.pop();
  return true;
}

Result<void> ReadingPool::ready(Worker& worker) const {
  if (!worker) {
    MAILROOM_TRY(worker, ocr::PageWorker::start(options_));
  } else if (!worker->alive()) {
    return worker->restart();
  }
  return {};
}

Result<PageReport> ReadingPool::read(Worker& worker, const ReadingJob& job) const {
  MAILROOM_TRY_VOID(ready(worker));
  MAILROOM_TRY(const Bytes bytes, spool_.read(job.entry, job.sha256));
  if (!is_received_file(job.entry.format)) return worker->read_page(bytes, job.request);
  MAILROOM_TRY(auto answer, worker->read_invoice(bytes));
  if (may_show_an_invoice(job.entry.format, answer))
    MAILROOM_TRY_VOID(add_pages(*worker, bytes, job.request, answer));
  return report_of_file(std::move(answer));
}

Result<Likeness> ReadingPool::compare(Worker& worker, const ComparisonJob& job) const {
  MAILROOM_TRY_VOID(ready(worker));
  MAILROOM_TRY(const Bytes bytes, spool_.read(job.entry, job.sha256));
  MAILROOM_TRY(const Bytes other, spool_.read(job.other_entry, job.other_sha256));
  return worker->compare(bytes, other);
}

void ReadingPool::run() {
  Worker worker;
  // Ready before the first sheet comes: loading the models takes a good part of a second.
  if (auto started = ocr::PageWorker::start(options_)) {
    worker = std::move(*started);
  } else {
    log::error(started.error());
  }
  std::function<void(Worker&)> work;
  while (next(work)) work(worker);
}

}  // namespace mailroom::intake
