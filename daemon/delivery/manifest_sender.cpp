#include "daemon/delivery/manifest_sender.h"

#include <algorithm>

#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"

namespace mailroom::delivery {
namespace {

using namespace std::chrono_literals;

constexpr int kLargestWindow = 100;       ///< of the contract
constexpr std::size_t kFlying = 12;       ///< with the blocks below the broker's receive maximum of 20
constexpr auto kAfterError = 2s;          ///< the outbox or the broker refused
constexpr int kReserve = 10;              ///< this part of a window waits for those sent in vain
constexpr int kFruitless = 12;            ///< so many first pauses without an answer are in vain: a minute
constexpr auto kUnheardPause = 30'000ms;  ///< nobody was subscribed: the next try costs nothing

}  // namespace

ManifestSender::ManifestSender(const SessionSettings& settings, Outbox& outbox, const Clock& clock)
    : topics_(settings.site),
      resend_first_(settings.resend_first),
      resend_last_(settings.resend_last),
      outbox_(outbox),
      clock_(clock) {
  for (const auto& recipient : settings.recipients) {
    lines_.push_back({recipient.id, std::clamp(recipient.window, 1, kLargestWindow)});
  }
}

/// A tenth of the window is kept free until the rest of it has been full for a while and nothing of it
/// was answered: documents that a recipient chokes on never keep the others waiting.
int ManifestSender::open_window(Line& line, int unreceipted) const {
  const int common = line.window - line.window / kReserve;
  const auto now = std::chrono::steady_clock::now();
  if (unreceipted < common || unreceipted < line.unreceipted_before) line.full_since = now;
  line.unreceipted_before = unreceipted;
  return now - line.full_since >= kFruitless * resend_first_ ? line.window : common;
}

void ManifestSender::clock_went_back() {
  for (auto& line : lines_) {
    line.look = true;
    line.not_before = Timestamp();
  }
}

void ManifestSender::look_again(const std::string& recipient) {
  for (auto& line : lines_) line.look = line.look || recipient.empty() || line.recipient == recipient;
}

bool ManifestSender::has_work(const Line& line, Timestamp now) const {
  if (now < line.not_before || flights_.size() >= kFlying) return false;
  return line.look || (line.flying.empty() && line.next_due && *line.next_due <= now);
}

void ManifestSender::send(MqttClient& client) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!has_work(lines_[i], clock_.now())) continue;
    if (auto sent = send_line(client, i); !sent) {
      lines_[i].look = true;
      lines_[i].not_before = clock_.now() + kAfterError;
      if (sent.error().code != Errc::unreachable) log::error(sent.error());
    }
  }
}

Result<void> ManifestSender::send_line(MqttClient& client, std::size_t index) {
  auto& line = lines_[index];
  line.look = false;
  const auto unreceipted = outbox_.unreceipted(line.recipient);
  if (!unreceipted) return fail(unreceipted.error());
  const auto first_time =
      std::count_if(line.flying.begin(), line.flying.end(), [](const auto& one) { return one.second == 0; });
  int room = std::max(0, open_window(line, *unreceipted) - *unreceipted - int(first_time));
  line.status.unreceipted = *unreceipted;
  line.status.window_full = room == 0;
  const auto due = outbox_.due(line.recipient, clock_.now(), room + int(first_time));
  if (!due) return fail(due.error());
  for (const auto& owed : *due) {
    if (line.flying.contains(owed.id) || (owed.attempts == 0 && room == 0)) continue;
    if (flights_.size() >= kFlying) {
      line.look = true;
      break;
    }
    if (auto sent = send_one(client, index, owed); !sent) return sent;
    if (owed.attempts == 0) --room;
  }
  const auto next = outbox_.next_due(line.recipient);
  if (!next) return fail(next.error());
  line.next_due = *next;
  return {};
}

Result<void> ManifestSender::send_one(MqttClient& client, std::size_t index, const OwedManifest& owed) {
  MqttMessage message;
  message.topic = topics_.manifest(lines_[index].recipient);
  message.content_type = "application/cloudevents+json";
  message.payload.assign(owed.manifest.begin(), owed.manifest.end());
  kill_point("delivery.manifest.before_publish");
  const auto publication = client.publish(message);
  if (!publication) return fail(publication.error());
  flights_.insert({*publication, Flight{index, owed.id, owed.attempts}});
  lines_[index].flying[owed.id] = owed.attempts;
  return {};
}

bool ManifestSender::ended(std::uint64_t publication, const Result<Published>& outcome) {
  const auto found = flights_.find(publication);
  if (found == flights_.end()) return false;
  const auto flight = std::move(found->second);
  flights_.erase(found);
  auto& line = lines_[flight.line];
  line.flying.erase(flight.id);
  line.look = true;
  if (!outcome) {
    const bool refused = outcome.error().code == Errc::refused;
    if (refused) line.not_before = clock_.now() + kAfterError;
    refusal_ = refused ? outcome.error().what : "";
    return true;
  }
  refusal_.clear();
  ++sent_;
  line.status.listening = outcome->had_subscriber;
  kill_point("delivery.manifest.before_attempt");
  const auto now = clock_.now();
  const auto pause = pause_after(flight.attempts, outcome->had_subscriber);
  if (auto recorded = outbox_.record_attempt(flight.id, now, now + pause); !recorded) {
    log::error(recorded.error());
    line.not_before = now + kAfterError;
  }
  kill_point("delivery.manifest.after_attempt");
  return true;
}

std::chrono::milliseconds ManifestSender::pause_after(int attempts, bool had_subscriber) const {
  const auto doubled = resend_first_ * (1LL << std::clamp(attempts, 0, 30));
  const auto pause = std::min<std::chrono::milliseconds>(doubled, resend_last_);
  return had_subscriber ? pause : std::min<std::chrono::milliseconds>(pause, kUnheardPause);
}

bool ManifestSender::stuck_since(std::chrono::steady_clock::time_point limit) const {
  return std::any_of(flights_.begin(), flights_.end(),
                     [&](const auto& entry) { return entry.second.since < limit; });
}

std::optional<Timestamp> ManifestSender::next_time() const {
  std::optional<Timestamp> earliest;
  const auto offer = [&](Timestamp time) { earliest = earliest ? std::min(*earliest, time) : time; };
  for (const auto& line : lines_) {
    // With messages in the air, or too many of them, their end wakes us.
    if (line.look && flights_.size() < kFlying) offer(line.not_before);
    if (!line.look && line.flying.empty() && line.next_due) offer(std::max(*line.next_due, line.not_before));
  }
  return earliest;
}

std::map<std::string, RecipientStatus> ManifestSender::status() const {
  std::map<std::string, RecipientStatus> result;
  for (const auto& line : lines_) result[line.recipient] = line.status;
  return result;
}

}  // namespace mailroom::delivery
