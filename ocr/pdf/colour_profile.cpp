#include "ocr/pdf/colour_profile.h"

#include <array>
#include <cmath>
#include <string_view>

namespace mailroom::ocr {
namespace {

constexpr std::size_t kHeaderSize = 128;
constexpr int kCurvePoints = 1024;

/// Fields of an ICC.1:2001-04 profile, big-endian.
class Profile {
 public:
  void u16(unsigned value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8U));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void u32(std::uint32_t value) {
    u16(value >> 16U);
    u16(value & 0xFFFFU);
  }
  void fixed(double value) { u32(static_cast<std::uint32_t>(std::lround(value * 65536))); }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
  void align() { bytes_.resize((bytes_.size() + 3) / 4 * 4); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

struct Colour {
  double x, y, z;
};
constexpr Colour kD50{0.9642, 1.0, 0.8249};
// The sRGB primaries seen under D50 (Bradford), as in the ICC's own sRGB profile.
constexpr Colour kRed{0.436066, 0.222488, 0.013916};
constexpr Colour kGreen{0.385147, 0.716873, 0.097076};
constexpr Colour kBlue{0.143066, 0.060608, 0.714096};

Bytes colour_tag(const Colour& colour) {
  Profile tag;
  tag.text("XYZ ");
  tag.zeros(4);
  tag.fixed(colour.x);
  tag.fixed(colour.y);
  tag.fixed(colour.z);
  return tag.bytes();
}

Bytes curve_tag() {
  Profile tag;
  tag.text("curv");
  tag.zeros(4);
  tag.u32(kCurvePoints);
  for (int i = 0; i < kCurvePoints; ++i) {
    const double v = static_cast<double>(i) / (kCurvePoints - 1);
    const double linear = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    tag.u16(static_cast<unsigned>(std::lround(linear * 65535)));
  }
  return tag.bytes();
}

Bytes description_tag(std::string_view text) {
  Profile tag;
  tag.text("desc");
  tag.zeros(4);
  tag.u32(static_cast<std::uint32_t>(text.size()) + 1);
  tag.text(text);
  tag.zeros(1 + 8 + 3 + 67);  // end of text, empty Unicode and Macintosh forms
  return tag.bytes();
}

Bytes text_tag(std::string_view text) {
  Profile tag;
  tag.text("text");
  tag.zeros(4);
  tag.text(text);
  tag.zeros(1);
  return tag.bytes();
}

void write_header(Profile& profile, std::size_t size) {
  profile.u32(static_cast<std::uint32_t>(size));
  profile.zeros(4);
  profile.u32(0x02100000);  // version 2.1
  profile.text("mntrRGB XYZ ");
  for (const unsigned part : {2026U, 1U, 1U, 0U, 0U, 0U}) profile.u16(part);
  profile.text("acsp");
  profile.zeros(28);  // platform to rendering intent
  profile.fixed(kD50.x);
  profile.fixed(kD50.y);
  profile.fixed(kD50.z);
  profile.zeros(kHeaderSize - profile.size());
}

}  // namespace

Bytes srgb_profile() {
  struct Tag {
    std::string_view name;
    Bytes bytes;
  };
  const std::array<Tag, 7> tags{{{"desc", description_tag("sRGB IEC61966-2.1")},
                                 {"cprt", text_tag("No copyright, use freely")},
                                 {"wtpt", colour_tag({0.9505, 1.0, 1.0891})},
                                 {"rXYZ", colour_tag(kRed)},
                                 {"gXYZ", colour_tag(kGreen)},
                                 {"bXYZ", colour_tag(kBlue)},
                                 {"rTRC", curve_tag()}}};
  constexpr std::array<std::string_view, 2> kSharedCurve{"gTRC", "bTRC"};
  const std::size_t entries = tags.size() + kSharedCurve.size();
  const std::size_t start = kHeaderSize + 4 + 12 * entries;
  Profile directory;
  Profile body;
  directory.u32(static_cast<std::uint32_t>(entries));
  const auto list = [&](std::string_view name, std::size_t offset, std::size_t size) {
    directory.text(name);
    directory.u32(static_cast<std::uint32_t>(offset));
    directory.u32(static_cast<std::uint32_t>(size));
  };
  std::size_t curve_offset = 0;
  for (const Tag& tag : tags) {
    curve_offset = start + body.size();
    list(tag.name, curve_offset, tag.bytes.size());
    body.text(as_text(tag.bytes));
    body.align();
  }
  for (const auto name : kSharedCurve) list(name, curve_offset, tags.back().bytes.size());
  Profile profile;
  write_header(profile, start + body.size());
  profile.text(as_text(directory.bytes()));
  profile.text(as_text(body.bytes()));
  return profile.bytes();
}

}  // namespace mailroom::ocr
