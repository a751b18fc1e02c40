#include "daemon/delivery/recipient/recipient.h"

#include <nlohmann/json.hpp>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/recipient/block_fetch.h"

namespace mailroom::delivery {
namespace {

using namespace std::chrono_literals;

constexpr auto kConnectTimeout = 5s;
constexpr auto kAcknowledge = 10s;   ///< the broker has so long for one of our messages
constexpr auto kBlocksTimeout = 5s;  ///< blocks asked for and not here by then are asked for again
constexpr int kFetchTries = 5;       ///< in a row without a new block
constexpr int kRefusalsBelieved = 3;  ///< in a row, before we were ever connected
constexpr auto kRepeat = 2s;         ///< until noted
constexpr std::uint64_t kLargest = 1ULL << 30U;

const std::string& class_of(const ReadManifest& manifest) {
  return manifest.json.at("data").at("document").at("class").get_ref<const std::string&>();
}

}  // namespace

Recipient::Recipient(RecipientSettings settings, DeliveryFolder folder, Certificate trusted,
                     std::optional<Identity> identity)
    : settings_(std::move(settings)),
      folder_(std::move(folder)),
      identity_(std::move(identity)),
      topics_(settings_.site),
      block_topic_(topics_.blocks(settings_.id, "reference")) {
  trusted_.push_back(std::move(trusted));
}

Result<void> Recipient::run(const std::stop_token& stop) {
  MqttSettings settings;
  settings.access = settings_.broker;
  settings.client_id = settings_.id + "-reference";
  settings.clean_start = false;
  settings.session_expiry = std::chrono::hours(24 * 7);
  settings.subscriptions = {topics_.manifest(settings_.id), topics_.noted(settings_.id), block_topic_,
                            topics_.state("+")};
  MqttClient client(settings,
                    {[this](MqttMessage&& message) { put(std::move(message)); },
                     [](std::uint64_t, const Result<Published>&) {}, [this] { changed_.notify_all(); }});
  while (!stop.stop_requested() && !done()) {
    if (auto connected = stay_connected(client, stop); !connected) return connected;
    if (auto message = take(Steady::now() + 200ms, stop)) sort(std::move(*message));
    for (; !states_.empty() && client.connected(); states_.pop_front()) {
      if (const auto told = tell_what_is_held(client, states_.front()); !told) log::warning(told.error().message());
    }
    while (!manifests_.empty() && client.connected() && !stop.stop_requested()) {
      const auto payload = std::move(manifests_.front());
      manifests_.pop_front();
      // What failed here is still owed: the mailroom sends it again.
      if (auto delivered = deliver(client, payload, stop); !delivered)
        log::warning(delivered.error().message());
      if (done()) break;
    }
    repeat_unnoted(client);
  }
  client.disconnect(1s);
  return {};
}

void Recipient::put(MqttMessage&& message) {
  {
    const std::lock_guard lock(mutex_);
    arrived_.push_back(std::move(message));
  }
  changed_.notify_one();
}

std::optional<MqttMessage> Recipient::take(Steady::time_point deadline, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, deadline, [this] { return !arrived_.empty(); });
  if (arrived_.empty()) return std::nullopt;
  auto message = std::move(arrived_.front());
  arrived_.pop_front();
  return message;
}

Result<void> Recipient::stay_connected(MqttClient& client, const std::stop_token& stop) {
  auto pause = 200ms;
  int refusals = 0;
  while (!client.connected() && !stop.stop_requested()) {
    const auto connected = client.connect(std::nullopt, kConnectTimeout);
    if (connected) {
      log::notice("connected as recipient " + settings_.id);
      was_connected_ = true;
      return {};
    }
    client.disconnect(1s);
    // A broker that took us before is only restarting. One that is restarted just now breaks a
    // handshake off, which looks like a refusal: believed when it is said again and again.
    refusals = connected.error().code == Errc::refused ? refusals + 1 : 0;
    if (refusals >= kRefusalsBelieved && !was_connected_) return fail(connected.error());
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, pause, [] { return false; });
    pause = std::min<std::chrono::milliseconds>(pause * 2, 10s);
  }
  return {};
}

void Recipient::sort(MqttMessage&& message) {
  if (message.topic.find("/state/") != std::string::npos) {
    states_.push_back(std::move(message));
    return;
  }
  last_message_ = Steady::now();
  if (message.topic == topics_.manifest(settings_.id)) {
    manifests_.push_back(std::move(message.payload));
  } else if (message.topic == topics_.noted(settings_.id)) {
    take_noted(message);
  } else if (message.topic == block_topic_) {
    blocks_.push_back(std::move(message));
  }
}

void Recipient::take_noted(const MqttMessage& message) {
  const auto noted = nlohmann::json::parse(message.payload, nullptr, false);
  if (!noted.is_object() || !noted.contains("id") || !noted.contains("seq")) return;
  if (!noted["id"].is_string() || !noted["seq"].is_number_integer()) return;
  unnoted_.erase({noted["id"].get<std::string>(), noted["seq"].get<std::int64_t>()});
}

/// A mailroom of a new generation has lost what it sent after its backup: it is told once more what of
/// that is stored here. What it does know it drops.
Result<void> Recipient::tell_what_is_held(MqttClient& client, const MqttMessage& state) {
  const auto told = nlohmann::json::parse(state.payload, nullptr, false);
  const nlohmann::json::json_pointer restored_seq("/restored/seq"), witnessed_seq("/data/audit/seq");
  if (!told.is_object() || !told.contains("generation") || !told["generation"].is_number_integer() ||
      !told.contains(restored_seq) || !told[restored_seq].is_number_integer()) {
    return {};
  }
  const auto generation = told["generation"].get<std::int64_t>();
  if (told.value("state", "") != "alive" || generation <= folder_.generation()) return {};
  auto ids = folder_.ids();
  if (!ids) return fail(ids.error());
  for (const auto& id : *ids) {
    const auto bytes = folder_.manifest(id);
    if (!bytes) return fail(bytes.error());
    const auto manifest = read_manifest(as_text(*bytes));
    if (!manifest || !manifest->json.contains(witnessed_seq)) continue;
    if (manifest->json[witnessed_seq].get<std::int64_t>() <= told[restored_seq].get<std::int64_t>()) continue;
    if (auto sent = send_receipt(client, *manifest); !sent) return sent;
  }
  return folder_.remember_generation(generation);
}

Result<void> Recipient::deliver(MqttClient& client, const Bytes& payload, const std::stop_token& stop) {
  auto manifest = read_manifest(as_text(payload));
  if (!manifest) return fail(manifest.error());
  if (auto checked = check(*manifest); !checked) return checked;
  const auto& id = manifest->id;
  if (!folder_.holds(id)) {
    if (settings_.reject_classes.contains(class_of(*manifest))) {
      concluded_.insert(id);
      const Receipt receipt{id, ReceiptStatus::rejected, {}, {}, "this class is not taken here", 0};
      return publish(client, topics_.receipt(settings_.id), answer_text(receipt));
    }
    if (settings_.return_classes.contains(class_of(*manifest))) {
      concluded_.insert(id);
      const Receipt receipt{id, ReceiptStatus::returned, {}, {}, "this document is not for us", 1};
      return send_and_repeat(client, id, receipt.seq, answer_text(receipt));
    }
    kill_point("recipient.manifest_received");
    tell_progress(client, id, 1, "received", "manifest received");
    if (auto stored = store(client, *manifest, payload, stop); !stored) return stored;
    tell_progress(client, id, 2, "stored", "document stored");
  }
  kill_point("recipient.before_receipt");
  MAILROOM_TRY_VOID(send_receipt(client, *manifest));
  return answer_citizen(client, *manifest);
}

/// As an office would after its work, for who handed the matter in.
Result<void> Recipient::answer_citizen(MqttClient& client, const ReadManifest& manifest) {
  constexpr std::int64_t kBehindProgress = 100;
  const auto reply = settings_.replies.find(manifest.json.at("data").at("document").at("class").get<std::string>());
  if (reply == settings_.replies.end()) return {};
  MAILROOM_TRY(auto pdf, read_file(reply->second, kReplyBytes));
  const std::string text = answer_text(Reply{manifest.id, kBehindProgress, reply->second.stem().string(), std::move(pdf)});
  return send_and_repeat(client, manifest.id, kBehindProgress, text);
}

Result<void> Recipient::check(const ReadManifest& manifest) const {
  if (manifest.recipient != settings_.id) return fail(Errc::refused, "a manifest is for another recipient");
  if (!manifest.json.at("data").at("document").at("class").is_string()) {
    return fail(Errc::invalid_input, "a manifest names no class");
  }
  for (const auto& content : manifest.contents) {
    if (content.size > kLargest) return fail(Errc::refused, "a content is larger than we take");
  }
  const auto text = canonical_without_signature(manifest.json);
  if (!text) return fail(text.error());
  const auto signature = verify_detached(as_bytes(*text), manifest.signature, trusted_);
  if (!signature) return fail(signature.error());
  return {};
}

Result<void> Recipient::store(MqttClient& client, const ReadManifest& manifest, const Bytes& payload,
                              const std::stop_token& stop) {
  const auto names = file_names(manifest.contents);
  std::vector<DeliveryFolder::File> files;
  files.push_back({"manifest.json", payload});
  for (std::size_t i = 0; i < manifest.contents.size(); ++i) {
    const auto& content = manifest.contents[i];
    auto bytes = fetch(client, manifest.id, content, stop);
    if (!bytes) return fail(bytes.error());
    if (!content.encrypted) {
      files.push_back({names[i], std::move(*bytes)});
      continue;
    }
    if (identity_) {
      auto plain = decrypt_with(*bytes, *identity_);
      if (!plain) return fail(plain.error());
      files.push_back({names[i], std::move(*plain)});
    }
    files.push_back({names[i] + ".p7m", std::move(*bytes)});
  }
  return folder_.store(manifest.id, files);
}

Result<Bytes> Recipient::fetch(MqttClient& client, const std::string& id, const ManifestContent& content,
                               const std::stop_token& stop) {
  if (content.inline_bytes) {
    const auto& bytes = *content.inline_bytes;
    if (sha256_hex(bytes) != content.sha256)
      return fail(Errc::corrupt, "an inline content does not have its digest");
    return bytes;
  }
  BlockFetch blocks(id, content);
  while (!blocks.complete()) {
    if (auto some = fetch_some(client, blocks, stop); !some) return fail(some.error());
  }
  return blocks.bytes();
}

Result<void> Recipient::fetch_some(MqttClient& client, BlockFetch& blocks, const std::stop_token& stop) {
  for (int attempt = 0; attempt < kFetchTries; ++attempt) {
    const auto request = blocks.next_request();
    const auto text = request_text(request);
    MqttMessage message;
    message.topic = topics_.request(settings_.id);
    message.content_type = "application/json";
    message.response_topic = block_topic_;
    message.correlation = new_uuid(SystemClock{});
    message.payload.assign(text.begin(), text.end());
    blocks_.clear();
    if (auto sent = client.publish(message); !sent) return fail(sent.error());
    const auto deadline = Steady::now() + kBlocksTimeout;
    while (!blocks.has(request) && Steady::now() < deadline) {
      if (stop.stop_requested()) return fail(Errc::cancelled, "stopped while fetching a content");
      if (!client.connected()) return fail(Errc::unreachable, "the broker was lost while fetching a content");
      if (auto arrived = take(std::min(deadline, Steady::now() + 200ms), stop)) sort(std::move(*arrived));
      for (; !blocks_.empty(); blocks_.pop_front()) {
        if (auto taken = blocks.take(blocks_.front()); !taken) return taken;
      }
    }
    if (blocks.has(request)) return {};
  }
  return fail(Errc::timed_out, "the mailroom does not send the blocks of a content");
}

Result<void> Recipient::send_receipt(MqttClient& client, const ReadManifest& manifest) {
  Receipt receipt;
  receipt.id = manifest.id;
  receipt.record = manifest.id;
  for (const auto& content : manifest.contents) receipt.contents.push_back({content.role, content.sha256});
  auto sent = publish(client, topics_.receipt(settings_.id), answer_text(receipt));
  if (sent) concluded_.insert(manifest.id);
  return sent;
}

Result<void> Recipient::send_and_repeat(MqttClient& client, const std::string& id, std::int64_t seq,
                                        std::string text) {
  auto& entry = unnoted_[{id, seq}];
  entry = {std::move(text), Steady::now()};
  return publish(client, topics_.receipt(settings_.id), entry.text);
}

void Recipient::tell_progress(MqttClient& client, const std::string& id, std::int64_t seq,
                              const std::string& step, const std::string& text) {
  if (!settings_.progress) return;
  // A failure needs nothing here: it is repeated until noted.
  const auto sent = send_and_repeat(client, id, seq, answer_text(Progress{id, seq, step, text}));
  if (!sent) log::warning(sent.error().message());
}

void Recipient::repeat_unnoted(MqttClient& client) {
  for (auto& [key, entry] : unnoted_) {
    if (Steady::now() - entry.sent < kRepeat || !client.connected()) continue;
    entry.sent = Steady::now();
    if (auto sent = publish(client, topics_.receipt(settings_.id), entry.text); !sent) return;
  }
}

Result<void> Recipient::publish(MqttClient& client, const std::string& topic, std::string_view text) {
  MqttMessage message;
  message.topic = topic;
  message.content_type = "application/json";
  message.payload.assign(text.begin(), text.end());
  const auto published = client.publish_and_wait(message, kAcknowledge);
  if (!published) return fail(published.error());
  return {};
}

bool Recipient::done() const {
  if (!unnoted_.empty()) return false;
  if (settings_.count > 0 && int(concluded_.size()) >= settings_.count) return true;
  return settings_.until_idle > 0s && Steady::now() - last_message_ > settings_.until_idle;
}

}  // namespace mailroom::delivery
