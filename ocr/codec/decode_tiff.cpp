#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <memory>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

/// A TIFF in memory as libtiff sees it, and what libtiff complained about.
struct Source {
  ByteView bytes;
  std::uint64_t at = 0;
  bool in_pixels = false;  ///< pixel data are being read, not directories
  bool lost_data = false;
  char text[160] = {};

  static Source& of(thandle_t handle) { return *static_cast<Source*>(handle); }
};

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t size) {
  Source& source = Source::of(handle);
  if (size <= 0 || source.at >= source.bytes.size()) return 0;
  const auto count =
      std::min<std::uint64_t>(static_cast<std::uint64_t>(size), source.bytes.size() - source.at);
  std::memcpy(to, source.bytes.data() + source.at, count);
  source.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  Source& source = Source::of(handle);
  if (whence == SEEK_CUR) offset += source.at;
  if (whence == SEEK_END) offset += source.bytes.size();
  return source.at = offset;
}

int map_whole(thandle_t handle, void** base, toff_t* size) {
  const Source& source = Source::of(handle);
  *base = const_cast<std::uint8_t*>(source.bytes.data());  // opened for reading: never written to
  *size = source.bytes.size();
  return 1;
}

void note(Source& source, const char* format, va_list values) {
  if (!source.lost_data) (void)std::vsnprintf(source.text, sizeof source.text, format, values);
  source.lost_data = true;
}

int take_error(TIFF*, void* user, const char*, const char* format, va_list values) {
  note(*static_cast<Source*>(user), format, values);
  return 1;
}

/// A warning about a directory is an unknown tag; one about pixels is a fax line that did not add up.
int take_warning(TIFF*, void* user, const char*, const char* format, va_list values) {
  auto& source = *static_cast<Source*>(user);
  if (source.in_pixels) note(source, format, values);
  return 1;
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPtr = std::unique_ptr<TIFF, CloseTiff>;

TiffPtr open(Source& source) {
  struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
  };
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), take_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), take_warning, &source);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), tmsize_t{1} << 30);
  return TiffPtr(TIFFClientOpenExt(
      "page", "r", &source, read_bytes, refuse_write, seek, [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return Source::of(handle).bytes.size(); }, map_whole,
      [](thandle_t, void*, toff_t) {}, options.get()));
}

/// What the directory says about the present image.
struct Shape {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 1;
  std::uint16_t samples = 1;
  std::uint16_t photometric = PHOTOMETRIC_MINISWHITE;
  std::uint16_t planes = PLANARCONFIG_CONTIG;
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  bool tiled = false;
  int dpi = 0;

  [[nodiscard]] bool grey() const {
    return photometric == PHOTOMETRIC_MINISWHITE || photometric == PHOTOMETRIC_MINISBLACK;
  }
  /// Rows can be taken as they are, which is several times faster than by way of RGBA.
  [[nodiscard]] bool plain_rows() const {
    if (tiled || planes != PLANARCONFIG_CONTIG) return false;
    if (grey()) return samples == 1 && (bits == 1 || bits == 8);
    return photometric == PHOTOMETRIC_RGB && samples == 3 && bits == 8;
  }
};

int dpi_of(TIFF* tiff) {
  float resolution = 0;
  std::uint16_t unit = RESUNIT_INCH;
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &resolution);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  const double dpi = resolution * (unit == RESUNIT_CENTIMETER ? 2.54 : 1.0);
  return unit != RESUNIT_NONE && dpi >= 1 && dpi <= 10000 ? static_cast<int>(dpi + 0.5) : 0;
}

std::uint16_t compression_of(TIFF* tiff) {
  std::uint16_t compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  return compression;
}

Shape shape_of(TIFF* tiff) {
  Shape shape;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &shape.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &shape.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &shape.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &shape.samples);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &shape.photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &shape.planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &shape.orientation);
  shape.tiled = TIFFIsTiled(tiff) != 0;
  shape.dpi = dpi_of(tiff);
  return shape;
}

void spread_row(const Shape& shape, const std::uint8_t* from, std::uint8_t* to, std::size_t count) {
  const std::uint8_t flip = shape.photometric == PHOTOMETRIC_MINISWHITE ? 0xFF : 0;
  if (shape.bits == 1) {
    for (std::size_t x = 0; x < count; ++x) {
      const bool set = (from[x / 8] >> (7 - x % 8) & 1U) != 0;
      to[x] = static_cast<std::uint8_t>((set ? 0xFF : 0) ^ flip);
    }
  } else {
    for (std::size_t x = 0; x < count; ++x) to[x] = from[x] ^ flip;
  }
}

/// False when libtiff gave up; what it said is in the Source.
bool read_plain_rows(TIFF* tiff, const Shape& shape, Pixels& image) {
  const std::size_t stride = std::size_t{shape.width} * shape.samples;
  Bytes row(static_cast<std::size_t>(std::max<tmsize_t>(TIFFScanlineSize(tiff), 0)));
  if (row.size() < (stride * shape.bits + 7) / 8) return false;
  for (std::uint32_t y = 0; y < shape.height; ++y) {
    if (TIFFReadScanline(tiff, row.data(), y, 0) < 0) return false;
    spread_row(shape, row.data(), &image.data[y * stride], stride);
  }
  return true;
}

/// libtiff's own conversion: any compression, any colours; alpha comes premultiplied.
bool read_by_rgba(TIFF* tiff, const Shape& shape, Pixels& rgb) {
  std::vector<std::uint32_t> raster(std::size_t{shape.width} * shape.height);
  if (TIFFReadRGBAImageOriented(tiff, shape.width, shape.height, raster.data(), shape.orientation, 1) == 0)
    return false;
  for (std::size_t i = 0; i < raster.size(); ++i) {
    const std::uint32_t pixel = raster[i];
    const unsigned paper = 255U - TIFFGetA(pixel);
    rgb.data[3 * i] = static_cast<std::uint8_t>(std::min(255U, TIFFGetR(pixel) + paper));
    rgb.data[3 * i + 1] = static_cast<std::uint8_t>(std::min(255U, TIFFGetG(pixel) + paper));
    rgb.data[3 * i + 2] = static_cast<std::uint8_t>(std::min(255U, TIFFGetB(pixel) + paper));
  }
  return true;
}

tl::unexpected<Error> error_of(const Source& source) {
  return damaged("TIFF", source.text[0] != '\0' ? source.text : "its data are incomplete");
}

Result<Pixels> read_image(TIFF* tiff, Source& source, const Wish& wish, std::uint64_t pixels_before) {
  const Shape shape = shape_of(tiff);
  MAILROOM_TRY_VOID(check_size(shape.width, shape.height, wish.limits));
  MAILROOM_TRY_VOID(check_total(pixels_before + std::uint64_t{shape.width} * shape.height, wish.limits));
  char why[1024] = {};
  const bool plain = shape.plain_rows();
  if (!plain && TIFFRGBAImageOK(tiff, why) == 0) return not_offered("TIFF", why);
  if (TIFFIsCODECConfigured(compression_of(tiff)) == 0)
    return not_offered("TIFF", "its compression is unknown");
  Pixels image = blank_pixels(static_cast<int>(shape.width), static_cast<int>(shape.height),
                              plain ? shape.samples : 3, shape.dpi);
  source.in_pixels = true;
  const bool read = plain ? read_plain_rows(tiff, shape, image) : read_by_rgba(tiff, shape, image);
  source.in_pixels = false;
  if (!read || source.lost_data) return error_of(source);
  if (wish.grey || (!plain && shape.grey())) image = grey_of(std::move(image));
  if (shape.photometric == PHOTOMETRIC_PALETTE) image = grey_if_colourless(std::move(image));
  return oriented(std::move(image), shape.orientation);
}

}  // namespace

Images decode_tiff(ByteView bytes, const Wish& wish) {
  Source source{.bytes = bytes};
  const TiffPtr tiff = open(source);
  if (!tiff || source.lost_data) return error_of(source);
  std::vector<Pixels> images;
  std::uint64_t pixels = 0;
  do {
    if (std::ssize(images) >= wish.max_images) return too_many_images(wish);
    MAILROOM_TRY(Pixels image, read_image(tiff.get(), source, wish, pixels));
    pixels += static_cast<std::uint64_t>(image.width) * static_cast<std::uint64_t>(image.height);
    images.push_back(std::move(image));
    if (TIFFLastDirectory(tiff.get()) != 0) return images;
  } while (TIFFReadDirectory(tiff.get()) != 0);
  return error_of(source);
}

}  // namespace mailroom::ocr::formats
