#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/sane/quirk.h"
#include "drivers/scanner/sane/sane_device.h"

namespace mailroom::drivers {

/// The options of an open device, by their SANE names. Setting is strict: a value the device does not
/// take is Errc::unsupported naming the option and the offer. Thread-bound; goes before the device.
class SaneOptions {
 public:
  explicit SaneOptions(const SaneDevice& device) : device_(device) {}

  /// True when the device has this option and it can be set now.
  [[nodiscard]] bool settable(const std::string& name) const;

  /// The texts a list option offers; empty when there is no such option.
  [[nodiscard]] std::vector<std::string> choices(const std::string& name) const;

  /// The numbers a list option offers; empty when there is no such option or it has no list.
  [[nodiscard]] std::vector<double> numbers(const std::string& name) const;

  /// The range of a number; nullopt when there is no such option or it has no range.
  struct Range {
    double lowest, highest, step;
  };
  [[nodiscard]] std::optional<Range> range(const std::string& name) const;

  /// True when the device has this option now, settable or not.
  [[nodiscard]] bool exists(const std::string& name) const { return find(name).has_value(); }

  /// True when every option of `values` can be set and, where it has a list, offers the word.
  [[nodiscard]] bool offers(const OptionValues& values) const;

  /// Sets what the device has of `values`, in their order; an option that it has and that does not take the
  /// value is an error, one that it has not is left out.
  Result<void> set_where_offered(const OptionValues& values);

  /// The text or number an option has now, as text; nullopt when there is no such option.
  [[nodiscard]] std::optional<std::string> value(const std::string& name) const;

  /// The longest text an option without a list takes; 0 when there is none.
  [[nodiscard]] int longest_text(const std::string& name) const;

  Result<void> set_text(const std::string& name, const std::string& value);

  /// A text that is not chosen from a list: what is printed on the sheets.
  Result<void> set_free_text(const std::string& name, const std::string& value);

  /// Sets a number; what the device takes may differ by `tolerance` at most.
  Result<void> set_number(const std::string& name, double value, double tolerance);

  /// The unit of a number is pixels (else millimetres) for geometry.
  [[nodiscard]] bool in_pixels(const std::string& name) const;

  /// Reads a number or switch; nullopt when the device has none. An error when it does not answer.
  ///
  /// `twice`: some backends (fujitsu among them) keep all sensors at the first reading of any one, and give a
  /// fresh value only when the same one is read again. The second reading counts.
  [[nodiscard]] Result<std::optional<int>> sensor(const std::string& name, bool twice = true) const;

  /// True when the device still answers to anything.
  [[nodiscard]] bool answers() const;

 private:
  struct Found {
    SANE_Int index;
    const SANE_Option_Descriptor* descriptor;
  };
  [[nodiscard]] std::optional<Found> find(const std::string& name) const;
  [[nodiscard]] tl::unexpected<Error> refusal(const Found& found, const std::string& value) const;
  Result<double> write_number(const Found& found, double value);
  Result<void> write_text(const Found& found, const std::string& value);
  Result<void> set_one(const OptionValue& wanted);

  const SaneDevice& device_;
};

/// The largest number an option takes, nullopt when it says none.
std::optional<double> upper_bound(const SANE_Option_Descriptor& descriptor);

}  // namespace mailroom::drivers
