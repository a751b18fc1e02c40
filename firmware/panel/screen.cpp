#include "firmware/panel/font.h"
#include "firmware/panel/panel.h"

namespace mailroom::panel {
namespace {

// Rows of the display from the top.
constexpr int kStationRow = 0, kHeadlineRow = 12, kMessageRow = 32, kChoiceRow = 43, kCountersRow = 54;
constexpr std::uint32_t kScrollWait = 1500;    // milliseconds a text stands before it moves
constexpr std::uint32_t kScrollPerPixel = 25;  // slow enough to read on the way past
constexpr int kGap = 30;                       // pixels between the end and the next beginning

constexpr std::string_view kLost = "Keine Verbindung · No connection";
constexpr std::string_view kRefused = "Programm passt nicht zur Poststelle · Wrong firmware version";
constexpr std::string_view kDamaged = "Programm beschädigt, neu aufspielen · Firmware damaged, flash again";
constexpr std::string_view kNoMeaning = "Taste hier ohne Zweck";
constexpr std::string_view kNotTaken = "Taste nicht angenomm.";

void write_scrolling(Canvas& canvas, int y, std::string_view text, std::uint32_t shown_for) {
  const int width = int(length_of(text)) * kGlyphWidth;
  if (width <= kWidth) return canvas.write(0, y, text);
  const std::uint32_t round = std::uint32_t(width + kGap) * kScrollPerPixel + kScrollWait;
  const std::uint32_t at = shown_for % round;
  const int moved = at < kScrollWait ? 0 : int((at - kScrollWait) / kScrollPerPixel);
  canvas.write(-moved, y, text);
  canvas.write(width + kGap - moved, y, text);
}

/// A word and a number without printf.
class Line {
 public:
  Line& add(std::string_view text) {
    for (const char c : text) put(c);
    return *this;
  }
  Line& add(std::uint16_t number) {
    std::uint16_t divisor = 10000;
    while (divisor > 1 && number / divisor == 0) divisor = std::uint16_t(divisor / 10);
    for (; divisor > 0; divisor = std::uint16_t(divisor / 10)) put(char('0' + number / divisor % 10));
    return *this;
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  void put(char c) {
    if (size_ < bytes_.size()) bytes_[size_++] = c;
  }
  std::array<char, 48> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace

void Panel::draw_counters(Canvas& canvas) const {
  Line line;
  line.add("Blatt ").add(state_.sheets).add(" Dok ").add(state_.documents);
  canvas.write(0, kCountersRow, line.view());
  if (state_.clarifications == 0) return;
  Line open;
  open.add("?").add(state_.clarifications);
  const int width = int(open.view().size()) * kGlyphWidth;
  canvas.write(kWidth - width - 1, kCountersRow, open.view());
  canvas.invert(kWidth - width - 2, kCountersRow, width + 2, kGlyphHeight);
}

void Panel::draw_state(Canvas& canvas, std::uint32_t now) const {
  canvas.write(1, kStationRow, state_.station.view());
  if (store_.waiting() > 0) canvas.write(kWidth - kGlyphWidth, kStationRow, "●");
  canvas.invert(0, kStationRow, kWidth, kGlyphHeight);
  canvas.write(0, kHeadlineRow, state_.headline.view(), 2);
  if (state_.alarm) canvas.invert(0, kHeadlineRow - 1, kWidth, 20);
  if (note_ != Note::none)
    canvas.write(0, kMessageRow, note_ == Note::no_meaning ? kNoMeaning : kNotTaken);
  else
    write_scrolling(canvas, kMessageRow, state_.message.view(), now - message_at_);
  if (!state_.choice.view().empty()) {
    canvas.write(0, kChoiceRow, "▲▼");
    canvas.write(2 * kGlyphWidth + 2, kChoiceRow, state_.choice.view());
  }
  if (state_.urgent) {
    constexpr int kFrom = kWidth - 4 * kGlyphWidth - 2;
    canvas.erase(kFrom, kChoiceRow, kWidth - kFrom, kGlyphHeight);
    canvas.write(kFrom + 1, kChoiceRow, "EILT");
    canvas.invert(kFrom, kChoiceRow, kWidth - kFrom, kGlyphHeight);
  }
  draw_counters(canvas);
}

void Panel::draw(Canvas& canvas, std::uint32_t now) const {
  canvas.clear();
  if (link_ == Link::up && has_state_) return draw_state(canvas, now);
  const bool refused = link_ == Link::refused;
  canvas.write(0, kHeadlineRow, !identity_.image_sound ? "Defekt" : refused ? "Falsch" : "Getrennt", 2);
  if (note_ != Note::none)
    canvas.write(0, kMessageRow, kNotTaken);
  else
    write_scrolling(canvas, kMessageRow, !identity_.image_sound ? kDamaged : refused ? kRefused : kLost, now);
}

}  // namespace mailroom::panel
