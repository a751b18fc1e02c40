#include "drivers/scanner/process/orders.h"

#include <sys/socket.h>

#include <chrono>

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

/// The daemon may be silent for as long as it likes; this only bounds one call.
constexpr auto kPatience = 1h;
constexpr auto kReport = 200ms;

/// A number a command carries; a daemon of the same build sends nothing else.
long queue_of(const Frame& feed) {
  const auto queue = feed.body.find("queue");
  return queue != feed.body.end() && queue->is_number_integer() ? queue->get<long>() : 1;
}

bool is_now(const Frame& stop) {
  const auto now = stop.body.find("now");
  return now != stop.body.end() && now->is_boolean() && now->get<bool>();
}

}  // namespace

Orders::Orders(FrameChannel& channel) : channel_(channel), thread_([this] { listen(); }) {}

Orders::~Orders() {
  ::shutdown(channel_.fd(), SHUT_RDWR);  // wakes the thread
  thread_.join();
}

void Orders::listen() {
  for (;;) {
    auto received = channel_.receive(kPatience);
    if (!received && received.error().code == Errc::timed_out) continue;
    const std::lock_guard lock(mutex_);
    if (!received || !*received) {
      gone_ = true;
      changed_.notify_all();
      return;
    }
    obey(**std::move(received));
    changed_.notify_all();
  }
}

void Orders::obey(Frame frame) {
  if (frame.type == "taken") {
    room_++;
  } else if (frame.type == "stop") {
    stop_ = true;
    stop_now_ = stop_now_ || is_now(frame);
  } else {
    // A feed starts its own count: a late "taken" or "stop" of the one before has come in by now.
    if (frame.type == "feed") {
      room_ = queue_of(frame);
      stop_ = stop_now_ = false;
    }
    commands_.push_back(std::move(frame));
  }
}

std::optional<Frame> Orders::next_command() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return gone_ || !commands_.empty(); });
  if (gone_) return std::nullopt;
  Frame command = std::move(commands_.front());
  commands_.pop_front();
  return command;
}

bool Orders::take_room(const std::function<void()>& waiting) {
  std::unique_lock lock(mutex_);
  while (!gone_ && !stop_now_) {
    if (room_ > 0) {
      room_--;
      return true;
    }
    changed_.wait_for(lock, kReport);
    lock.unlock();
    waiting();
    lock.lock();
  }
  return false;
}

bool Orders::stop_asked() const {
  const std::lock_guard lock(mutex_);
  return stop_ || gone_;
}

}  // namespace mailroom::drivers
