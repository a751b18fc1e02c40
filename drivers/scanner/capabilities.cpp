#include <algorithm>

#include "drivers/scanner/names.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {
namespace {

constexpr double kSlack = 0.5;  // mm: devices that offer A4 say 296.9 or 215.8

std::string millimetres(double value) {
  return std::to_string(long(value + 0.5)) + " mm";
}

template <typename Item>
bool has(const std::vector<Item>& items, Item wanted) {
  return std::find(items.begin(), items.end(), wanted) != items.end();
}

template <typename Item>
std::string listed(const std::vector<Item>& items) {
  std::string text;
  for (const Item item : items) text += (text.empty() ? "" : ", ") + std::string(name_of(item));
  return text.empty() ? "nothing" : text;
}

/// What does not fit, one sentence each.
class Misfits {
 public:
  void add(const std::string& wanted, const std::string& offered) {
    text_ += (text_.empty() ? "" : "; ") + wanted + " (it offers " + offered + ")";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void check_size(const Capabilities& device, const FeedSettings& wanted, Misfits& misfits) {
  if (device.max_width_mm > 0 && wanted.width_mm > device.max_width_mm + kSlack)
    misfits.add("a width of " + millimetres(wanted.width_mm), "up to " + millimetres(device.max_width_mm));
  if (device.max_height_mm > 0 && wanted.height_mm > device.max_height_mm + kSlack)
    misfits.add("a height of " + millimetres(wanted.height_mm), "up to " + millimetres(device.max_height_mm));
  if (wanted.measured && !device.measures_paper)
    misfits.add("sides as large as their paper", "one size for all sheets");
}

void check_feeder(const Capabilities& device, const FeedSettings& wanted, Misfits& misfits) {
  if (wanted.double_feed == DoubleFeedCheck::required && !device.detects_double_feed)
    misfits.add("double-feed detection", "none");
  const int letters = int(wanted.endorser.size());
  if (letters > device.endorser_letters) {
    misfits.add(
        "printing a number of " + std::to_string(letters) + " letters on each sheet",
        device.endorser_letters == 0 ? "no endorser" : "up to " + std::to_string(device.endorser_letters));
  }
}

}  // namespace

bool Resolutions::offers(int dpi) const {
  if (has(listed, dpi)) return true;
  return lowest > 0 && dpi >= lowest && dpi <= highest && (step <= 1 || (dpi - lowest) % step == 0);
}

std::string Resolutions::text() const {
  std::string text;
  for (const int dpi : listed) text += (text.empty() ? "" : ", ") + std::to_string(dpi);
  if (lowest > 0) text += std::to_string(lowest) + " to " + std::to_string(highest);
  return text.empty() ? "nothing" : text;
}

Result<void> check_settings(const Capabilities& device, const FeedSettings& wanted) {
  Misfits misfits;
  if (!has(device.sources, wanted.source))
    misfits.add(std::string(name_of(wanted.source)), listed(device.sources));
  if (!has(device.modes, wanted.mode)) misfits.add(std::string(name_of(wanted.mode)), listed(device.modes));
  if (!device.resolutions.offers(wanted.dpi))
    misfits.add(std::to_string(wanted.dpi) + " dpi", device.resolutions.text());
  check_size(device, wanted, misfits);
  check_feeder(device, wanted, misfits);
  if (misfits.text().empty()) return {};
  return fail(Errc::unsupported, "the scanner does not offer " + misfits.text(), {},
              "choose a profile that fits this scanner");
}

}  // namespace mailroom::drivers
