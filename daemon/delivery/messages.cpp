#include "daemon/delivery/messages.h"

#include <nlohmann/json.hpp>

#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/manifest.h"

namespace mailroom::delivery {
namespace {

using nlohmann::json;

constexpr std::size_t kIdentifier = 200;  ///< characters of a record id or a step
constexpr std::size_t kSentence = 1000;   ///< characters of a reason or a text
constexpr std::size_t kContents = 1000;

Result<json> object_of(std::string_view payload, std::size_t limit) {
  if (payload.size() > limit) return fail(Errc::refused, "the message is too large");
  auto parsed = json::parse(payload, nullptr, false);
  if (!parsed.is_object()) return fail(Errc::invalid_input, "the message is no JSON object");
  return parsed;
}

Result<std::string> text_in(const json& object, const char* name, std::size_t limit) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) {
    return fail(Errc::invalid_input, std::string(name) + " is missing or no string");
  }
  auto text = found->get<std::string>();
  if (text.empty() || text.size() > limit) {
    return fail(Errc::invalid_input, std::string(name) + " is empty or too long");
  }
  return text;
}

Result<std::int64_t> number_in(const json& object, const char* name, std::int64_t low, std::int64_t high) {
  const auto found = object.find(name);
  const bool whole = found != object.end() && found->is_number_integer();
  const bool fits =
      whole && (!found->is_number_unsigned() || found->get<std::uint64_t>() <= std::uint64_t(high));
  if (!fits || found->get<std::int64_t>() < low || found->get<std::int64_t>() > high) {
    return fail(Errc::invalid_input, std::string(name) + " is missing or out of its bounds");
  }
  return found->get<std::int64_t>();
}

Result<std::string> id_in(const json& object) {
  auto id = text_in(object, "id", 36);
  if (id && !is_uuid7(*id)) return fail(Errc::invalid_input, "id is no UUID version 7");
  return id;
}

Result<std::string> digest_in(const json& object, const char* name) {
  auto text = text_in(object, name, 64);
  const bool hex =
      text && text->size() == 64 && text->find_first_not_of("0123456789abcdef") == std::string::npos;
  if (text && !hex) return fail(Errc::invalid_input, std::string(name) + " is no SHA-256");
  return text;
}

Result<std::vector<ContentDigest>> contents_in(const json& object) {
  const auto found = object.find("contents");
  if (found == object.end() || !found->is_array() || found->size() > kContents) {
    return fail(Errc::invalid_input, "contents is missing or no list");
  }
  std::vector<ContentDigest> contents;
  for (const auto& entry : *found) {
    if (!entry.is_object()) return fail(Errc::invalid_input, "an entry of contents is no object");
    auto role = text_in(entry, "role", 32);
    auto digest = digest_in(entry, "sha256");
    if (!role) return fail(role.error());
    if (!digest) return fail(digest.error());
    contents.push_back({std::move(*role), std::move(*digest)});
  }
  return contents;
}

constexpr std::int64_t kLargest = std::int64_t{1} << 53U;  ///< integers that every JSON reader keeps

Result<Answer> read_stored(const json& object, Receipt receipt) {
  auto record = text_in(object, "record", kIdentifier);
  if (!record) return fail(record.error());
  auto contents = contents_in(object);
  if (!contents) return fail(contents.error());
  receipt.record = std::move(*record);
  receipt.contents = std::move(*contents);
  return Answer{std::move(receipt)};
}

Result<Answer> read_refusal(const json& object, Receipt receipt) {
  auto reason = text_in(object, "reason", kSentence);
  if (!reason) return fail(reason.error());
  receipt.reason = std::move(*reason);
  if (receipt.status == ReceiptStatus::rejected) return Answer{std::move(receipt)};
  const auto seq = number_in(object, "seq", 0, kLargest);
  if (!seq) return fail(seq.error());
  receipt.seq = *seq;
  return Answer{std::move(receipt)};
}

Result<Answer> read_progress(const json& object, std::string id) {
  const auto seq = number_in(object, "seq", 0, kLargest);
  if (!seq) return fail(seq.error());
  auto step = text_in(object, "step", kIdentifier);
  if (!step) return fail(step.error());
  auto text = text_in(object, "text", kSentence);
  if (!text) return fail(text.error());
  return Answer{Progress{std::move(id), *seq, std::move(*step), std::move(*text)}};
}

Result<Answer> read_reply(const json& object, std::string id) {
  const auto seq = number_in(object, "seq", 0, kLargest);
  if (!seq) return fail(seq.error());
  auto title = text_in(object, "title", kSentence);
  if (!title) return fail(title.error());
  const auto digest = digest_in(object, "sha256");
  if (!digest) return fail(digest.error());
  auto data = from_base64(object.value("data", json()).is_string() ? object["data"].get_ref<const std::string&>() : "");
  if (!data || data->empty() || data->size() > kReplyBytes)
    return fail(Errc::invalid_input, "data is missing, no base64 or too large");
  if (sha256_hex(*data) != *digest) return fail(Errc::invalid_input, "data is not what sha256 says");
  return Answer{Reply{std::move(id), *seq, std::move(*title), *std::move(data)}};
}

std::string dumped(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

const char* name_of(ReceiptStatus status) {
  switch (status) {
    case ReceiptStatus::stored: return "stored";
    case ReceiptStatus::rejected: return "rejected";
    case ReceiptStatus::returned: return "returned";
  }
  return "";
}

}  // namespace

Result<BlockRequest> read_request(std::string_view payload) {
  const auto object = object_of(payload, kRequestBytes);
  if (!object) return fail(object.error());
  auto id = id_in(*object);
  if (!id) return fail(id.error());
  auto content = digest_in(*object, "content");
  if (!content) return fail(content.error());
  const auto block = number_in(*object, "block", 0, kLargest / std::int64_t(kBlockBytes));
  if (!block) return fail(block.error());
  const auto count = number_in(*object, "count", 1, kBlocksInFlight);
  if (!count) return fail(count.error());
  return BlockRequest{std::move(*id), std::move(*content), std::uint64_t(*block), int(*count)};
}

Result<Answer> read_answer(std::string_view payload) {
  const auto object = object_of(payload, kReplyMessageBytes);
  if (!object) return fail(object.error());
  auto id = id_in(*object);
  if (!id) return fail(id.error());
  const auto status = text_in(*object, "status", 16);
  if (!status) return fail(status.error());
  if (*status == "reply") return read_reply(*object, std::move(*id));
  if (payload.size() > kReceiptBytes) return fail(Errc::invalid_input, "the message is too large");
  Receipt receipt;
  receipt.id = *id;
  if (*status == "progress") return read_progress(*object, std::move(*id));
  if (*status == "stored") return read_stored(*object, std::move(receipt));
  if (*status != "rejected" && *status != "returned") {
    return fail(Errc::invalid_input, "status is none of stored, rejected, returned, progress, reply");
  }
  receipt.status = *status == "rejected" ? ReceiptStatus::rejected : ReceiptStatus::returned;
  return read_refusal(*object, std::move(receipt));
}

std::string request_text(const BlockRequest& request) {
  return dumped(
      {{"id", request.id}, {"content", request.content}, {"block", request.block}, {"count", request.count}});
}

std::string answer_text(const Receipt& receipt) {
  json object = {{"id", receipt.id}, {"status", name_of(receipt.status)}};
  if (receipt.status == ReceiptStatus::stored) {
    object["record"] = receipt.record;
    object["contents"] = json::array();
    for (const auto& content : receipt.contents) {
      object["contents"].push_back({{"role", content.role}, {"sha256", content.sha256}});
    }
  } else {
    object["reason"] = receipt.reason;
  }
  if (receipt.status == ReceiptStatus::returned) object["seq"] = receipt.seq;
  return dumped(object);
}

std::string answer_text(const Progress& progress) {
  return dumped({{"id", progress.id},
                 {"status", "progress"},
                 {"seq", progress.seq},
                 {"step", progress.step},
                 {"text", progress.text}});
}

std::string answer_text(const Reply& reply) {
  return dumped({{"id", reply.id},
                 {"status", "reply"},
                 {"seq", reply.seq},
                 {"title", reply.title},
                 {"sha256", sha256_hex(reply.pdf)},
                 {"data", to_base64(reply.pdf)}});
}

std::string noted_text(const std::string& id, std::int64_t seq) {
  return dumped({{"id", id}, {"seq", seq}});
}

std::string state_text(const std::string& node, std::string_view state, std::uint64_t epoch, Timestamp at) {
  return dumped(
      {{"node", node}, {"state", state}, {"epoch", epoch}, {"time", to_rfc3339(at)}, {"contract", 1}});
}

std::string Topics::manifest(const std::string& recipient) const {
  return root_ + "to/" + recipient + "/manifest";
}
std::string Topics::noted(const std::string& recipient) const {
  return root_ + "to/" + recipient + "/noted";
}
std::string Topics::event(const std::string& recipient) const {
  return root_ + "to/" + recipient + "/event";
}
std::string Topics::request(const std::string& recipient) const {
  return root_ + "from/" + recipient + "/request";
}
std::string Topics::receipt(const std::string& recipient) const {
  return root_ + "from/" + recipient + "/receipt";
}
std::string Topics::state(const std::string& node) const {
  return root_ + "state/" + node;
}

std::string Topics::blocks(const std::string& recipient, const std::string& reader) const {
  return root_ + "to/" + recipient + "/block/" + reader;
}

Topics::From Topics::from(std::string_view topic) const {
  const auto prefix = root_ + "from/";
  if (!topic.starts_with(prefix)) return {};
  topic.remove_prefix(prefix.size());
  const auto slash = topic.find('/');
  if (slash == std::string_view::npos) return {};
  return {std::string(topic.substr(0, slash)), std::string(topic.substr(slash + 1))};
}

bool Topics::may_answer_to(std::string_view topic, const std::string& recipient) const {
  const auto own = root_ + "to/" + recipient + "/block";
  if (topic.size() > 200 || topic.find_first_of("+#") != std::string_view::npos) return false;
  return topic == own || topic.starts_with(own + "/");
}

}  // namespace mailroom::delivery
