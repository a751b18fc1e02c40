#include <png.h>

#include <csetjmp>
#include <cstring>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

/// libpng leaves its functions by longjmp, see JpegReader: the same rule holds here.
class PngReader {
 public:
  explicit PngReader(ByteView bytes) : rest_(bytes) {}
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool read_header() {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, [](png_structp, png_const_charp) {});
    if (png_ == nullptr) return false;
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return false;
    png_set_read_fn(png_, this, read);
    // The size is checked by check_size(), which says what the limit is.
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png_, 8U << 20U);
    png_read_info(png_, info_);
    return true;
  }

  /// Makes libpng deliver 8 bits a channel: grey, grey + alpha, RGB or RGB + alpha.
  bool choose_output() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_scale_16(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  /// Decodes into packed rows of width() * channels() bytes.
  bool read_rows(std::uint8_t* to) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    const std::size_t stride = png_get_rowbytes(png_, info_);
    for (int pass = 0; pass < passes_; ++pass)
      for (std::size_t y = 0; y < height(); ++y) png_read_row(png_, to + y * stride, nullptr);
    png_read_end(png_, nullptr);
    return true;
  }

  [[nodiscard]] std::uint32_t width() const { return png_get_image_width(png_, info_); }
  [[nodiscard]] std::uint32_t height() const { return png_get_image_height(png_, info_); }
  [[nodiscard]] int channels() const { return png_get_channels(png_, info_); }
  [[nodiscard]] bool palette() const { return png_get_color_type(png_, info_) == PNG_COLOR_TYPE_PALETTE; }

  [[nodiscard]] int dpi() const {
    const double per_inch = png_get_x_pixels_per_meter(png_, info_) * 0.0254;
    return per_inch <= 10000 ? static_cast<int>(per_inch + 0.5) : 0;
  }

  [[nodiscard]] tl::unexpected<Error> error() const {
    return damaged("PNG", text_[0] != '\0' ? text_ : "it cannot be opened");
  }

 private:
  [[noreturn]] static void leave(png_structp png, png_const_charp text) {
    auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(self->text_, text, sizeof self->text_ - 1);
    png_longjmp(png, 1);
  }

  static void read(png_structp png, png_bytep to, std::size_t size) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (self->rest_.size() < size) png_error(png, "it ends before its data does");
    std::memcpy(to, self->rest_.data(), size);
    self->rest_ = self->rest_.subspan(size);
  }

  ByteView rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
  char text_[120] = {};
};

/// Grey or RGB out of grey + alpha or RGB + alpha.
Pixels without_alpha(Pixels image) {
  if (image.channels != 2 && image.channels != 4) return image;
  const auto from_channels = static_cast<std::size_t>(image.channels);
  const std::size_t to_channels = from_channels - 1;
  const std::size_t count = image.data.size() / from_channels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* from = &image.data[i * from_channels];
    const unsigned alpha = from[to_channels];
    for (std::size_t c = 0; c < to_channels; ++c)
      image.data[i * to_channels + c] = over_white(from[c], alpha);
  }
  image.data.resize(count * to_channels);
  image.channels = static_cast<int>(to_channels);
  return image;
}

}  // namespace

Images decode_png(ByteView bytes, const Wish& wish) {
  PngReader reader(bytes);
  if (!reader.read_header()) return reader.error();
  MAILROOM_TRY_VOID(check_size(reader.width(), reader.height(), wish.limits));
  const bool palette = reader.palette();
  if (!reader.choose_output()) return reader.error();
  Pixels image = blank_pixels(static_cast<int>(reader.width()), static_cast<int>(reader.height()),
                              reader.channels(), reader.dpi());
  if (!reader.read_rows(image.data.data())) return reader.error();
  image = without_alpha(std::move(image));
  if (wish.grey) image = grey_of(std::move(image));
  if (palette) image = grey_if_colourless(std::move(image));
  std::vector<Pixels> images;
  images.push_back(std::move(image));
  return images;
}

}  // namespace mailroom::ocr::formats
