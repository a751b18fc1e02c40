#include "tests/faults/fault_run.h"

#include <iostream>
#include <nlohmann/json.hpp>

namespace mailroom::faults {

#define FAULT_FAMILY(name, weight) void name(FaultRun&);
#include "tests/faults/families.inc"
#undef FAULT_FAMILY

const std::vector<Family>& families() {
#define FAULT_FAMILY(name, weight) {#name, weight, name},
  static const std::vector<Family> all = {
#include "tests/faults/families.inc"
  };
#undef FAULT_FAMILY
  return all;
}

Row& FaultRun::row(const std::string& fault, int full, int sample) {
  const bool asked = fault.find(only_) != std::string::npos;
  rows_.push_back({fault, !asked ? 0 : sample_ ? sample : full});
  report(rows_.back());
  return rows_.back();
}

void FaultRun::count(Row& row, const std::vector<std::string>& broken) {
  ++row.cases;
  if (!broken.empty()) ++row.violations;
  for (const auto& text : broken)
    std::cout << nlohmann::json({{"violation", row.fault + ": " + text}})
                     .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
              << std::endl;
  if (!broken.empty() || row.cases % 10 == 0 || row.cases == row.wanted) report(row);
}

void report(const Row& row) {
  std::cout << nlohmann::json({{"fault", row.fault},
                               {"wanted", row.wanted},
                               {"cases", row.cases},
                               {"violations", row.violations}})
                   .dump()
            << std::endl;
}

}  // namespace mailroom::faults
