#include "ocr/pdf/glyphless_font.h"

#include <array>
#include <utility>
#include <vector>

namespace mailroom::ocr {
namespace {

constexpr unsigned kUnitsPerEm = 1000;

/// Big-endian fields in the order of the OpenType specification, "Font file".
class Table {
 public:
  Table& u16(unsigned value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8U));
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  Table& u32(std::uint32_t value) { return u16(value >> 16U).u16(value & 0xFFFFU); }
  Table& zeros16(int count) {
    for (int i = 0; i < count; ++i) u16(0);
    return *this;
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

Table head() {
  Table table;
  table.u32(0x00010000).u32(0x00010000).u32(0).u32(0x5F0F3CF5).u16(0x000B).u16(kUnitsPerEm);
  table.zeros16(8);                                       // created, modified
  table.u16(0).u16(0).u16(kGlyphWidth).u16(kUnitsPerEm);  // bounding box
  return table.u16(0).u16(3).u16(2).u16(0).u16(0);        // style, smallest size, direction, short loca
}

Table hhea() {
  Table table;
  table.u32(0x00010000).u16(kUnitsPerEm).u16(0xFFFF).u16(0).u16(kGlyphWidth);
  table.u16(0).u16(0).u16(kGlyphWidth).u16(1).zeros16(6).u16(0);
  return table.u16(2);  // advance widths in hmtx
}

Table maxp() {
  return Table().u32(0x00010000).u16(2).zeros16(4).u16(1).zeros16(8);
}

Table hmtx() {
  return Table().u16(kGlyphWidth).u16(0).u16(kGlyphWidth).u16(0);
}

// Characters reach the glyph by the PDF's CIDToGIDMap only; a table without any mapping makes some
// readers complain, so the space has one.
Table cmap() {
  Table table;
  table.u16(0).u16(1).u16(3).u16(1).u32(12);                // one table: Windows, Unicode
  table.u16(4).u16(32).u16(0).u16(4).u16(4).u16(1).u16(0);  // format 4, two segments
  table.u16(0x20).u16(0xFFFF).u16(0).u16(0x20).u16(0xFFFF);
  return table.u16((1 - 0x20) & 0xFFFF).u16(1).u16(0).u16(0);
}

Table post() {
  return Table().u32(0x00030000).zeros16(14);
}

std::uint32_t checksum(const Bytes& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(bytes[i]) << (8U * (3U - i % 4U));
  }
  return sum;
}

std::uint32_t tag(const char (&name)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | static_cast<std::uint8_t>(name[i]);
  return value;
}

}  // namespace

Bytes glyphless_font() {
  // In the order of their tags, as the table directory must be. glyf may not be empty: some readers
  // take a table of no bytes for a damaged font.
  const std::vector<std::pair<std::uint32_t, Bytes>> tables{
      {tag("cmap"), cmap().bytes()}, {tag("glyf"), Bytes(4)},       {tag("head"), head().bytes()},
      {tag("hhea"), hhea().bytes()}, {tag("hmtx"), hmtx().bytes()}, {tag("loca"), Table().zeros16(3).bytes()},
      {tag("maxp"), maxp().bytes()}, {tag("post"), post().bytes()}};
  const auto count = static_cast<unsigned>(tables.size());
  Table directory;
  directory.u32(0x00010000).u16(count).u16(128).u16(3).u16(count * 16 - 128);
  Bytes body;
  std::size_t head_offset = 0;
  for (const auto& [name, bytes] : tables) {
    const std::size_t offset = 12 + 16 * tables.size() + body.size();
    if (name == tag("head")) head_offset = offset;
    directory.u32(name).u32(checksum(bytes)).u32(static_cast<std::uint32_t>(offset));
    directory.u32(static_cast<std::uint32_t>(bytes.size()));
    body.insert(body.end(), bytes.begin(), bytes.end());
    body.resize((body.size() + 3) / 4 * 4);
  }
  Bytes font = directory.bytes();
  font.insert(font.end(), body.begin(), body.end());
  const Bytes adjustment = Table().u32(0xB1B0AFBA - checksum(font)).bytes();
  std::copy(adjustment.begin(), adjustment.end(),
            font.begin() + static_cast<std::ptrdiff_t>(head_offset) + 8);
  return font;
}

}  // namespace mailroom::ocr
