#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <list>
#include <optional>

#include "daemon/web/address.h"
#include "daemon/web/guard.h"
#include "daemon/web/screens.h"
#include "daemon/web/web_server.h"

namespace mailroom::web {

/// What all connections share; immutable but for the counters and `enders`.
struct Serving {
  ServerSettings settings;
  GuardRules rules;
  RouteTable routes;
  std::optional<Screens> screens;
  Handler otherwise;
  boost::asio::thread_pool handlers{4};
  std::atomic<int> open{0};
  std::atomic<bool> stopping{false};

  /// What ends each thing that is open. A connection is always run to its end and never destroyed while
  /// it waits: g++ 12 destroys what a waiting coroutine holds twice. Of the thread of input and output.
  std::list<std::function<void()>> enders;
};

/// Something that is open until it goes out of scope.
class Open {
 public:
  Open(Serving& serving, std::function<void()> end)
      : serving_(serving), place_(serving.enders.insert(serving.enders.end(), std::move(end))) {}
  ~Open() { serving_.enders.erase(place_); }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

 private:
  Serving& serving_;
  std::list<std::function<void()>>::iterator place_;
};

}  // namespace mailroom::web
