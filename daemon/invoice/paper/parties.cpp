#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>

#include "daemon/invoice/paper/paper_reading.h"

namespace mailroom::invoice {
namespace {

/// A stretch of words of one row without a wide gap.
struct Stretch {
  std::size_t first = 0;  ///< index into Layout::words
  std::size_t last = 0;
};

std::vector<Stretch> stretches_of(const Layout& layout, const TextRow& row) {
  std::vector<Stretch> found;
  for (const auto index : row.words) {
    const auto& word = layout.words[index];
    const bool continues =
        !found.empty() && word.left - layout.words[found.back().last].right < 2.5 * layout.letter_height;
    if (continues) {
      found.back().last = index;
    } else {
      found.push_back({index, index});
    }
  }
  return found;
}

std::string text_of_stretch(const Layout& layout, const Stretch& stretch) {
  return text_of(layout, {stretch.first, stretch.last});
}

bool is_postcode(const std::string& text) {
  return text.size() == 5 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool has_legal_form(const Layout& layout, const Stretch& stretch) {
  static constexpr std::array<std::string_view, 16> kForms{"gmbh", "ag",  "kg",  "ohg",     "ug",     "gbr",
                                                           "ek",   "ev",  "mbh", "kgaa",    "gmbhco", "se",
                                                           "eg",   "ltd", "inc", "partgmbb"};
  for (std::size_t i = stretch.first; i <= stretch.last; ++i) {
    for (const auto form : kForms) {
      if (layout.words[i].folded == form && i > stretch.first) return true;
    }
  }
  return false;
}

/// Where a postcode with a city behind it ends an address.
struct CityLine {
  std::size_t row = 0;
  std::size_t postcode = 0;  ///< word
  Stretch stretch;
};

std::vector<CityLine> city_lines(const Layout& layout) {
  std::vector<CityLine> found;
  for (std::size_t row = 0; row < layout.rows.size(); ++row) {
    for (const Stretch& stretch : stretches_of(layout, layout.rows[row])) {
      for (std::size_t i = stretch.first; i < stretch.last; ++i) {
        if (is_postcode(layout.words[i].text) && !layout.words[i + 1].folded.empty() &&
            std::isalpha(static_cast<unsigned char>(layout.words[i + 1].folded[0])) != 0)
          found.push_back({row, i, stretch});
      }
    }
  }
  return found;
}

std::string city_after(const Layout& layout, const CityLine& line) {
  std::string city;
  for (std::size_t i = line.postcode + 1; i <= line.stretch.last; ++i) {
    const auto& text = layout.words[i].text;
    if (text == "•" || text == "·" || text == "|" || text == "-" || layout.words[i].folded.empty()) break;
    city += (city.empty() ? "" : " ") + text;
    if (text.back() == ',') {
      city.pop_back();
      break;
    }
  }
  return city;
}

void take_name(const Layout& layout, const Stretch& stretch, PaperParty& party) {
  party.name = text_of_stretch(layout, stretch);
  party.page = layout.pages[layout.words[stretch.first].page];
  party.folded = fold(party.name);
  party.box = box_of(layout, {stretch.first, stretch.last});
}

bool is_label_word(const PaperReading& reading, std::size_t word) {
  return std::any_of(reading.labels.begin(), reading.labels.end(), [&](const Label& label) {
    return label.first <= word && word <= label.last &&
           (label.kind == LabelKind::seller || label.kind == LabelKind::buyer);
  });
}

/// The stretch of the row that begins where the address does.
std::optional<Stretch> in_column(const Layout& layout, const TextRow& row, double left) {
  for (const Stretch& stretch : stretches_of(layout, row)) {
    if (std::abs(layout.words[stretch.first].left - left) <= 4) return stretch;
  }
  return std::nullopt;
}

/// The lines above the city, from the lowest to the name. A sender's line, which has a postcode of its
/// own, and a label end it.
std::vector<Stretch> lines_above(const PaperReading& reading, const CityLine& line) {
  const Layout& layout = reading.layout;
  std::vector<Stretch> above;
  const auto& begin = layout.words[line.stretch.first];
  double top = begin.top;
  for (std::size_t row = line.row; row-- > 0 && above.size() < 6;) {
    const TextRow& candidate = layout.rows[row];
    if (candidate.page != begin.page || top - candidate.bottom > 16) break;
    const auto stretch = in_column(layout, candidate, begin.left);
    if (!stretch) continue;
    bool ends = is_label_word(reading, stretch->first);
    for (std::size_t i = stretch->first; i <= stretch->last; ++i)
      ends = ends || is_postcode(layout.words[i].text);
    if (ends) break;
    above.push_back(*stretch);
    top = candidate.top;
  }
  return above;
}

/// The address that ends with the city line.
PaperParty address_above(const PaperReading& reading, const CityLine& line) {
  const Layout& layout = reading.layout;
  PaperParty party;
  party.postcode = layout.words[line.postcode].text;
  party.city = city_after(layout, line);
  const auto above = lines_above(reading, line);
  if (above.empty()) return party;
  if (above.size() > 1) party.street = text_of_stretch(layout, above.front());
  take_name(layout, above.back(), party);
  for (auto it = above.rbegin(); it != above.rend(); ++it) party.folded += fold(text_of_stretch(layout, *it));
  return party;
}

/// "Name: Lieferant GmbH" or the words under "Verkäufer".
std::optional<Stretch> named_after(const PaperReading& reading, const Label& label) {
  const Layout& layout = reading.layout;
  const auto page = layout.words[label.first].page;
  for (std::size_t row = layout.words[label.first].row + 1;
       row < layout.rows.size() && row < layout.words[label.first].row + 9; ++row) {
    if (layout.rows[row].page != page) break;
    const auto stretches = stretches_of(layout, layout.rows[row]);
    for (std::size_t s = 0; s < stretches.size(); ++s) {
      if (layout.words[stretches[s].first].folded == "name" && stretches[s].first == stretches[s].last &&
          s + 1 < stretches.size())
        return stretches[s + 1];
    }
    for (const Stretch& stretch : stretches) {
      const auto& first = layout.words[stretch.first];
      const bool under = std::abs(first.left - layout.words[label.first].left) < 12;
      const bool a_name =
          has_legal_form(layout, stretch) && text_of_stretch(layout, stretch).find(':') == std::string::npos;
      if (under && a_name) return stretch;
    }
  }
  return std::nullopt;
}

void fill_address(const PaperReading& reading, PaperParty& party, const std::vector<CityLine>& cities,
                  std::size_t near_row) {
  for (const auto& line : cities) {
    if (line.row < near_row || line.row > near_row + 5) continue;
    party.postcode = reading.layout.words[line.postcode].text;
    party.city = city_after(reading.layout, line);
    return;
  }
}

/// The sender's line above the address window: "Bei Spiel GmbH • Ecke 12 • 12345 Stadthausen".
std::optional<PaperParty> sender_line(const Layout& layout, const std::vector<CityLine>& cities) {
  for (const auto& line : cities) {
    if (line.postcode < line.stretch.first + 3) continue;
    PaperParty party;
    party.postcode = layout.words[line.postcode].text;
    party.city = city_after(layout, line);
    Stretch name{line.stretch.first, line.stretch.first};
    for (std::size_t i = line.stretch.first; i < line.postcode; ++i) {
      const auto& word = layout.words[i];
      const bool separator = word.folded.empty() || word.text == "e" || word.text == "-";
      if (separator) break;
      name.last = i;
      if (word.text.back() == ',') break;
    }
    take_name(layout, name, party);
    while (!party.name.empty() && party.name.back() == ',') party.name.pop_back();
    if (party.name.size() > 3) return party;
  }
  return std::nullopt;
}

}  // namespace

void read_parties(const PaperReading& reading, PaperInvoice& invoice) {
  const Layout& layout = reading.layout;
  const auto cities = city_lines(layout);
  for (const Label& label : reading.labels) {
    PaperParty& party = label.kind == LabelKind::buyer ? invoice.buyer : invoice.seller;
    if ((label.kind != LabelKind::buyer && label.kind != LabelKind::seller) || !party.name.empty()) continue;
    if (const auto name = named_after(reading, label)) {
      take_name(layout, *name, party);
      fill_address(reading, party, cities, layout.words[name->first].row);
    }
  }
  if (invoice.buyer.name.empty()) {
    // The address window of a letter: left half, in the upper part of the first page (DIN 5008).
    for (const auto& line : cities) {
      const auto& word = layout.words[line.postcode];
      const bool window = word.page == 0 && word.left < 105 && word.top > 35 && word.top < 112 &&
                          line.postcode < line.stretch.first + 2;
      if (!window) continue;
      invoice.buyer = address_above(reading, line);
      break;
    }
  }
  if (invoice.seller.name.empty()) {
    if (auto sender = sender_line(layout, cities)) invoice.seller = std::move(*sender);
  }
  if (invoice.seller.name.empty()) {
    for (const TextRow& row : layout.rows) {
      for (const Stretch& stretch : stretches_of(layout, row)) {
        const auto text = text_of_stretch(layout, stretch);
        if (!has_legal_form(layout, stretch) || text == invoice.buyer.name ||
            stretch.last - stretch.first > 7)
          continue;
        if (!invoice.seller.name.empty()) break;
        take_name(layout, stretch, invoice.seller);
        fill_address(reading, invoice.seller, cities, layout.words[stretch.first].row);
      }
    }
  }
  if (!invoice.seller.name.empty())
    invoice.set({"seller_name", invoice.seller.name, 0.8, "text", invoice.seller.page, invoice.seller.box});
  if (!invoice.buyer.name.empty())
    invoice.set({"buyer_name", invoice.buyer.name, 0.8, "text", invoice.buyer.page, invoice.buyer.box});
}

}  // namespace mailroom::invoice
