#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "daemon/identity/identity_desk.h"

namespace mailroom::kiosk {

/// What a reading tells on its way; called on the reader's thread.
struct ReadingEvents {
  std::function<void()> card_is_there;
  std::function<void(std::string_view step)> step;
  std::function<void(card::EidResult<identity::SealedIdentity>)> over;
  std::function<void()> card_taken;  ///< after a good reading, while keep_watch() lasts
};

/// The card reader of a kiosk: waits for a card, reads it, watches that it stays. The process that read is
/// ended with the reading's person, so that nothing of them is left in one. Thread-safe.
class Reader {
 public:
  /// `program`: mailroom-card; `arguments`: which reader, and what it shows.
  Reader(identity::DeskRooms rooms, std::filesystem::path program, std::vector<std::string> arguments);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Begins; Errc::busy while another reading lasts.
  Result<void> begin(identity::Wish wish, ReadingEvents events);

  /// Breaks a reading off and forgets who was read: nothing is told any more once this returns.
  void forget();

  [[nodiscard]] bool is_there() const { return is_there_; }  ///< the reader itself, as of some seconds ago

 private:
  struct Order {
    identity::Wish wish;
    ReadingEvents events;
  };
  void run(const std::stop_token& stop);
  void carry_out(const Order& order, int number);
  bool await_card(card::CardProcess& process, int number);
  void watch_card(card::CardProcess& process, const Order& order, int number);
  void look();
  Result<card::CardProcess> start();
  void tell(int number, const std::function<void()>& what);  ///< unless that reading was forgotten
  bool is_current(int number);

  identity::DeskRooms rooms_;
  std::filesystem::path program_;
  std::vector<std::string> arguments_;
  std::atomic<bool> is_there_ = false;
  std::mutex mutex_;
  std::mutex telling_;  // held while something is told, so that forget() can wait for its end
  std::condition_variable_any wake_;
  std::optional<Order> order_;
  int current_ = 0;  // number of the reading at work; even: none
  int process_ = 0;  // that reads
  std::jthread thread_;
};

}  // namespace mailroom::kiosk
