#include "daemon/delivery/delivery_session.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>

#include "daemon/base/log.h"
#include "daemon/delivery/block_service.h"
#include "daemon/delivery/dead_letters.h"
#include "daemon/delivery/mailbox.h"
#include "daemon/delivery/manifest.h"
#include "daemon/delivery/manifest_sender.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/reception.h"

namespace mailroom::delivery {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kConnectTimeout = 5s;
constexpr auto kStuck = 20s;  ///< a message the broker does not acknowledge for so long: start over

std::set<std::string> names_of(const std::vector<RecipientWindow>& recipients) {
  std::set<std::string> names;
  for (const auto& recipient : recipients) names.insert(recipient.id);
  return names;
}

}  // namespace

std::string_view name_of(BrokerState state) {
  switch (state) {
    case BrokerState::starting: return "starting";
    case BrokerState::connected: return "connected";
    case BrokerState::refused: return "refused";
    case BrokerState::unreachable: return "unreachable";
    case BrokerState::stopped: return "stopped";
  }
  return "";
}

class DeliverySession::Work {
 public:
  Work(SessionSettings settings, Outbox& outbox, const Clock& clock)
      : settings_(std::move(settings)),
        clock_(clock),
        topics_(settings_.site),
        dead_letters_(outbox, clock),
        reception_(topics_, names_of(settings_.recipients), outbox, clock, dead_letters_, mailbox_),
        sender_(settings_, outbox, clock),
        blocks_(topics_, settings_.requests_per_second, outbox, dead_letters_) {}

  void run(const std::stop_token& stop) {
    MqttClient client(mqtt_settings(), events());
    while (!stop.stop_requested()) {
      if (!client.connected() && !reconnect(client, stop)) continue;
      for (auto& event : mailbox_.take(wake_at(), stop)) {
        std::visit([this](auto& one) { apply(one); }, event);
      }
      send_notes(client);
      send_events(client);
      look_at_the_clock();
      sender_.send(client);
      send_blocks(client);
      start_over_if_stuck(client);
      publish_status(BrokerState::connected, sender_.refusal());
    }
    say_goodbye(client);
    publish_status(BrokerState::stopped, "");
  }

  void poke() { mailbox_.put(WorkChanged{}); }

  void tell(const std::string& recipient, const std::string& event) {
    mailbox_.put(EventOwed{recipient, event});
  }

  [[nodiscard]] DeliveryStatus status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  MqttSettings mqtt_settings() const {
    MqttSettings settings;
    settings.access = settings_.broker;
    settings.client_id = "mailroomd-" + settings_.node;
    // The outbox is the truth, so the broker need not remember anything for us.
    settings.clean_start = true;
    settings.session_expiry = 0s;
    settings.receive_maximum = 64;
    settings.subscriptions = {topics_.receipt("+"), topics_.request("+")};
    return settings;
  }

  MqttEvents events() {
    return {[this](MqttMessage&& message) { reception_.receive(std::move(message)); },
            [this](std::uint64_t id, Result<Published> outcome) {
              mailbox_.put(PublishEnded{id, std::move(outcome)});
            },
            [this] { mailbox_.put(LineLost{}); }};
  }

  MqttMessage state_message(std::string_view state) const {
    MqttMessage message;
    message.topic = topics_.state(settings_.node);
    message.content_type = "application/json";
    message.retained = true;
    const auto text =
        with_restore(state_text(settings_.node, state, epoch_, clock_.now()), settings_.restored);
    message.payload.assign(text.begin(), text.end());
    return message;
  }

  bool reconnect(MqttClient& client, const std::stop_token& stop) {
    epoch_ = std::max(epoch_ + 1, std::uint64_t(clock_.now().time_since_epoch().count()));
    auto connected = client.connect(state_message("gone"), kConnectTimeout);
    if (connected) {
      if (auto born = client.publish_and_wait(state_message("alive"), kConnectTimeout); !born) {
        connected = fail(born.error());
      }
    }
    if (!connected) {
      client.disconnect(1s);
      tell_why(connected.error());
      wait(stop);
      return false;
    }
    log::notice("connected to the broker");
    pause_ = settings_.reconnect_first;
    last_reason_.clear();
    sender_.look_again("");
    return true;
  }

  void tell_why(const Error& error) {
    const auto state = error.code == Errc::refused ? BrokerState::refused : BrokerState::unreachable;
    const auto reason = error.message();
    if (reason != last_reason_) log::warning(reason);
    last_reason_ = reason;
    publish_status(state, reason);
  }

  /// The back-off between two attempts to connect. What happens meanwhile is kept.
  void wait(const std::stop_token& stop) {
    const auto until = Steady::now() + pause_;
    pause_ = std::min(pause_ * 2, settings_.reconnect_last);
    while (Steady::now() < until && !stop.stop_requested()) {
      for (auto& event : mailbox_.take(until, stop)) std::visit([this](auto& one) { apply(one); }, event);
    }
  }

  void apply(RequestArrived& request) { blocks_.admit(request.recipient, request.message); }
  void apply(NoteOwed& note) { notes_.push_back(std::move(note)); }
  void apply(EventOwed& event) { events_.push_back(std::move(event)); }
  void apply(WorkChanged& change) { sender_.look_again(change.recipient); }

  void apply(PublishEnded& ended) {
    if (sender_.ended(ended.id, ended.outcome)) return;
    const auto found = flying_.find(ended.id);
    if (found == flying_.end()) return;
    if (found->second.is_block) --blocks_flying_;
    flying_.erase(found);
  }

  void apply(LineLost&) {
    blocks_.forget_all();
    notes_.clear();  // the recipient repeats until noted
  }

  /// Somebody has set the clock back: what was noted as due in the future is due by the new one.
  void look_at_the_clock() {
    const auto now = clock_.now();
    if (now < last_seen_ - 1s) sender_.clock_went_back();
    last_seen_ = now;
  }

  bool send(MqttClient& client, const MqttMessage& message, bool is_block) {
    const auto publication = client.publish(message);
    if (publication) flying_[*publication] = {Steady::now(), is_block};
    return publication.has_value();
  }

  void send_notes(MqttClient& client) {
    for (const auto& note : std::exchange(notes_, {})) {
      MqttMessage message;
      message.topic = topics_.noted(note.recipient);
      message.content_type = "application/json";
      const auto text = noted_text(note.id, note.seq);
      message.payload.assign(text.begin(), text.end());
      if (!send(client, message, false)) return;
    }
  }

  void send_events(MqttClient& client) {
    while (!events_.empty()) {
      MqttMessage message;
      message.topic = topics_.event(events_.front().recipient);
      message.content_type = "application/cloudevents+json";
      const auto& text = events_.front().text;
      message.payload.assign(text.begin(), text.end());
      if (!send(client, message, false)) return;
      events_.pop_front();
    }
  }

  void send_blocks(MqttClient& client) {
    while (blocks_flying_ < kBlocksInFlight) {
      const auto message = blocks_.next();
      if (!message || !send(client, *message, true)) return;
      ++blocks_flying_;
      ++blocks_sent_;
    }
  }

  void start_over_if_stuck(MqttClient& client) {
    const auto limit = Steady::now() - kStuck;
    const auto stuck = [&](const auto& entry) { return entry.second.since < limit; };
    if (!sender_.stuck_since(limit) && std::none_of(flying_.begin(), flying_.end(), stuck)) return;
    log::warning("the broker acknowledges nothing any more; connecting anew");
    client.disconnect(1s);
    flying_.clear();
    blocks_flying_ = 0;
    blocks_.forget_all();
  }

  [[nodiscard]] Steady::time_point wake_at() const {
    const auto now = Steady::now();
    const auto latest = now + 1s;  // to notice a stuck line and to refresh the status
    const auto due = sender_.next_time();
    if (!due) return latest;
    return std::min(latest, now + std::max(0ms, std::chrono::milliseconds(*due - clock_.now())));
  }

  void say_goodbye(MqttClient& client) {
    if (!client.connected()) return;
    // A broker that does not take the goodbye sends our will instead.
    if (client.publish_and_wait(state_message("gone"), 1s)) client.disconnect(1s);
  }

  void publish_status(BrokerState state, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    status_.broker = state == BrokerState::connected && !reason.empty() ? BrokerState::refused : state;
    status_.reason = reason;
    status_.recipients = sender_.status();
    status_.sent = sender_.sent();
    status_.receipted = reception_.receipted();
    status_.blocks = blocks_sent_;
    status_.dead_letters = dead_letters_.count();
  }

  struct Flight {
    Steady::time_point since;
    bool is_block = false;
  };

  SessionSettings settings_;
  const Clock& clock_;
  Topics topics_;
  Mailbox mailbox_;
  DeadLetters dead_letters_;
  Reception reception_;
  ManifestSender sender_;
  BlockService blocks_;
  std::vector<NoteOwed> notes_;
  std::deque<EventOwed> events_;
  std::map<std::uint64_t, Flight> flying_;  ///< blocks and notes the broker has not acknowledged
  int blocks_flying_ = 0;
  std::uint64_t blocks_sent_ = 0;
  std::uint64_t epoch_ = 0;
  Timestamp last_seen_ = {};
  std::chrono::milliseconds pause_ = settings_.reconnect_first;
  std::string last_reason_;
  mutable std::mutex mutex_;
  DeliveryStatus status_;
};

DeliverySession::DeliverySession(SessionSettings settings, Outbox& outbox, const Clock& clock)
    : work_(std::make_unique<Work>(std::move(settings), outbox, clock)) {}

DeliverySession::~DeliverySession() = default;

void DeliverySession::run(std::stop_token stop) {
  work_->run(stop);
}
void DeliverySession::poke() {
  work_->poke();
}
void DeliverySession::tell(const std::string& recipient, const std::string& event) {
  work_->tell(recipient, event);
}
DeliveryStatus DeliverySession::status() const {
  return work_->status();
}

}  // namespace mailroom::delivery
