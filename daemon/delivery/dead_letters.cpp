#include "daemon/delivery/dead_letters.h"

#include "daemon/base/log.h"
#include "daemon/crypto/digest.h"

namespace mailroom::delivery {
namespace {

constexpr double kPerSecond = 1;
constexpr double kBurst = 50;

}  // namespace

bool DeadLetters::allowed(const std::string& recipient) {
  const std::lock_guard lock(mutex_);
  return limits_.try_emplace(recipient, kPerSecond, kBurst).first->second.allows();
}

void DeadLetters::write(const std::string& recipient, const MqttMessage& message, const std::string& reason) {
  ++count_;
  if (!allowed(recipient)) return;
  DeadLetter letter;
  letter.recipient = recipient;
  letter.topic = message.topic;
  letter.reason = reason;
  letter.sha256 = sha256_hex(message.payload);
  letter.size = message.payload.size();
  const auto kept = std::min(message.payload.size(), kDeadLetterBytes);
  letter.payload.assign(message.payload.begin(), message.payload.begin() + std::ptrdiff_t(kept));
  letter.at = clock_.now();
  log::warning("a message of recipient " + recipient + " was set aside as dead letter: " + reason);
  if (const auto written = outbox_.dead_letter(letter); !written) log::error(written.error());
}

}  // namespace mailroom::delivery
