#include "daemon/delivery/block_service.h"

#include "daemon/base/kill_point.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/manifest.h"

namespace mailroom::delivery {
namespace {

constexpr std::size_t kWaitingRequests = 16;  ///< per recipient
constexpr std::size_t kCorrelationBytes = 128;
constexpr std::chrono::seconds kExpiry{60};

}  // namespace

void BlockService::admit(const std::string& recipient, const MqttMessage& message) {
  auto& desk = desks_.try_emplace(recipient, requests_per_second_).first->second;
  auto job = check(recipient, desk, message);
  if (job) {
    desk.jobs.push_back(std::move(*job));
    return;
  }
  dead_letters_.write(recipient, message, "refused_request: " + job.error().what);
}

Result<BlockService::Job> BlockService::check(const std::string& recipient, Desk& desk,
                                              const MqttMessage& message) {
  if (!desk.limit.allows()) return fail(Errc::refused, "too many requests");
  if (desk.jobs.size() >= kWaitingRequests) return fail(Errc::refused, "too many requests wait");
  if (!topics_.may_answer_to(message.response_topic, recipient)) {
    return fail(Errc::refused, "the response topic is not the requester's own");
  }
  if (message.correlation.size() > kCorrelationBytes) return fail(Errc::refused, "too much correlation data");
  auto request = read_request(as_text(message.payload));
  if (!request) return fail(request.error());
  Job job{std::move(*request), 0, {}, message.response_topic, message.correlation};
  const auto size = outbox_.content_size(recipient, job.request.id, job.request.content);
  if (!size) {
    job.refusal = "unavailable";
  } else if (!*size) {
    dead_letters_.write(recipient, message, "refused_request: no such content of this recipient");
    job.refusal = "not_found";
  } else if (job.request.block * kBlockBytes >= **size) {
    dead_letters_.write(recipient, message, "refused_request: no such block");
    job.refusal = "not_found";
  } else {
    job.size = **size;
  }
  return job;
}

std::optional<MqttMessage> BlockService::next() {
  if (desks_.empty()) return std::nullopt;
  auto at = desks_.upper_bound(last_served_);
  for (std::size_t i = 0; i < desks_.size(); ++i, ++at) {
    if (at == desks_.end()) at = desks_.begin();
    auto& [recipient, desk] = *at;
    if (desk.jobs.empty()) continue;
    last_served_ = recipient;
    auto message = block_of(recipient, desk.jobs.front());
    const auto& job = desk.jobs.front();
    if (!job.refusal.empty() || job.request.count == 0) desk.jobs.pop_front();
    return message;
  }
  return std::nullopt;
}

MqttMessage BlockService::block_of(const std::string& recipient, Job& job) {
  auto& request = job.request;
  MqttMessage message;
  message.topic = job.response_topic;
  message.content_type = "application/octet-stream";
  message.correlation = job.correlation;
  message.expiry = kExpiry;
  message.user_properties = {
      {"id", request.id}, {"content", request.content}, {"block", std::to_string(request.block)}};
  if (job.refusal.empty()) {
    auto block = outbox_.content_block(recipient, request.id, request.content, request.block * kBlockBytes,
                                       kBlockBytes);
    if (block) {
      kill_point("delivery.block.before_answer");
      message.user_properties.emplace_back("sha256", sha256_hex(*block));
      message.payload = std::move(*block);
      ++request.block;
      const bool more = request.block * kBlockBytes < job.size;
      request.count = more ? request.count - 1 : 0;
      return message;
    }
    job.refusal = "unavailable";
  }
  message.user_properties.emplace_back("error", job.refusal);
  return message;
}

void BlockService::forget_all() {
  for (auto& [recipient, desk] : desks_) desk.jobs.clear();
}

}  // namespace mailroom::delivery
