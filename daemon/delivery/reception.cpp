#include "daemon/delivery/reception.h"

#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"

namespace mailroom::delivery {

void Reception::receive(MqttMessage&& message) noexcept {
  const auto from = topics_.from(message.topic);
  if (!recipients_.contains(from.recipient)) {
    dead_letters_.write(from.recipient, message, "unknown_recipient");
  } else if (from.kind == "receipt") {
    take_answer(from.recipient, message);
  } else if (from.kind == "request") {
    mailbox_.put(RequestArrived{from.recipient, std::move(message)});
  } else {
    dead_letters_.write(from.recipient, message, "unknown_topic");
  }
}

void Reception::take_answer(const std::string& recipient, const MqttMessage& message) {
  const auto answer = read_answer(as_text(message.payload));
  if (!answer) return dead_letters_.write(recipient, message, "invalid_receipt");
  std::visit([&](const auto& given) { take(recipient, message, given); }, *answer);
}

void Reception::take(const std::string& recipient, const MqttMessage& message, const Receipt& receipt) {
  kill_point("delivery.receipt.before_commit");
  const auto outcome = outbox_.record_receipt(recipient, receipt, clock_.now());
  // Not recorded means still owed: the manifest is sent again and the recipient answers again.
  if (!outcome) return log::error(outcome.error());
  kill_point("delivery.receipt.after_commit");
  switch (*outcome) {
    case ReceiptOutcome::unknown_id: return dead_letters_.write(recipient, message, "unknown_id");
    case ReceiptOutcome::digest_mismatch: return dead_letters_.write(recipient, message, "digest_mismatch");
    case ReceiptOutcome::accepted: ++receipted_; break;
    case ReceiptOutcome::duplicate: break;
  }
  if (receipt.status == ReceiptStatus::returned) mailbox_.put(NoteOwed{recipient, receipt.id, receipt.seq});
  mailbox_.put(WorkChanged{recipient});
}

void Reception::take(const std::string& recipient, const MqttMessage& message, const Progress& progress) {
  const auto known = outbox_.record_progress(recipient, progress, clock_.now());
  if (!known) return log::error(known.error());
  if (!*known) return dead_letters_.write(recipient, message, "unknown_id");
  mailbox_.put(NoteOwed{recipient, progress.id, progress.seq});
}

void Reception::take(const std::string& recipient, const MqttMessage& message, const Reply& reply) {
  const auto known = outbox_.record_reply(recipient, reply, clock_.now());
  if (!known) return log::error(known.error());
  if (!*known) return dead_letters_.write(recipient, message, "no_mailbox");
  mailbox_.put(NoteOwed{recipient, reply.id, reply.seq});
}

}  // namespace mailroom::delivery
