#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/delivery/manifest.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"

namespace mailroom::delivery {

/// One content being fetched in blocks: which to ask for next, what has come. Thread-bound.
class BlockFetch {
 public:
  BlockFetch(std::string id, const ManifestContent& content);

  /// Takes a block; one that is damaged, foreign or not asked for is ignored and asked for again.
  /// Errc::refused when the sender says there is none.
  Result<void> take(const MqttMessage& message);

  [[nodiscard]] bool complete() const { return received_.size() == blocks_; }

  /// The next request: the first missing blocks, at most kBlocksInFlight.
  [[nodiscard]] BlockRequest next_request() const;
  [[nodiscard]] bool has(const BlockRequest& request) const;  ///< every block of it has come

  /// All bytes. Errc::corrupt when they do not have the digest of the manifest.
  Result<Bytes> bytes();

 private:
  std::string id_;
  std::string sha256_;
  std::uint64_t size_;
  std::uint64_t blocks_;
  std::map<std::uint64_t, Bytes> received_;
};

}  // namespace mailroom::delivery
