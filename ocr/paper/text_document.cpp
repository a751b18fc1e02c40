#include "ocr/paper/text_document.h"

#include <memory>
#include <sstream>

#include "ocr/paper/canvas.h"

namespace mailroom::ocr {
namespace {

constexpr double kLeft = 25, kRight = 190, kTop = 28, kBottom = 272;  // mm

/// A line as it will be drawn.
struct Line {
  std::string words;
  Lettering lettering;
  double indent = 0;  ///< mm
  double before = 0;  ///< white above it, mm
  double height = 0;  ///< mm
};

Line style_of(TextBlock::Kind kind) {
  using enum TextBlock::Kind;
  switch (kind) {
    case title: return {"", {20, true}, 0, 0, 10};
    case heading: return {"", {13, true}, 0, 6, 7};
    case item: return {"", {10}, 6, 0.6, 4.8};
    case paragraph: break;
  }
  return {"", {10}, 0, 2, 4.8};
}

/// Breaks a block between words; a word longer than a line stays whole.
void add_lines(Canvas& canvas, const TextBlock& block, std::vector<Line>& lines) {
  const Line style = style_of(block.kind);
  std::istringstream words(block.words);
  std::string word, line;
  bool first = true;
  const auto end_line = [&] {
    Line done = style;
    done.words = (first && block.kind == TextBlock::Kind::item ? "–  " : "") + line;
    if (!first) done.before = 0;
    if (!first && block.kind == TextBlock::Kind::item) done.indent += 4;
    lines.push_back(std::move(done));
    first = false;
    line.clear();
  };
  while (words >> word) {
    const std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && canvas.width_of(longer, style.lettering) > kRight - kLeft - style.indent - 5)
      end_line();
    line = line.empty() ? word : line + " " + word;
  }
  if (!line.empty()) end_line();
}

std::vector<std::vector<Line>> pages_of(const std::vector<Line>& lines) {
  std::vector<std::vector<Line>> pages(1);
  double y = kTop;
  for (const Line& line : lines) {
    // A heading never stands alone at the foot of a page.
    const double needed = line.before + line.height + (line.lettering.bold ? 12 : 0);
    if (y + needed > kBottom && !pages.back().empty()) {
      pages.emplace_back();
      y = kTop;
    }
    y += line.before + line.height;
    pages.back().push_back(line);
  }
  return pages;
}

void draw_page(Canvas& canvas, const std::vector<Line>& lines, const std::string& footer) {
  double y = kTop;
  for (const Line& line : lines) {
    y += line.before + line.height;
    canvas.text(kLeft + line.indent, y, line.words, line.lettering);
  }
  canvas.rule(kLeft, kRight, 280, 0.2, 0.5);
  canvas.text(kLeft, 285, footer, {8, false, false, 0.3});
}

/// The pages, laid out, and how each is drawn.
struct Layout {
  std::vector<std::vector<Line>> pages;
  std::vector<DrawSheet> sheets;  // point into pages
};

Result<std::unique_ptr<Layout>> lay_out(std::span<const TextBlock> blocks, const std::string& footer) {
  std::vector<Line> lines;
  const DrawSheet measure = [&](Canvas& canvas) {
    for (const TextBlock& block : blocks) add_lines(canvas, block, lines);
  };
  MAILROOM_TRY([[maybe_unused]] const auto unused, draw_pixels(measure, 72));
  auto layout = std::make_unique<Layout>();
  layout->pages = pages_of(lines);
  for (std::size_t i = 0; i < layout->pages.size(); ++i) {
    const std::string number =
        footer + "  ·  Seite " + std::to_string(i + 1) + " von " + std::to_string(layout->pages.size());
    layout->sheets.push_back(
        [&page = layout->pages[i], number](Canvas& canvas) { draw_page(canvas, page, number); });
  }
  return layout;
}

}  // namespace

Result<Bytes> text_document_pdf(std::span<const TextBlock> blocks, const std::string& title,
                                const std::string& footer, const std::string& created) {
  MAILROOM_TRY(const auto layout, lay_out(blocks, footer));
  return draw_pdf(layout->sheets, title, created);
}

}  // namespace mailroom::ocr
