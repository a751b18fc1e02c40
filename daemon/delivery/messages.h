#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/base/result.h"
#include "daemon/delivery/outbox.h"

/// What recipients send and what they are answered (config/contract). All functions are reentrant
/// and made for hostile input: sizes are checked before anything is parsed.
namespace mailroom::delivery {

inline constexpr std::size_t kRequestBytes = 4096;
inline constexpr std::size_t kReceiptBytes = 64U * 1024;
inline constexpr std::size_t kReplyMessageBytes = 256U * 1024;  ///< of a message with a document for a citizen

/// `{id, content, block, count}`: blocks of one content, from number `block`.
struct BlockRequest {
  std::string id;       ///< of the manifest
  std::string content;  ///< sha256 of the content, as in the manifest
  std::uint64_t block = 0;
  int count = 1;  ///< 1 to kBlocksInFlight
};

using Answer = std::variant<Receipt, Progress, Reply>;

/// Errc::invalid_input says which member is missing or out of its bounds.
Result<BlockRequest> read_request(std::string_view payload);
Result<Answer> read_answer(std::string_view payload);

std::string request_text(const BlockRequest& request);
std::string answer_text(const Receipt& receipt);
std::string answer_text(const Progress& progress);
std::string answer_text(const Reply& reply);
std::string noted_text(const std::string& id, std::int64_t seq);

/// `state` is "alive" or "gone".
std::string state_text(const std::string& node, std::string_view state, std::uint64_t epoch, Timestamp at);

/// Names every topic of the contract; nothing else builds topic strings.
class Topics {
 public:
  explicit Topics(const std::string& site) : root_("mailroom/v1/" + site + "/") {}

  [[nodiscard]] std::string manifest(const std::string& recipient) const;
  [[nodiscard]] std::string noted(const std::string& recipient) const;
  [[nodiscard]] std::string event(const std::string& recipient) const;
  [[nodiscard]] std::string request(const std::string& recipient) const;  ///< "+" for all
  [[nodiscard]] std::string receipt(const std::string& recipient) const;
  [[nodiscard]] std::string blocks(const std::string& recipient, const std::string& reader) const;
  [[nodiscard]] std::string state(const std::string& node) const;

  /// Whose `from/...` topic this is, and which: {"ecm", "receipt"}; empty when it is none.
  struct From {
    std::string recipient;
    std::string kind;
  };
  [[nodiscard]] From from(std::string_view topic) const;

  /// A response topic must be `to/{recipient}/block` or below it, without wildcards.
  [[nodiscard]] bool may_answer_to(std::string_view topic, const std::string& recipient) const;

 private:
  std::string root_;
};

}  // namespace mailroom::delivery
