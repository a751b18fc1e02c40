#include <thread>

#include "daemon/base/child_process.h"
#include "firmware/board/host/control.h"
#include "tests/conformance/panel/panel_under_test.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {
namespace {

const char* name_of(panel::Key key) {
  static constexpr const char* names[] = {"up", "down", "left", "right", "select"};
  return names[std::size_t(key)];
}

class EmulatedPanel final : public PanelUnderTest {
 public:
  EmulatedPanel() {
    ChildCommand command{build_path("bin/mailroom-panel-emulator"),
                         {"--line", line(), "--control", control()}};
    program_ = ChildProcess::start(std::move(command)).value();
    for (int i = 0; i < 500 && !std::filesystem::exists(control()); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  [[nodiscard]] std::string line() const override { return folder_.path() / "line"; }
  void press(panel::Key key, int milliseconds) override {
    panel::ask(control(), std::string("press ") + name_of(key) + " " + std::to_string(milliseconds));
  }
  void reset() override { panel::ask(control(), "reset"); }

 private:
  [[nodiscard]] std::string control() const { return folder_.path() / "control"; }

  TemporaryFolder folder_;
  ChildProcess program_;
};

}  // namespace

std::unique_ptr<PanelUnderTest> emulated_panel() {
  return std::make_unique<EmulatedPanel>();
}

}  // namespace mailroom::test
