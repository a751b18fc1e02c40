#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "firmware/protocol/messages.h"

namespace mailroom::test {

/// A panel at the end of a serial line, however it is made. Thread-bound.
class PanelUnderTest {
 public:
  virtual ~PanelUnderTest() = default;
  [[nodiscard]] virtual std::string line() const = 0;  ///< for PanelLine
  virtual void press(panel::Key key, int milliseconds) = 0;
  virtual void reset() = 0;  ///< as the watchdog does; back when it has started again
};

std::unique_ptr<PanelUnderTest> emulated_panel();
/// The real image in QEMU on its own pseudo-terminal; null when QEMU or the image is missing.
std::unique_ptr<PanelUnderTest> panel_under_qemu();

}  // namespace mailroom::test
