#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/assembly/clarification.h"

namespace mailroom::assembly {

/// The questions of one assembly and the answers given so far. Thread-bound.
class Findings {
 public:
  Findings(const std::vector<Resolution>& resolutions, const Configuration& configuration);

  /// Raises a question. The answer when there is a valid one, else nullptr: then it stays open.
  const Resolution* ask(const Clarification& clarification);

  /// The same without raising: the answer or nullptr.
  const Resolution* answer_to(const Clarification& clarification) const;

  /// Keeps a question open although there is an answer, because it cannot be followed.
  void reopen(const Clarification& clarification);

  std::vector<Clarification> take_open() { return std::move(open_); }
  [[nodiscard]] bool discarded() const { return discarded_; }

 private:
  const Configuration& configuration_;
  std::map<std::string, Resolution> answers_;
  std::vector<Clarification> open_;
  bool discarded_ = false;
};

/// A text argument of an answer, empty when it is not given.
std::string argument(const Resolution& answer, const char* name);

}  // namespace mailroom::assembly
