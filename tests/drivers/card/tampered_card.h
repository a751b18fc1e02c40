#pragma once

#include <functional>
#include <vector>

#include "drivers/virtual/card/virtual_card.h"

namespace mailroom::test {

/// A card whose answers pass through other hands. Commands are counted from each reset on.
class TamperedCard final : public card::VirtualCard {
 public:
  /// Gets the number of the command, all answers so far and the true one; an empty answer tears the card out.
  using Twist = std::function<Bytes(std::size_t number, const std::vector<Bytes>& before, const Bytes& answer)>;

  explicit TamperedCard(card::VirtualCard& inner) : inner_(inner) {}

  [[nodiscard]] Bytes atr() const override { return inner_.atr(); }
  void reset() override {
    inner_.reset();
    answers_.clear();
  }
  Bytes respond(ByteView command) override {
    const Bytes answer = inner_.respond(command);
    const Bytes given = twist ? twist(answers_.size(), answers_, answer) : answer;
    twisted = twisted || given != answer;
    answers_.push_back(answer);
    commands = std::max(commands, answers_.size());
    return given;
  }

  Twist twist;
  bool twisted = false;      ///< whether an answer was really changed
  std::size_t commands = 0;  ///< most that came between two resets

 private:
  card::VirtualCard& inner_;
  std::vector<Bytes> answers_;
};

}  // namespace mailroom::test
