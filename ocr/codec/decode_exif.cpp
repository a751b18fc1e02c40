#include <optional>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

/// Numbers of a TIFF structure in its byte order; nullopt beyond the end.
class TiffNumbers {
 public:
  TiffNumbers(ByteView bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  [[nodiscard]] std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | bytes_[at + (big_endian_ ? i : size - 1 - i)];
    return value;
  }

  [[nodiscard]] std::optional<double> ratio(std::size_t at) const {
    const auto over = number(at, 4);
    const auto under = number(at + 4, 4);
    if (!over || !under || *under == 0) return std::nullopt;
    return static_cast<double>(*over) / *under;
  }

 private:
  ByteView bytes_;
  bool big_endian_;
};

constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::uint32_t kXResolution = 0x011A;
constexpr std::uint32_t kResolutionUnit = 0x0128;
constexpr std::uint32_t kPerCentimetre = 3;

Exif read_directory(const TiffNumbers& tiff, std::size_t at) {
  Exif exif;
  double resolution = 0;
  double inches = 1;
  const auto count = tiff.number(at, 2);
  for (std::uint32_t i = 0; count && i < *count; ++i) {
    const std::size_t entry = at + 2 + std::size_t{12} * i;
    const auto tag = tiff.number(entry, 2);
    const auto small = tiff.number(entry + 8, 2);
    const auto offset = tiff.number(entry + 8, 4);
    if (!tag || !small || !offset) break;
    if (*tag == kOrientation && *small >= 1 && *small <= 8) exif.orientation = static_cast<int>(*small);
    if (*tag == kXResolution) resolution = tiff.ratio(*offset).value_or(0);
    if (*tag == kResolutionUnit && *small == kPerCentimetre) inches = 2.54;
  }
  const double dpi = resolution * inches;
  if (dpi >= 1 && dpi <= 10000) exif.dpi = static_cast<int>(dpi + 0.5);
  return exif;
}

}  // namespace

Exif read_exif(ByteView segment) {
  using namespace std::string_view_literals;
  constexpr auto kMark = "Exif\0\0"sv;
  if (segment.size() < kMark.size() + 8 || as_text(segment.first(kMark.size())) != kMark) return {};
  const ByteView bytes = segment.subspan(kMark.size());
  const auto order = as_text(bytes.first(2));
  if (order != "II" && order != "MM") return {};
  const TiffNumbers tiff(bytes, order == "MM");
  const auto directory = tiff.number(4, 4);
  return directory ? read_directory(tiff, *directory) : Exif{};
}

}  // namespace mailroom::ocr::formats
