#include "drivers/card/messages/messages.h"

#include <algorithm>

#include "drivers/card/eid/data_groups.h"

namespace mailroom::card::messages {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostRecipients = 8;

tl::unexpected<Error> wrong(const std::string& name) {
  return fail(Errc::invalid_input, "a card message has a wrong member '" + name + "'");
}

/// A text that may be missing.
Result<std::string> text_of(const json& body, const char* name, std::size_t longest = kLongestText) {
  const auto found = body.find(name);
  if (found == body.end()) return std::string();
  if (!found->is_string() || found->get_ref<const std::string&>().size() > longest) return wrong(name);
  return found->get<std::string>();
}

Result<bool> flag_of(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end()) return false;
  if (!found->is_boolean()) return wrong(name);
  return found->get<bool>();
}

Result<std::optional<bool>> answer_of(const json& body, const char* name) {
  if (!body.contains(name)) return std::optional<bool>();
  MAILROOM_TRY(const bool value, flag_of(body, name));
  return std::optional<bool>(value);
}

Result<std::vector<std::string>> texts_of(const json& body, const char* name) {
  std::vector<std::string> list;
  const auto found = body.find(name);
  if (found == body.end()) return list;
  if (!found->is_array() || found->size() > 32) return wrong(name);
  for (const auto& entry : *found) {
    if (!entry.is_string() || entry.get_ref<const std::string&>().size() > 16 * kLongestText) return wrong(name);
    list.push_back(entry.get<std::string>());
  }
  return list;
}

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> check(const ReadRequest& request) {
  if (request.reading.empty() || request.reading.size() > 64) return wrong("reading");
  if (request.matter.size() > 64) return wrong("matter");
  if (!is_digits(request.can) || (!request.can.empty() && request.can.size() != 6)) return wrong("can");
  if (!is_digits(request.pin) || request.pin.size() > 6) return wrong("pin");
  if (request.min_age && (*request.min_age < 1 || *request.min_age > 120)) return wrong("min_age");
  if (!is_digits(request.community) || request.community.size() > 14) return wrong("community");
  if (request.recipients.empty() || request.recipients.size() > kMostRecipients) return wrong("recipients");
  for (const auto& group : request.groups) {
    if (group_number(group) == 0) return wrong("groups");
  }
  return {};
}

}  // namespace

json to_json(const CardSight& sight) {
  return {{"reader", sight.reader}, {"connected", sight.connected}, {"card", sight.card}, {"atr", sight.atr}};
}

Result<CardSight> sight_from(const json& body) {
  CardSight sight;
  MAILROOM_TRY(sight.reader, text_of(body, "reader"));
  MAILROOM_TRY(sight.connected, flag_of(body, "connected"));
  MAILROOM_TRY(sight.card, flag_of(body, "card"));
  MAILROOM_TRY(sight.atr, text_of(body, "atr"));
  return sight;
}

json to_json(const ReadRequest& request) {
  json body{{"reading", request.reading},       {"matter", request.matter},
            {"mode", name_of(request.mode)},    {"photo_compared", request.photo_compared},
            {"groups", request.groups},         {"pseudonym", request.pseudonym},
            {"recipients", request.recipients}};
  if (request.min_age) body["min_age"] = *request.min_age;
  if (!request.community.empty()) body["community"] = request.community;
  if (!request.can.empty()) body["can"] = request.can;
  if (!request.pin.empty()) body["pin"] = request.pin;
  return body;
}

Result<ReadRequest> read_request_from(const json& body) {
  if (!body.is_object()) return wrong("");
  ReadRequest request;
  MAILROOM_TRY(request.reading, text_of(body, "reading"));
  MAILROOM_TRY(request.matter, text_of(body, "matter"));
  MAILROOM_TRY(const std::string mode, text_of(body, "mode"));
  if (!mode_from(mode)) return wrong("mode");
  request.mode = *mode_from(mode);
  MAILROOM_TRY(request.photo_compared, flag_of(body, "photo_compared"));
  MAILROOM_TRY(request.groups, texts_of(body, "groups"));
  MAILROOM_TRY(request.community, text_of(body, "community"));
  MAILROOM_TRY(request.pseudonym, flag_of(body, "pseudonym"));
  MAILROOM_TRY(request.can, text_of(body, "can"));
  MAILROOM_TRY(request.pin, text_of(body, "pin"));
  MAILROOM_TRY(request.recipients, texts_of(body, "recipients"));
  if (body.contains("min_age")) {
    if (!body["min_age"].is_number_integer()) return wrong("min_age");
    request.min_age = body["min_age"].get<int>();
  }
  MAILROOM_TRY_VOID(check(request));
  return request;
}

json to_json(const SealedReading& reading) {
  json body{{"reading", reading.reading},
            {"kind", reading.kind},
            {"mode", reading.mode},
            {"assurance", reading.assurance},
            {"read_at", reading.read_at},
            {"terminal", reading.terminal},
            {"authority", reading.authority},
            {"certificate_digest", reading.certificate_digest},
            {"record_digest", reading.record_digest},
            {"took_ms", reading.took_ms}};
  if (!reading.pseudonym.empty()) body["pseudonym"] = reading.pseudonym;
  if (reading.old_enough) body["old_enough"] = *reading.old_enough;
  if (reading.in_community) body["in_community"] = *reading.in_community;
  return body;
}

Result<SealedReading> sealed_reading_from(const json& body) {
  SealedReading reading;
  const std::pair<const char*, std::string SealedReading::*> texts[] = {
      {"reading", &SealedReading::reading},   {"kind", &SealedReading::kind},
      {"mode", &SealedReading::mode},         {"assurance", &SealedReading::assurance},
      {"read_at", &SealedReading::read_at},   {"terminal", &SealedReading::terminal},
      {"authority", &SealedReading::authority}, {"certificate_digest", &SealedReading::certificate_digest},
      {"pseudonym", &SealedReading::pseudonym}, {"record_digest", &SealedReading::record_digest}};
  for (const auto& [name, part] : texts) {
    MAILROOM_TRY(reading.*part, text_of(body, name, 128));
  }
  MAILROOM_TRY(reading.old_enough, answer_of(body, "old_enough"));
  MAILROOM_TRY(reading.in_community, answer_of(body, "in_community"));
  reading.took_ms = body.value("took_ms", 0);
  return reading;
}

json to_json(const EidError& error) {
  json body{{"fault", name_of(error.fault)},
            {"code", name_of(error.error.code)},
            {"what", error.error.what},
            {"remedy", error.error.remedy},
            {"device", error.error.place.device}};
  if (error.tries) body["tries"] = *error.tries;
  return body;
}

EidError error_from(const json& body) {
  const auto text = [&](const char* name) {
    const auto found = text_of(body, name);
    return found ? *found : std::string();
  };
  EidError error{fault_from(text("fault")).value_or(EidFault::malformed_answer),
                 {errc_from(text("code")).value_or(Errc::corrupt), text("what"), Place::on_device(text("device")), text("remedy")}};
  if (body.contains("tries") && body["tries"].is_number_integer()) error.tries = body["tries"].get<int>();
  return error;
}

}  // namespace mailroom::card::messages
