#include "ocr/paper/letter_page.h"

#include <array>
#include <sstream>

namespace mailroom::ocr {
namespace {

constexpr double kLeft = 25;
constexpr double kRight = 190;
constexpr double kTop = 24;
constexpr double kBottom = 280;
constexpr double kMillimetresPerPoint = 25.4 / 72;
constexpr double kLineSpacing = 1.35;

// Left edges of all columns but the last three, whose right edges these are.
constexpr std::array<double, 5> kColumns{25, 38, 122, 154, 190};

std::vector<std::string> broken(Canvas& canvas, const std::string& text, const Lettering& lettering) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (!lines.empty() && canvas.width_of(longer, lettering) <= kRight - kLeft) {
      lines.back() = longer;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

/// Draws from the top down and keeps what it has written.
class Pen {
 public:
  Pen(Canvas& canvas, const LetterPage& page) : canvas_(canvas), page_(page) {}

  void draw(const Block& block);
  [[nodiscard]] bool over_the_edge() const { return y_ > kBottom; }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  void down(double points) { y_ += points * kLineSpacing * kMillimetresPerPoint; }
  void note(const std::string& line) { text_ += (text_.empty() ? "" : "\n") + line; }
  void line(double x, const std::string& words, const Lettering& lettering);
  void row(const std::vector<std::string>& cells, const Lettering& lettering);
  void signature();

  Canvas& canvas_;
  const LetterPage& page_;
  double y_ = kTop;
  std::string text_;
};

void Pen::line(double x, const std::string& words, const Lettering& lettering) {
  down(lettering.size);
  canvas_.text(x, y_, words, lettering);
  note(words);
}

void Pen::row(const std::vector<std::string>& cells, const Lettering& lettering) {
  down(lettering.size * 1.15);
  std::string all;
  for (std::size_t i = 0; i < cells.size() && i < kColumns.size(); ++i) {
    if (cells[i].empty()) continue;
    const double x = i < 2 ? kColumns[i] : kColumns[i] - canvas_.width_of(cells[i], lettering);
    canvas_.text(x, y_, cells[i], lettering);
    all += (all.empty() ? "" : " ") + cells[i];
  }
  note(all);
}

void Pen::signature() {
  const double x = kLeft + 2;
  const double y = y_ + 15;
  const std::array<std::pair<double, double>, 13> curve{{{x, y},
                                                         {x + 3, y - 16},
                                                         {x + 9, y - 12},
                                                         {x + 6, y},
                                                         {x + 5, y + 4},
                                                         {x + 9, y - 6},
                                                         {x + 12, y - 4},
                                                         {x + 14, y - 2},
                                                         {x + 12, y + 2},
                                                         {x + 17, y - 3},
                                                         {x + 22, y - 7},
                                                         {x + 21, y + 4},
                                                         {x + 32, y - 2}}};
  canvas_.stroke(curve, 0.5);
  y_ += 18;
}

void Pen::draw(const Block& block) {
  y_ += block.gap;
  const Lettering plain{page_.size, false, page_.serif, 0};
  const Lettering bold{page_.size, true, page_.serif, 0};
  switch (block.kind) {
    case Block::Kind::small: return line(kLeft, block.text, {page_.size - 2, false, page_.serif, 0.2});
    case Block::Kind::plain: return line(kLeft, block.text, plain);
    case Block::Kind::right: return line(kRight - canvas_.width_of(block.text, plain), block.text, plain);
    case Block::Kind::subject: return line(kLeft, block.text, bold);
    case Block::Kind::heading: return line(kLeft, block.text, {page_.size + 5, true, page_.serif, 0});
    case Block::Kind::paragraph:
      for (const auto& words : broken(canvas_, block.text, plain)) line(kLeft, words, plain);
      return;
    case Block::Kind::table_head:
      row(block.cells, bold);
      y_ += 1.5;
      return canvas_.rule(kLeft, kRight, y_, 0.3, 0.2);
    case Block::Kind::table_row: return row(block.cells, plain);
    case Block::Kind::table_total: return row(block.cells, bold);
    case Block::Kind::signature: return signature();
  }
}

}  // namespace

Result<std::string> draw_letter(Canvas& canvas, const LetterPage& page) {
  Pen pen(canvas, page);
  for (const Block& block : page.blocks) pen.draw(block);
  if (pen.over_the_edge())
    return fail(Errc::invalid_input, "the words of a sample page do not fit on one sheet");
  return pen.text();
}

}  // namespace mailroom::ocr
