#include "daemon/document/likeness.h"

#include <array>
#include <utility>

namespace mailroom {
namespace {

constexpr std::array<std::pair<Alike, std::string_view>, 4> kNames = {{{Alike::same, "same"},
                                                                       {Alike::doubtful, "doubtful"},
                                                                       {Alike::different, "different"},
                                                                       {Alike::nothing, "nothing"}}};

}  // namespace

std::string_view name_of(Alike alike) {
  for (const auto& [known, name] : kNames) {
    if (known == alike) return name;
  }
  return {};
}

Result<Alike> alike_from(std::string_view name) {
  for (const auto& [alike, known] : kNames) {
    if (known == name) return alike;
  }
  return fail(Errc::corrupt, "'" + std::string(name) + "' does not say whether images are alike");
}

nlohmann::json to_json(const Likeness& likeness) {
  const Box& box = likeness.where;
  return {{"alike", name_of(likeness.alike)},
          {"where", {box.x, box.y, box.width, box.height}},
          {"marks", likeness.marks},
          {"turned", likeness.turned}};
}

Result<Likeness> likeness_from(const nlohmann::json& json) {
  try {
    Likeness likeness;
    MAILROOM_TRY(likeness.alike, alike_from(json.at("alike").get_ref<const std::string&>()));
    const auto& box = json.at("where");
    likeness.where = {box.at(0), box.at(1), box.at(2), box.at(3)};
    likeness.marks = json.at("marks").get<int>();
    likeness.turned = json.at("turned").get<bool>();
    return likeness;
  } catch (const nlohmann::json::exception& problem) {
    return fail(Errc::corrupt, "this is no comparison of two images: " + std::string(problem.what()));
  }
}

}  // namespace mailroom
