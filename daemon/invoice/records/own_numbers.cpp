#include "daemon/invoice/records/own_numbers.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <regex>

#include "daemon/invoice/paper/layout.h"

namespace mailroom::invoice {
namespace {

constexpr std::size_t kSearched = 1000;  ///< bytes of a line; what is longer is no line of a letter

/// Where a number stands in a line of text.
struct Hit {
  std::string value;
  std::size_t at = 0;
  std::size_t length = 0;
};

bool is_part_of_a_word(const std::string& line, std::size_t at) {
  return at < line.size() && (std::isalnum(static_cast<unsigned char>(line[at])) != 0 || line[at] < 0);
}

std::vector<Hit> hits_in(const std::string& line, const std::regex& pattern) {
  std::vector<Hit> hits;
  for (std::sregex_iterator match(line.begin(), line.end(), pattern), end; match != end; ++match) {
    const auto at = std::size_t(match->position()), length = std::size_t(match->length());
    const bool within = (at > 0 && is_part_of_a_word(line, at - 1)) || is_part_of_a_word(line, at + length);
    const auto& number = match->size() > 1 ? (*match)[1] : (*match)[0];
    if (!within && number.length() > 0) hits.push_back({number.str(), at, length});
  }
  return hits;
}

void add_once(std::vector<PaperField>& found, PaperField field) {
  const auto known =
      std::find_if(found.begin(), found.end(), [&](const auto& f) { return f.value == field.value; });
  if (known == found.end()) {
    found.push_back(std::move(field));
  } else if (known->confidence < field.confidence) {
    *known = std::move(field);
  }
}

/// A row of words as one line, and where each of them begins in it.
struct Line {
  std::string text;
  std::vector<std::pair<std::size_t, const PlacedWord*>> words;
};

Line line_of(const Layout& layout, const TextRow& row) {
  Line line;
  for (const auto index : row.words) {
    const PlacedWord& word = layout.words[index];
    if (line.text.size() + word.text.size() > kSearched) break;
    if (!line.text.empty()) line.text += ' ';
    line.words.emplace_back(line.text.size(), &word);
    line.text += word.text;
  }
  return line;
}

PaperField placed(const Layout& layout, const Line& line, const Hit& hit, std::string_view name) {
  PaperField field{std::string(name), hit.value, 1, "text", "", {}};
  for (const auto& [at, word] : line.words) {
    if (at + word->text.size() <= hit.at || at >= hit.at + hit.length) continue;
    field.confidence = std::min(field.confidence, word->confidence);
    field.page = layout.pages.at(word->page);
    field.box = word->box;
  }
  return field;
}

}  // namespace

std::vector<PaperField> own_numbers(const std::vector<PaperPage>& pages, std::string_view field,
                                    const std::string& pattern) {
  std::vector<PaperField> found;
  if (pattern.empty()) return found;
  const std::regex expression(pattern);
  const Layout layout = lay_out(pages);
  for (const TextRow& row : layout.rows) {
    const Line line = line_of(layout, row);
    for (const Hit& hit : hits_in(line.text, expression)) add_once(found, placed(layout, line, hit, field));
  }
  return found;
}

std::vector<PaperField> own_numbers(const Invoice& invoice, std::string_view field,
                                    const std::string& pattern) {
  std::vector<PaperField> found;
  if (pattern.empty()) return found;
  const std::regex expression(pattern);
  const std::function<void(const Group&)> search = [&](const Group& group) {
    for (const Term& term : group.terms) {
      for (const Hit& hit : hits_in(term.value.substr(0, kSearched), expression))
        add_once(found, {std::string(field), hit.value, 1, "xml", "", {}, true});
    }
    for (const Group& inner : group.groups) search(inner);
  };
  search(invoice.root);
  return found;
}

}  // namespace mailroom::invoice
