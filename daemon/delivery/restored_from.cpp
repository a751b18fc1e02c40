#include "daemon/delivery/restored_from.h"

#include <nlohmann/json.hpp>

namespace mailroom::delivery {

std::string with_restore(std::string state, const RestoredFrom& restored) {
  if (restored.generation == 0) return state;
  auto told = nlohmann::json::parse(state);
  told["generation"] = restored.generation;
  told["restored"] = {{"seq", restored.seq}, {"head", restored.head}};
  return told.dump();
}

}  // namespace mailroom::delivery
