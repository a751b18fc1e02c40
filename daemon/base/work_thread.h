#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <type_traits>

namespace mailroom {

/// One thread that runs pieces of work in the order they were given. What belongs to it (the
/// catalogue, the batches) needs no locks: others reach it only through here.
/// post() and call() are thread-safe; an exception out of posted work ends the process, one out of
/// called work reaches the caller.
class WorkThread {
 public:
  WorkThread() : thread_([this] { run(); }) {}
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;
  ~WorkThread() { stop(); }

  /// Runs `work` later. After stop() it is a bug of ours and throws std::logic_error.
  void post(std::function<void()> work);

  /// Runs `work` and waits for its value; on the thread itself it runs at once.
  template <typename Work>
  auto call(Work&& work) -> std::invoke_result_t<Work> {
    if (std::this_thread::get_id() == thread_.get_id()) return work();
    std::packaged_task<std::invoke_result_t<Work>()> task(std::forward<Work>(work));
    auto value = task.get_future();
    post([&task] { task(); });
    return value.get();
  }

  /// Finishes what was given so far, then ends the thread. Idempotent.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> work_;
  bool stopping_ = false;
  std::thread thread_;  // last: starts when the rest is there
};

}  // namespace mailroom
