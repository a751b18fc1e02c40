#include "daemon/kiosk/reader.h"

#include <csignal>

#include "daemon/base/log.h"

namespace mailroom::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenLooks = 5s;  // while nobody is there
constexpr auto kForACard = 120s;    // how long a reading waits for one
constexpr auto kWatching = 400ms;

}  // namespace

Reader::Reader(identity::DeskRooms rooms, std::filesystem::path program, std::vector<std::string> arguments)
    : rooms_(rooms),
      program_(std::move(program)),
      arguments_(std::move(arguments)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Reader::~Reader() {
  forget();
  thread_.request_stop();
}

Result<void> Reader::begin(identity::Wish wish, ReadingEvents events) {
  const std::scoped_lock lock(mutex_);
  if (current_ % 2 != 0) return fail(Errc::busy, "a card is being read already");
  ++current_;
  order_ = Order{std::move(wish), std::move(events)};
  wake_.notify_all();
  return {};
}

void Reader::forget() {
  const std::scoped_lock quiet(telling_);
  const std::scoped_lock lock(mutex_);
  if (current_ % 2 != 0) ++current_;
  order_.reset();
  // The process sits in a conversation with card and keypad: it is told to end in the one way it cannot miss.
  if (process_ > 0) ::kill(process_, SIGKILL);
  wake_.notify_all();
}

bool Reader::is_current(int number) {
  const std::scoped_lock lock(mutex_);
  return current_ == number;
}

void Reader::tell(int number, const std::function<void()>& what) {
  const std::scoped_lock quiet(telling_);
  if (is_current(number)) what();
}

Result<card::CardProcess> Reader::start() {
  return card::CardProcess::start(program_, {arguments_});
}

void Reader::run(const std::stop_token& stop) {
  look();
  while (!stop.stop_requested()) {
    std::optional<Order> order;
    int number = 0;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, kBetweenLooks, [&] { return order_.has_value(); });
      std::swap(order, order_);
      number = current_;
    }
    if (stop.stop_requested()) return;
    if (order) {
      carry_out(*order, number);
    } else {
      look();
    }
  }
}

/// Whether the reader is there, by a process that sees no person.
void Reader::look() {
  auto process = start();
  const auto sight = process ? process->look() : Result<card::CardSight>(fail(process.error()));
  is_there_ = sight && sight->connected;
}

bool Reader::await_card(card::CardProcess& process, int number) {
  const auto until = std::chrono::steady_clock::now() + kForACard;
  while (is_current(number) && std::chrono::steady_clock::now() < until) {
    const auto sight = process.look();
    if (!sight) return true;  // reading finds out what is wrong
    is_there_ = sight->connected;
    if (sight->card || !sight->connected) return true;
    std::this_thread::sleep_for(kWatching);
  }
  return is_current(number);
}

void Reader::watch_card(card::CardProcess& process, const Order& order, int number) {
  while (is_current(number)) {
    const auto sight = process.look();
    if (!sight || !sight->card) return tell(number, order.events.card_taken);
    std::this_thread::sleep_for(kWatching);
  }
}

void Reader::carry_out(const Order& order, int number) {
  auto process = start();
  if (!process) {
    return tell(number, [&] { order.events.over(card::refuse(card::EidFault::crashed, process.error())); });
  }
  {
    const std::scoped_lock lock(mutex_);
    process_ = process->process_id();
  }
  bool good = false;
  if (await_card(*process, number)) {
    tell(number, order.events.card_is_there);
    auto read = identity::IdentityDesk(rooms_, *process).read(order.wish, [&](std::string_view step) {
      tell(number, [&] { order.events.step(step); });
    });
    good = bool(read);
    tell(number, [&] { order.events.over(std::move(read)); });
  }
  if (good) watch_card(*process, order, number);
  const std::scoped_lock lock(mutex_);
  process_ = 0;
  if (current_ == number) ++current_;
}

}  // namespace mailroom::kiosk
