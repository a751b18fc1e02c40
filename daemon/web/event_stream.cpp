#include "daemon/web/event_stream.h"

#include <utility>

namespace mailroom::web {

void EventStream::send(const std::string& text) {
  std::function<void()> wake;
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return;
    if (waiting_.size() + text.size() > limit_) {
      closed_ = true;
    } else {
      waiting_ += text;
    }
    wake = std::exchange(wake_, nullptr);
  }
  if (wake) wake();
}

void EventStream::close() {
  std::function<void()> wake;
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    wake = std::exchange(wake_, nullptr);
  }
  if (wake) wake();
}

bool EventStream::closed() const {
  const std::scoped_lock lock(mutex_);
  return closed_;
}

std::string EventStream::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(waiting_, {});
}

void EventStream::wake_with(std::function<void()> wake) {
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty() && !closed_) {
      wake_ = std::move(wake);
      return;
    }
  }
  wake();
}

}  // namespace mailroom::web
