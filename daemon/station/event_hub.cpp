#include "daemon/station/event_hub.h"

#include <charconv>

#include "daemon/crypto/digest.h"

namespace mailroom::station {
namespace {
constexpr std::size_t kKept = 2000;
}

EventHub::EventHub() : epoch_(to_hex(random_bytes(6))) {}

/// Empty when the person may not see it.
std::string EventHub::text_for(std::uint64_t number, const Event& event, const Follower& follower) const {
  if (!event.for_all && !follower.rights.may(Action::read, event.protection)) return {};
  nlohmann::json data = event.data;
  if (const auto lease = data.find("lease"); lease != data.end() && lease->is_object())
    (*lease)["mine"] = lease->value("by", "") == follower.user;
  return "id: " + epoch_ + "-" + std::to_string(number) + "\nevent: " + event.type +
         "\ndata: " + data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n\n";
}

void EventHub::publish(Event event) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t number = next_++;
  for (auto it = followers_.begin(); it != followers_.end();) {
    const auto stream = it->stream.lock();
    if (stream && !it->is_there()) stream->close();
    if (!stream || stream->closed()) {
      it = followers_.erase(it);
      continue;
    }
    if (const auto text = text_for(number, event, *it); !text.empty()) stream->send(text);
    ++it;
  }
  latest_.push_back(std::move(event));
  if (latest_.size() > kKept) latest_.pop_front();
}

std::shared_ptr<web::EventStream> EventHub::follow(const std::string& user, const Rights& rights,
                                                   const std::string& last_id,
                                                   std::function<bool()> is_there) {
  auto stream = std::make_shared<web::EventStream>();
  const std::scoped_lock lock(mutex_);
  const Follower& follower = followers_.emplace_back(Follower{user, rights, std::move(is_there), stream});
  const std::uint64_t oldest = next_ - latest_.size();
  std::uint64_t from = 0;
  const std::string prefix = epoch_ + "-";
  const bool ours = last_id.rfind(prefix, 0) == 0;
  if (ours) std::from_chars(last_id.data() + prefix.size(), last_id.data() + last_id.size(), from);
  const bool resumable = ours && from + 1 >= oldest && from < next_;
  if (!resumable) {
    stream->send("id: " + prefix + std::to_string(next_ - 1) + "\nevent: reset\ndata: {}\n\n");
    return stream;
  }
  for (std::uint64_t number = from + 1; number < next_; ++number) {
    const Event& event = latest_[std::size_t(number - oldest)];
    if (event.passing) continue;
    const auto text = text_for(number, event, follower);
    if (!text.empty()) stream->send(text);
  }
  stream->send(":\n\n");
  return stream;
}

void EventHub::end_all_of(const std::string& user) {
  const std::scoped_lock lock(mutex_);
  for (const auto& follower : followers_) {
    const auto stream = follower.stream.lock();
    if (stream && follower.user == user) stream->close();
  }
}

void EventHub::end_all() {
  const std::scoped_lock lock(mutex_);
  for (const auto& follower : followers_) {
    if (const auto stream = follower.stream.lock()) stream->close();
  }
}

}  // namespace mailroom::station
