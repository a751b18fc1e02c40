#include "tests/ocr/codec/encoded_samples.h"

// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on
#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "daemon/base/durable_file.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

using ocr::Pixels;

Pixels sample(int width, int height, int channels) {
  Pixels image{width, height, 300, channels, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) {
        const bool corner = x < width / 4 && y < height / 4;
        image.data.push_back(static_cast<std::uint8_t>(corner ? 0 : 100 + (100 * x / width) + 20 * c));
      }
  return image;
}

namespace {

Bytes jpeg_of(const std::uint8_t* rows, int width, int height, int channels, J_COLOR_SPACE space,
              int orientation) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &out, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = channels;
  jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  jpeg.density_unit = 1;
  jpeg.X_density = jpeg.Y_density = 300;
  jpeg_start_compress(&jpeg, TRUE);
  if (orientation > 0) {
    const std::uint8_t exif[] = {
        'E', 'x', 'i', 'f',  0,    0, 'M', 'M', 0, 42, 0, 0, 0,
        8,   0,   1,   0x01, 0x12, 0, 3,   0,   0, 0,  1, 0, static_cast<std::uint8_t>(orientation),
        0,   0,   0,   0,    0,    0};
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
  }
  while (jpeg.next_scanline < jpeg.image_height) {
    auto* row = const_cast<JSAMPROW>(rows + std::size_t{jpeg.next_scanline} *
                                                static_cast<unsigned>(width * channels));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  Bytes bytes(out, out + size);
  std::free(out);
  return bytes;
}

}  // namespace

Bytes as_jpeg(const Pixels& image, int exif_orientation) {
  return jpeg_of(image.data.data(), image.width, image.height, image.channels,
                 image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE, exif_orientation);
}

Bytes as_cmyk_jpeg(int width, int height, std::uint8_t ink) {
  // Adobe's way round: 255 is no ink. libjpeg writes the Adobe marker for CMYK by itself.
  const Bytes rows(static_cast<std::size_t>(width * height) * 4, static_cast<std::uint8_t>(255 - ink));
  return jpeg_of(rows.data(), width, height, 4, JCS_CMYK, 0);
}

Bytes as_png(const Pixels& image, int bits, bool alpha) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp self, png_bytep data, png_size_t size) {
        auto& to = *static_cast<Bytes*>(png_get_io_ptr(self));
        to.insert(to.end(), data, data + size);
      },
      [](png_structp) {});
  const int colour =
      (image.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY) | (alpha ? PNG_COLOR_MASK_ALPHA : 0);
  png_set_IHDR(png, info, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height), bits,
               colour, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs(png, info, 11811, 11811, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  const auto samples = static_cast<std::size_t>(image.width * image.channels);
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
    Bytes row;
    for (std::size_t i = 0; i < samples; ++i) {
      row.insert(row.end(), static_cast<std::size_t>(bits / 8), image.data[y * samples + i]);
      if (alpha &&
          i % static_cast<std::size_t>(image.channels) + 1 == static_cast<std::size_t>(image.channels))
        row.insert(row.end(), static_cast<std::size_t>(bits / 8), 0);  // wholly transparent
    }
    png_write_row(png, row.data());
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

Bytes as_webp(const Pixels& image) {
  std::uint8_t* out = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGB(image.data.data(), image.width, image.height, image.width * 3, &out);
  Bytes bytes(out, out + size);
  WebPFree(out);
  return bytes;
}

Bytes as_pnm(const Pixels& image) {
  const std::string head = std::string(image.channels == 3 ? "P6" : "P5") + "\n# made by a test\n" +
                           std::to_string(image.width) + " " + std::to_string(image.height) + "\n255\n";
  Bytes bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), image.data.begin(), image.data.end());
  return bytes;
}

namespace {

void write_page(TIFF* tiff, const Pixels& image, const TiffKind& kind) {
  const auto width = static_cast<std::uint32_t>(image.width);
  const auto height = static_cast<std::uint32_t>(image.height);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.channels);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const int grey = kind.bits == 1 ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.channels == 3 ? PHOTOMETRIC_RGB : grey);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind.compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, kind.orientation);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 118.11);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 118.11);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
  const auto stride = static_cast<std::size_t>(image.width * image.channels);
  if (kind.tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 64U);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 64U);
    Bytes tile(std::size_t{64} * 64 * static_cast<std::size_t>(image.channels));
    for (std::uint32_t top = 0; top < height; top += 64)
      for (std::uint32_t left = 0; left < width; left += 64) {
        for (std::uint32_t y = 0; y < 64 && top + y < height; ++y)
          std::copy_n(&image.data[(top + y) * stride + left * static_cast<unsigned>(image.channels)],
                      std::min<std::size_t>(64, width - left) * static_cast<std::size_t>(image.channels),
                      &tile[y * 64 * static_cast<std::size_t>(image.channels)]);
        TIFFWriteTile(tiff, tile.data(), left, top, 0, 0);
      }
    return;
  }
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16U);
  for (std::uint32_t y = 0; y < height; ++y) {
    Bytes row(image.data.begin() + static_cast<std::ptrdiff_t>(y * stride),
              image.data.begin() + static_cast<std::ptrdiff_t>((y + 1) * stride));
    if (kind.bits == 1) {
      Bytes packed((stride + 7) / 8);
      for (std::size_t x = 0; x < stride; ++x)
        if (row[x] < 128) packed[x / 8] = static_cast<std::uint8_t>(packed[x / 8] | 0x80U >> (x % 8));
      row = packed;
    }
    TIFFWriteScanline(tiff, row.data(), y, 0);
  }
}

}  // namespace

Bytes as_tiff(const Pixels& image, const TiffKind& kind) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "page.tif";
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  for (int page = 0; page < kind.pages; ++page) {
    write_page(tiff, image, kind);
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
  auto bytes = read_file(path);
  if (!bytes) throw std::runtime_error(bytes.error().message());
  return *bytes;
}

}  // namespace mailroom::test
