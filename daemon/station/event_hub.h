#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/station/rights.h"
#include "daemon/web/event_stream.h"

namespace mailroom::station {

/// Something that happened, and who may know of it.
struct Event {
  std::string type;
  nlohmann::json data;
  Protection protection;
  bool for_all = false;  ///< says nothing about any document
  bool passing = false;  ///< of this moment only: those who come back later do not get it
};

/// Hands events to the screens that follow, each only what its person may see, and keeps the latest
/// for those who come back (HTML Living Standard, server-sent events). Thread-safe.
class EventHub {
 public:
  EventHub();

  void publish(Event event);

  /// A stream that ends when `is_there` says no (logged out, locked) and begins behind the event `last_id`,
  /// or with "reset" when that is not known any more.
  std::shared_ptr<web::EventStream> follow(const std::string& user, const Rights& rights,
                                           const std::string& last_id, std::function<bool()> is_there);
  void end_all_of(const std::string& user);
  void end_all();

 private:
  struct Follower {
    std::string user;
    Rights rights;
    std::function<bool()> is_there;
    std::weak_ptr<web::EventStream> stream;
  };
  [[nodiscard]] std::string text_for(std::uint64_t number, const Event& event,
                                     const Follower& follower) const;

  std::mutex mutex_;
  std::string epoch_;  // of this process: numbers of an earlier one mean nothing
  std::uint64_t next_ = 1;
  std::deque<Event> latest_;
  std::list<Follower> followers_;
};

}  // namespace mailroom::station
