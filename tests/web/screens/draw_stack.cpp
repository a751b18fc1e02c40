/// Draws a stack for the tests of the screens: `mailroom-draw-stack FOLDER ROUTING_KEY`, with a list
/// of sides as JSON on its input: {"words": "...", "routing": "kind:CLASS:DEPT"}.
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/e2e/small_stack.h"

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: mailroom-draw-stack FOLDER ROUTING_KEY < sides.json\n";
    return 2;
  }
  std::vector<mailroom::e2e::DrawnSide> sides;
  for (const auto& side : nlohmann::json::parse(std::cin))
    sides.push_back({side.value("words", ""), side.value("routing", "")});
  mailroom::e2e::draw_stack(words[1], sides, words[2]);
  return 0;
}
