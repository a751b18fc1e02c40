// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

/// A file with more scans than this only wants to cost time.
constexpr int kMaxScans = 200;

/// libjpeg leaves its functions by longjmp. Every call that may do so sits in a member function of
/// this class whose locals have no destructors; the C frames of libjpeg are all that is jumped over.
class JpegReader {
 public:
  explicit JpegReader(ByteView bytes) : bytes_(bytes) {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = leave;
    errors_.base.emit_message = take_warning;
    errors_.base.output_message = [](j_common_ptr) {};
    progress_.progress_monitor = count_scans;
    jpeg_.client_data = this;
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&jpeg_); }

  bool read_header() {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_mem_src(&jpeg_, bytes_.data(), bytes_.size());
    jpeg_save_markers(&jpeg_, JPEG_APP0 + 1, 0xFFFF);
    return jpeg_read_header(&jpeg_, TRUE) == JPEG_HEADER_OK;
  }

  /// Decodes into rows of `stride` bytes; read_header() went well before.
  bool read_rows(std::uint8_t* to, std::size_t stride) {
    if (setjmp(errors_.escape) != 0) return false;
    errors_.in_pixels = true;
    jpeg_start_decompress(&jpeg_);
    while (jpeg_.output_scanline < jpeg_.output_height) {
      JSAMPROW row = to + jpeg_.output_scanline * stride;
      jpeg_read_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_decompress(&jpeg_);
    return !errors_.lost_data;
  }

  /// Chooses the colours that come out. Returns channels a pixel: 1, 3 or 4 (CMYK).
  int choose_output(bool grey) {
    const J_COLOR_SPACE stored = jpeg_.jpeg_color_space;
    if (stored == JCS_CMYK || stored == JCS_YCCK) return jpeg_.out_color_space = JCS_CMYK, 4;
    if (grey || stored == JCS_GRAYSCALE) return jpeg_.out_color_space = JCS_GRAYSCALE, 1;
    return jpeg_.out_color_space = JCS_RGB, 3;
  }

  /// Lets the image come out smaller by whole powers of two, its longer side not below `longest`.
  void choose_size(int longest) {
    const auto side = std::max(jpeg_.image_width, jpeg_.image_height);
    for (unsigned parts = 8; longest > 0 && parts > 1; parts /= 2) {
      if (side / parts < unsigned(longest)) continue;
      jpeg_.scale_denom = parts;
      break;
    }
  }

  /// Width and height as they come out, once everything is chosen; false when the library refuses.
  bool calculate_size() {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_calc_output_dimensions(&jpeg_);
    return true;
  }

  [[nodiscard]] Exif exif() const {
    for (auto* marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
      const ByteView segment(marker->data, marker->data_length);
      if (segment.size() > 4 && std::memcmp(segment.data(), "Exif", 4) == 0) return read_exif(segment);
    }
    return {};
  }

  [[nodiscard]] int jfif_dpi() const {
    if (jpeg_.saw_JFIF_marker == 0 || jpeg_.X_density < 2) return 0;
    if (jpeg_.density_unit == 1) return jpeg_.X_density;
    return jpeg_.density_unit == 2 ? static_cast<int>(jpeg_.X_density * 2.54 + 0.5) : 0;
  }

  [[nodiscard]] std::uint32_t width() const { return jpeg_.image_width; }
  [[nodiscard]] std::uint32_t height() const { return jpeg_.image_height; }
  [[nodiscard]] int output_width() const { return int(jpeg_.output_width); }
  [[nodiscard]] int output_height() const { return int(jpeg_.output_height); }
  [[nodiscard]] bool inverted_cmyk() const { return jpeg_.saw_Adobe_marker != 0; }

  [[nodiscard]] tl::unexpected<Error> error() const {
    const int code = errors_.base.msg_code;
    const bool kind = code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED ||
                      code == JERR_CONVERSION_NOTIMPL || code == JERR_ARITH_NOTIMPL;
    const char* text = errors_.text[0] != '\0' ? errors_.text : "it ends before its data does";
    return kind ? not_offered("JPEG", text) : damaged("JPEG", text);
  }

 private:
  struct Errors {
    jpeg_error_mgr base{};
    std::jmp_buf escape{};
    char text[JMSG_LENGTH_MAX] = {};
    bool in_pixels = false;
    bool lost_data = false;
  };

  static JpegReader& self(j_common_ptr jpeg) { return *static_cast<JpegReader*>(jpeg->client_data); }

  [[noreturn]] static void leave(j_common_ptr jpeg) {
    Errors& errors = self(jpeg).errors_;
    errors.base.format_message(jpeg, errors.text);
    std::longjmp(errors.escape, 1);
  }

  static void take_warning(j_common_ptr jpeg, int level) {
    if (level >= 0) return;  // a trace, not a warning
    Errors& errors = self(jpeg).errors_;
    if (!means_lost_data(errors.base.msg_code, errors.in_pixels)) return;
    if (!errors.lost_data) errors.base.format_message(jpeg, errors.text);
    errors.lost_data = true;
  }

  /// Left-over bytes between header segments harm nobody; after the pixels began they are what a
  /// decoder that lost its place leaves behind.
  static bool means_lost_data(int code, bool in_pixels) {
    switch (code) {
      case JWRN_ADOBE_XFORM:
      case JWRN_JFIF_MAJOR:
      case JWRN_TOO_MUCH_DATA: return false;
      case JWRN_EXTRANEOUS_DATA: return in_pixels;
      default: return true;
    }
  }

  static void count_scans(j_common_ptr jpeg) {
    if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMaxScans) return;
    Errors& errors = self(jpeg).errors_;
    std::strncpy(errors.text, "it has an absurd number of scans", sizeof errors.text - 1);
    std::longjmp(errors.escape, 1);
  }

  ByteView bytes_;
  jpeg_decompress_struct jpeg_{};
  jpeg_progress_mgr progress_{};
  Errors errors_;
};

/// CMYK as RGB without a profile. Adobe's files store all four inverted.
Pixels rgb_of_cmyk(const Pixels& cmyk, bool inverted) {
  Pixels rgb = blank_pixels(cmyk.width, cmyk.height, 3, cmyk.dpi);
  const std::uint8_t flip = inverted ? 0 : 255;
  for (std::size_t i = 0, count = rgb.data.size() / 3; i < count; ++i) {
    const std::uint8_t* from = &cmyk.data[4 * i];
    const unsigned light = static_cast<std::uint8_t>(from[3] ^ flip);
    for (std::size_t c = 0; c < 3; ++c)
      rgb.data[3 * i + c] =
          static_cast<std::uint8_t>(static_cast<std::uint8_t>(from[c] ^ flip) * light / 255U);
  }
  return rgb;
}

}  // namespace

Images decode_jpeg(ByteView bytes, const Wish& wish) {
  JpegReader reader(bytes);
  if (!reader.read_header()) return reader.error();
  MAILROOM_TRY_VOID(check_size(reader.width(), reader.height(), wish.limits));
  const Exif exif = reader.exif();
  const int dpi = reader.jfif_dpi() > 0 ? reader.jfif_dpi() : exif.dpi;
  const int channels = reader.choose_output(wish.grey);
  reader.choose_size(wish.longest);
  if (!reader.calculate_size()) return reader.error();
  Pixels image = blank_pixels(reader.output_width(), reader.output_height(), channels, dpi);
  const auto stride = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(channels);
  if (!reader.read_rows(image.data.data(), stride)) return reader.error();
  if (channels == 4) image = rgb_of_cmyk(image, reader.inverted_cmyk());
  if (wish.grey) image = grey_of(std::move(image));
  std::vector<Pixels> images;
  images.push_back(oriented(std::move(image), exif.orientation));
  return images;
}

}  // namespace mailroom::ocr::formats
