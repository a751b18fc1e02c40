#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "daemon/delivery/dead_letters.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/outbox.h"
#include "daemon/delivery/rate_limit.h"

namespace mailroom::delivery {

/// Turns requests into blocks, one recipient after the other. Refuses what is not the requester's,
/// does not exist, comes too often or wants its answer elsewhere. Thread-bound.
class BlockService {
 public:
  BlockService(Topics topics, int requests_per_second, Outbox& outbox, DeadLetters& dead_letters)
      : topics_(std::move(topics)),
        requests_per_second_(requests_per_second),
        outbox_(outbox),
        dead_letters_(dead_letters) {}

  void admit(const std::string& recipient, const MqttMessage& message);

  /// The next message to send: a block, or a refusal; nullopt when nobody waits.
  std::optional<MqttMessage> next();

  void forget_all();  ///< after a lost connection: who still needs a block asks again

 private:
  struct Job {
    BlockRequest request;
    std::uint64_t size = 0;  ///< of the content
    std::string refusal;     ///< why there will be no block, or empty
    std::string response_topic;
    std::string correlation;
  };
  struct Desk {
    explicit Desk(int per_second) : limit(per_second, 2.0 * per_second) {}
    RateLimit limit;
    std::deque<Job> jobs;
  };

  Result<Job> check(const std::string& recipient, Desk& desk, const MqttMessage& message);
  MqttMessage block_of(const std::string& recipient, Job& job);

  Topics topics_;
  int requests_per_second_;
  Outbox& outbox_;
  DeadLetters& dead_letters_;
  std::map<std::string, Desk> desks_;
  std::string last_served_;
};

}  // namespace mailroom::delivery
