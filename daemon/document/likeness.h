#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"

namespace mailroom {

/// Whether two captured images show the same side of the same paper. The names are persistent.
enum class Alike {
  same,       ///< every mark of each is in the other
  doubtful,   ///< mostly so, but something differs, or there is too little on them to be sure
  different,  ///< two papers
  nothing,    ///< nothing on either: cannot tell one empty page from another
};

std::string_view name_of(Alike alike);
Result<Alike> alike_from(std::string_view name);

/// How two images compare.
struct Likeness {
  Alike alike = Alike::doubtful;
  Box where = {};       ///< what differs, in pixels of the first; empty: nothing or all
  int marks = 0;        ///< separate marks that only one of them has
  bool turned = false;  ///< the second lies upside down
};

nlohmann::json to_json(const Likeness& likeness);
Result<Likeness> likeness_from(const nlohmann::json& json);  ///< Errc::corrupt when it is none

}  // namespace mailroom
