#include "daemon/base/work_thread.h"

#include <stdexcept>
#include <utility>

namespace mailroom {

void WorkThread::post(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) throw std::logic_error("work was given to a thread that has been stopped");
    work_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void WorkThread::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WorkThread::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !work_.empty(); });
    if (work_.empty()) return;
    auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
  }
}

}  // namespace mailroom
