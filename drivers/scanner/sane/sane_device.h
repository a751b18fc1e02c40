#pragma once

// For the sources of this room only: includes SANE.
#include <sane/sane.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::drivers {

/// An open SANE device. Cancels and closes when it goes. Move-only, thread-bound.
class SaneDevice {
 public:
  static Result<SaneDevice> open(const std::string& name);
  SaneDevice(SaneDevice&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), name_(std::move(other.name_)) {}
  SaneDevice& operator=(SaneDevice&&) = delete;
  ~SaneDevice();

  [[nodiscard]] SANE_Handle handle() const { return handle_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  SaneDevice(SANE_Handle handle, std::string name) : handle_(handle), name_(std::move(name)) {}
  SANE_Handle handle_;
  std::string name_;
};

/// What a SANE status means to an operator. `doing` as "opening the scanner".
Error error_of(SANE_Status status, const std::string& doing, Place place);

}  // namespace mailroom::drivers
