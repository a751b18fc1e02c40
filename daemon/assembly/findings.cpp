#include "daemon/assembly/findings.h"

#include <algorithm>

namespace mailroom::assembly {

Findings::Findings(const std::vector<Resolution>& resolutions, const Configuration& configuration)
    : configuration_(configuration) {
  for (const auto& resolution : resolutions) answers_[resolution.clarification] = resolution;
}

const Resolution* Findings::answer_to(const Clarification& clarification) const {
  const auto found = answers_.find(clarification.key);
  if (found == answers_.end()) return nullptr;
  return check_resolution(clarification, found->second, configuration_) ? &found->second : nullptr;
}

const Resolution* Findings::ask(const Clarification& clarification) {
  const auto* answer = answer_to(clarification);
  if (answer != nullptr && answer->kind == "discard_batch") discarded_ = true;
  if (answer == nullptr) reopen(clarification);
  return answer;
}

void Findings::reopen(const Clarification& clarification) {
  const auto same = [&](const Clarification& other) { return other.key == clarification.key; };
  if (std::none_of(open_.begin(), open_.end(), same)) open_.push_back(clarification);
}

std::string argument(const Resolution& answer, const char* name) {
  const auto value = answer.arguments.find(name);
  return value != answer.arguments.end() && value->is_string() ? value->get<std::string>() : std::string();
}

}  // namespace mailroom::assembly
