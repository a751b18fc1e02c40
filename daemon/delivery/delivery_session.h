#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/delivery/broker_access.h"
#include "daemon/delivery/outbox.h"
#include "daemon/delivery/restored_from.h"

namespace mailroom::delivery {

struct RecipientWindow {
  std::string id;
  int window = 100;  ///< unreceipted manifests at most; more than 100 counts as 100
};

struct SessionSettings {
  BrokerAccess broker;
  std::string site;  ///< "marburg"
  std::string node;  ///< "mailroom-1": the state topic's last level
  std::vector<RecipientWindow> recipients;
  RestoredFrom restored = {};                      ///< told with the state
  std::chrono::milliseconds resend_first{5'000};   ///< doubles with every attempt
  std::chrono::milliseconds resend_last{900'000};  ///< up to this
  std::chrono::milliseconds reconnect_first{200};
  std::chrono::milliseconds reconnect_last{15'000};
  int requests_per_second = 1000;  ///< per recipient; more are refused and written down
};

enum class BrokerState {
  starting,
  connected,
  refused,      ///< it answers and will not have us: certificate, ACL; a person must act
  unreachable,  ///< nobody answers, or the line broke; tried again by itself
  stopped,
};
std::string_view name_of(BrokerState state);

struct RecipientStatus {
  int unreceipted = 0;
  bool window_full = false;
  bool listening = true;  ///< false: the broker found nobody subscribed for its manifests
};

/// For the daemon's status line.
struct DeliveryStatus {
  BrokerState broker = BrokerState::starting;
  std::string reason;  ///< why refused or unreachable
  std::map<std::string, RecipientStatus> recipients;
  std::uint64_t sent = 0;       ///< manifests the broker took, resends included
  std::uint64_t receipted = 0;  ///< receipts accepted
  std::uint64_t blocks = 0;     ///< blocks handed out
  std::uint64_t dead_letters = 0;
};

/// The appliance's side of the contract (docs/contract.md): sends what the outbox owes, answers
/// requests for blocks, records receipts. run() is bound to one thread and may be called once;
/// poke() and status() are thread-safe.
class DeliverySession {
 public:
  DeliverySession(SessionSettings settings, Outbox& outbox, const Clock& clock);
  ~DeliverySession();
  DeliverySession(const DeliverySession&) = delete;
  DeliverySession& operator=(const DeliverySession&) = delete;

  /// Works until `stop`: connects, reconnects with back-off, delivers. Says goodbye (death on the
  /// state topic) within 2 s of the stop. A broker that is away or refuses never ends it.
  void run(std::stop_token stop);

  void poke();  ///< new work is owed: send it now

  /// Publishes a CloudEvent to a recipient's events, once, when the broker is there; who must not miss it is
  /// told again later. Thread-safe.
  void tell(const std::string& recipient, const std::string& event);
  [[nodiscard]] DeliveryStatus status() const;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace mailroom::delivery
