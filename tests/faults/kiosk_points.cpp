#include "tests/faults/fault_run.h"
#include "tests/support/places.h"
#include "tests/support/shell.h"

/// The daemon dies at each named point between a citizen's card and the office. The scene, a kiosk with a
/// real card service and a card terminal, is that of tests/kiosk; here it is played again and again.
namespace mailroom::faults {

void kiosk_points(FaultRun& run) {
  Row& row = run.row("kill at each point of paying and handing in at a kiosk (matter.*, payment.*)", 25, 0);
  while (run.goes_on(row)) {
    const auto played = test::shell(test::build_path("tests/kiosk/test_kiosk") +
                                    " 'a power cut *' 2>&1");
    std::vector<std::string> broken;
    if (played.code != 0) broken.push_back(played.output.substr(0, 4000));
    if (played.output.find("[skipped]") != std::string::npos) return;
    run.count(row, broken);
  }
}

}  // namespace mailroom::faults
