#include <algorithm>

#include "ocr/barcode/engines.h"

namespace mailroom::ocr::engines {
namespace {

/// How many bytes a valid UTF-8 character that starts at `at` takes; 0 when it is not valid.
std::size_t utf8_length(ByteView bytes, std::size_t at) {
  const std::uint8_t lead = bytes[at];
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() - at < length) return 0;
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((bytes[at + i] & 0xC0U) != 0x80) return 0;
    value = value << 6U | (bytes[at + i] & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  return overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0 : length;
}

bool is_utf8(ByteView bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// A UPC-A is an EAN-13 with a leading zero (ISO/IEC 15420 §4.1), and engines name it either way.
Sighting canonical(Sighting sighting) {
  if (sighting.symbology != "UPCA") return sighting;
  sighting.symbology = "EAN13";
  if (sighting.bytes.size() == 12) sighting.bytes.insert(sighting.bytes.begin(), '0');
  sighting.text = text_of(sighting.bytes);
  return sighting;
}

/// Codes that engines see in text and ruled lines, because little or nothing in them checks.
bool needs_a_witness(const Code& code, std::size_t length) {
  const bool zbar = code.engines.front() == "zbar";
  const auto& name = code.symbology;
  if (name == "ITF") return length < (zbar ? 10U : 6U);
  if (name == "Code39" || name == "Code93") return length < 4;
  if (name == "Codabar") return length < 6 || zbar;
  if (name == "Code128") return length < 3;
  if (name == "DataBar" || name == "DataBarExpanded" || name == "EAN8" || name == "UPCE") return zbar;
  return false;
}

bool meet(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// How much of the shorter of two stretches lies within the other, 0 to 1.
double overlap(int from_a, int length_a, int from_b, int length_b) {
  const int common = std::min(from_a + length_a, from_b + length_b) - std::max(from_a, from_b);
  return static_cast<double>(common) / std::max(1, std::min(length_a, length_b));
}

/// The same place: the boxes meet when grown by half of the larger one's smaller side, because
/// engines report a scan line, a row or the whole symbol. Rows of a linear code lie exactly above
/// each other and may be apart by almost half of its length.
bool same_place(const Box& a, const Box& b) {
  constexpr double kAligned = 0.8;
  const int slack = 20 + std::max(std::min(a.width, a.height), std::min(b.width, b.height)) / 2;
  int across = slack;
  int down = slack;
  if (overlap(a.x, a.width, b.x, b.width) > kAligned)
    down = std::max(down, std::min(a.width, b.width) * 2 / 5);
  if (overlap(a.y, a.height, b.y, b.height) > kAligned)
    across = std::max(across, std::min(a.height, b.height) * 2 / 5);
  return a.x - across < b.x + b.width && b.x - across < a.x + a.width && a.y - down < b.y + b.height &&
         b.y - down < a.y + a.height;
}

Box around(const Box& a, const Box& b) {
  const int x = std::min(a.x, b.x);
  const int y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

void add_engine(Code& code, const std::string& engine) {
  if (std::find(code.engines.begin(), code.engines.end(), engine) == code.engines.end())
    code.engines.push_back(engine);
}

}  // namespace

std::string text_of(ByteView bytes) {
  if (is_utf8(bytes)) return std::string(as_text(bytes));
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte < 0x80) {
      text += static_cast<char>(byte);
    } else {
      text += static_cast<char>(0xC0U | byte >> 6U);
      text += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return text;
}

namespace {

struct Candidate {
  Code code;
  std::size_t length = 0;
};

/// Sightings of the upper and the lower half of a code meet only once others have grown them.
void join_overlapping(std::vector<Candidate>& candidates) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (std::size_t j = candidates.size() - 1; j > i; --j) {
      Code& code = candidates[i].code;
      const Code& other = candidates[j].code;
      if (code.symbology != other.symbology || code.bytes != other.bytes || !same_place(code.box, other.box))
        continue;
      code.box = around(code.box, other.box);
      for (const auto& engine : other.engines) add_engine(code, engine);
      candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(j));
      i = 0;  // the code has grown: it may meet any other now
      j = candidates.size();
    }
  }
}

std::vector<Candidate> united(const Sightings& sightings) {
  std::vector<Candidate> candidates;
  for (const auto& raw : sightings) {
    const Sighting seen = canonical(raw);
    const std::string bytes = to_base64(seen.bytes);
    std::vector<Code*> known;
    for (Candidate& candidate : candidates) {
      Code& code = candidate.code;
      if (code.symbology == seen.symbology && code.bytes == bytes && same_place(code.box, seen.box))
        known.push_back(&code);
    }
    for (Code* code : known) add_engine(*code, seen.engine);
    // ZBar reports a code that is printed twice as one that spans both.
    if (known.size() == 1) known.front()->box = around(known.front()->box, seen.box);
    if (known.empty())
      candidates.push_back({{seen.symbology, seen.text, bytes, seen.box, {seen.engine}}, seen.bytes.size()});
  }
  join_overlapping(candidates);
  return candidates;
}

/// One engine's reading inside a place where two engines agree on something else.
bool is_misreading(const Candidate& candidate, const std::vector<Candidate>& all) {
  if (candidate.code.engines.size() > 1) return false;
  return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    return other.code.engines.size() > 1 && other.code.symbology == candidate.code.symbology &&
           meet(other.code.box, candidate.code.box);
  });
}

Box within(const Box& box, const Pixels& page) {
  const int x = std::clamp(box.x, 0, page.width - 1);
  const int y = std::clamp(box.y, 0, page.height - 1);
  return {x, y, std::clamp(box.x + box.width - x, 1, page.width - x),
          std::clamp(box.y + box.height - y, 1, page.height - y)};
}

}  // namespace

std::vector<Code> merged(const Sightings& sightings, const Pixels& page) {
  const std::vector<Candidate> candidates = united(sightings);
  std::vector<Code> codes;
  for (const auto& candidate : candidates) {
    const bool witnessed = candidate.code.engines.size() > 1;
    if (!witnessed && needs_a_witness(candidate.code, candidate.length)) continue;
    if (is_misreading(candidate, candidates)) continue;
    codes.push_back(candidate.code);
    codes.back().box = within(candidate.code.box, page);
  }
  std::stable_sort(codes.begin(), codes.end(),
                   [](const Code& a, const Code& b) { return a.box.y < b.box.y; });
  return codes;
}

}  // namespace mailroom::ocr::engines
