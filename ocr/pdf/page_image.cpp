#include "ocr/pdf/page_image.h"

#include <optional>

#include "daemon/crypto/digest.h"
#include "ocr/codec/encode.h"

namespace mailroom::ocr {
namespace {

constexpr unsigned kStartOfImage = 0xD8;
constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kApp0 = 0xE0;
constexpr unsigned kApp14 = 0xEE;

/// What the headers of a JPEG say (ITU-T T.81 annex B).
struct JpegHeader {
  unsigned frame_type = 0;  // the n of SOFn
  int precision = 0;
  int width = 0;
  int height = 0;
  int components = 0;
  bool letters_as_ids = false;  // components called R, G, B
  bool jfif = false;
  std::optional<int> adobe_transform = {};
};

unsigned u16(ByteView bytes, std::size_t at) {
  return static_cast<unsigned>(bytes[at]) << 8U | bytes[at + 1];
}

bool is_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool read_frame(unsigned marker, ByteView segment, JpegHeader& header) {
  if (segment.size() < 6 || header.components != 0) return false;
  header.frame_type = marker - 0xC0;
  header.precision = segment[0];
  header.height = static_cast<int>(u16(segment, 1));
  header.width = static_cast<int>(u16(segment, 3));
  header.components = segment[5];
  if (header.components == 0 || segment.size() != 6 + 3 * static_cast<std::size_t>(header.components))
    return false;
  header.letters_as_ids =
      header.components == 3 && segment[6] == 'R' && segment[9] == 'G' && segment[12] == 'B';
  return true;
}

bool read_segment(unsigned marker, ByteView segment, JpegHeader& header) {
  if (is_frame(marker)) return read_frame(marker, segment, header);
  const auto text = as_text(segment);
  if (marker == kApp0 && text.starts_with("JFIF")) header.jfif = true;
  if (marker == kApp14 && text.starts_with("Adobe") && segment.size() >= 12)
    header.adobe_transform = segment[11];
  return true;
}

/// nullopt when the markers up to the first scan make no sense or the image does not end.
std::optional<JpegHeader> jpeg_header(ByteView bytes) {
  JpegHeader header;
  const std::size_t size = bytes.size();
  if (size < 4 || u16(bytes, 0) != (0xFF00U | kStartOfImage) ||
      u16(bytes, size - 2) != (0xFF00U | kEndOfImage)) {
    return std::nullopt;
  }
  for (std::size_t at = 2; at + 4 <= size;) {
    if (bytes[at] != 0xFF) return std::nullopt;
    const unsigned marker = bytes[at + 1];
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t length = u16(bytes, at + 2);
    if (length < 2 || at + 2 + length > size) return std::nullopt;
    if (marker == kStartOfScan) return header.components == 0 ? std::nullopt : std::optional(header);
    if (!read_segment(marker, bytes.subspan(at + 4, length - 2), header)) return std::nullopt;
    at += 2 + length;
  }
  return std::nullopt;
}

// DCTDecode knows baseline, extended sequential and progressive Huffman coding at 8 bits, and takes
// three components for YCbCr unless an Adobe marker says otherwise (ISO 32000-1 §7.4.8). Anything
// else would look different in every viewer.
Result<void> check_jpeg_kind(const JpegHeader& header) {
  if (header.frame_type > 2 || header.precision != 8) {
    return fail(Errc::unsupported, "the JPEG uses a coding that PDF does not know");
  }
  if (header.components != 1 && header.components != 3) {
    return fail(Errc::unsupported, "the JPEG is neither grey nor RGB");
  }
  const bool plain_rgb = header.letters_as_ids && !header.jfif && !header.adobe_transform;
  if (plain_rgb || (header.components == 3 && header.adobe_transform.value_or(1) > 1)) {
    return fail(Errc::unsupported, "the JPEG does not say its colours in a way that PDF knows");
  }
  return {};
}

Result<ImageStream> jpeg_stream(const CapturedImage& image, ByteView bytes) {
  const auto header = jpeg_header(bytes);
  if (!header) return fail(Errc::corrupt, "the captured JPEG is damaged or cut off");
  MAILROOM_TRY_VOID(check_jpeg_kind(*header));
  if (header->width != image.width || header->height != image.height ||
      header->components != image.channels || image.bits != 8) {
    return fail(Errc::invalid_input, "the captured JPEG is not of the size or kind that was recorded");
  }
  return ImageStream{bytes, ImageFormat::jpeg};
}

Result<ImageStream> group4_stream(const CapturedImage& image, ByteView bytes) {
  if (image.bits != 1 || image.channels != 1) {
    return fail(Errc::invalid_input, "a group 4 image has one bit a pixel, another depth was recorded");
  }
  MAILROOM_TRY(const ByteView strip, group4_strip_of(bytes));
  return ImageStream{strip, ImageFormat::tiff};
}

}  // namespace

Result<ImageStream> image_stream_of(const CapturedImage& image, ByteView bytes) {
  if (sha256_hex(bytes) != image.sha256) {
    return fail(Errc::corrupt, "the captured bytes no longer match the digest taken at capture");
  }
  return image.format == ImageFormat::jpeg ? jpeg_stream(image, bytes) : group4_stream(image, bytes);
}

}  // namespace mailroom::ocr
