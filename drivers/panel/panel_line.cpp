#include "drivers/panel/panel_line.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <chrono>
#include <random>

#include "daemon/base/log.h"

namespace mailroom::drivers {
namespace {

constexpr int kTick = 20;               // milliseconds
constexpr int kOpenAgain = 300;         // between tries while nothing is plugged in
constexpr std::size_t kBacklog = 4096;  // bytes a line that takes none may owe; everything is said again

std::uint32_t now_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::uint32_t(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

std::uint32_t random_memory() {
  std::random_device source;
  std::uint32_t value = 0;
  while (value == 0) value = source();
  return value;
}

}  // namespace

PanelLine::PanelLine(std::string path, PanelEvents events)
    : path_(std::move(path)),
      link_(std::move(events), random_memory),
      bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

PanelLine::~PanelLine() {
  thread_.request_stop();
  wake();
}

void PanelLine::wake() const {
  [[maybe_unused]] const int told = ::eventfd_write(bell_.get(), 1);
}

void PanelLine::show(const panel::PanelState& state) {
  {
    const std::scoped_lock lock(mutex_);
    wanted_ = state;
  }
  wake();
}

void PanelLine::recorded(const panel::Press& press) {
  {
    const std::scoped_lock lock(mutex_);
    recorded_.emplace_back(press.memory, press.number);
  }
  wake();
}

void PanelLine::take_orders() {
  std::optional<panel::PanelState> wanted;
  std::deque<std::pair<std::uint32_t, std::uint32_t>> recorded;
  {
    const std::scoped_lock lock(mutex_);
    wanted.swap(wanted_);
    recorded.swap(recorded_);
  }
  if (wanted) link_.show(*wanted);
  for (const auto& [memory, number] : recorded) link_.recorded(memory, number);
}

void PanelLine::try_open() {
  auto port = SerialPort::open(path_);
  if (port) {
    port_ = *std::move(port);
    fault_.clear();
    link_.open(now_ms());
    return;
  }
  const std::string fault = port.error().message();
  if (fault != fault_) log::warning(fault, {.device = path_});
  fault_ = fault;
}

void PanelLine::lose_port(const Error& why) {
  log::warning(why.message(), {.device = path_});
  fault_ = why.message();
  port_.reset();
  unsent_.clear();
  link_.close();
}

void PanelLine::exchange() {
  const auto bytes = port_->read();
  if (!bytes) return lose_port(bytes.error());
  link_.receive(*bytes, now_ms());
  link_.tick(now_ms());
  const auto output = link_.take_output();
  if (unsent_.size() < kBacklog) unsent_.insert(unsent_.end(), output.begin(), output.end());
  if (unsent_.empty()) return;
  const auto put = port_->write(unsent_);
  if (!put) return lose_port(put.error());
  unsent_.erase(unsent_.begin(), unsent_.begin() + std::ptrdiff_t(*put));
}

void PanelLine::wait() const {
  pollfd waits[2] = {{bell_.get(), POLLIN, 0}, {port_ ? port_->fd() : -1, POLLIN, 0}};
  ::poll(waits, 2, port_ ? kTick : kOpenAgain);
  eventfd_t rung = 0;
  [[maybe_unused]] const int read = ::eventfd_read(bell_.get(), &rung);
}

void PanelLine::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    take_orders();
    if (!port_) try_open();
    if (port_) exchange();
    wait();
  }
}

}  // namespace mailroom::drivers
