#include "tests/e2e/person.h"

#include <algorithm>
#include <stdexcept>

#include "tests/e2e/evidence.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;

void answer_all(const Mailroom& mailroom, const json& summary, int sheets) {
  for (const auto& held : summary["held"]) {
    const std::string id = held["clarification"], reason = held["reason"];
    const bool counts = reason == "count_mismatch" || reason == "count_missing";
    if (!counts && reason != "feed_fault" && reason != "page_ended_workers")
      throw std::runtime_error("a question that nothing has given a reason for: " + held.dump());
    const std::string answer = counts                   ? "confirm_count sheets=" + std::to_string(sheets)
                               : reason == "feed_fault" ? "confirm"
                                                        : "accept_as_content";
    const auto answered = mailroom.ctl("clarify " + id + " --operator anna --resolve " + answer);
    if (answered.code != 0) throw std::runtime_error("an answer was not taken: " + answered.output);
  }
}

/// Whether there was something to feed.
bool feed_the_rest(Mailroom& mailroom, const std::string& scanner, const std::string& batch, int sheets) {
  const json before = mailroom.show(batch);
  const int sides = int(before["pages"].size());
  if (before["state"] != "interrupted" || sides >= 2 * sheets) return false;
  mailroom.put_back(scanner, sides / 2);  // half a sheet goes back as well
  mailroom.scan(scanner, "--batch " + batch);
  return true;
}

}  // namespace

Outcome outcome_of(const Mailroom& mailroom, const json& summary) {
  Outcome outcome;
  for (const auto& document : summary["documents"]) {
    for (const auto& delivery : document["deliveries"]) {
      const std::string recipient = delivery["recipient"];
      const auto delivered = open_delivery(mailroom.delivered(recipient) / delivery["id"].get<std::string>());
      json got = {document["class"], document["department"], document["state"], recipient};
      for (const auto& page : delivered.note["pages"])
        got.push_back({page["sheet"], page["side"], page["role"], page["sha256"]});
      outcome.insert(got.dump());
    }
  }
  return outcome;
}

std::set<json> without_roles(const Outcome& outcome) {
  std::set<json> plain;
  for (const auto& text : outcome) {
    json document = json::parse(text);
    for (auto& part : document) {
      if (part.is_array()) part.erase(2);  // sheet, side, role, digest
    }
    plain.insert(std::move(document));
  }
  return plain;
}

bool has_unread_side(const Mailroom& mailroom, const std::string& batch) {
  const json shown = mailroom.show(batch);
  return std::any_of(shown["pages"].begin(), shown["pages"].end(),
                     [](const json& page) { return page.contains("failure"); });
}

json finish(Mailroom& mailroom, const std::string& scanner, const std::string& batch, int sheets) {
  json summary;
  for (int round = 0; round < 4; ++round) {
    const bool fed = feed_the_rest(mailroom, scanner, batch, sheets);
    summary = mailroom.follow(batch);
    if (!fed) break;
  }
  for (int round = 0; round < 3 && !summary["held"].empty(); ++round) {
    answer_all(mailroom, summary, sheets);
    summary = mailroom.follow(batch);
  }
  return summary;
}

}  // namespace mailroom::e2e
