// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on
#include <tiffio.h>

#include <algorithm>
#include <csetjmp>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "daemon/crypto/digest.h"
#include "ocr/codec/encode.h"

namespace mailroom::ocr {
namespace {

tl::unexpected<Error> contradiction(const std::string& what) {
  return fail(Errc::invalid_input, "a captured image contradicts itself: " + what);
}

Result<void> check(const RawImage& image, int quality) {
  const bool bilevel = image.bits == 1 && image.channels == 1;
  const bool toned = image.bits == 8 && (image.channels == 1 || image.channels == 3);
  if (!bilevel && !toned) {
    return contradiction(std::to_string(image.channels) + " channels of " + std::to_string(image.bits) +
                         " bits");
  }
  if (image.width < 1 || image.height < 1 || image.width > JPEG_MAX_DIMENSION ||
      image.height > JPEG_MAX_DIMENSION) {
    return contradiction(std::to_string(image.width) + " x " + std::to_string(image.height) + " pixels");
  }
  if (image.dpi < 1 || image.dpi > 65535) return contradiction(std::to_string(image.dpi) + " dpi");
  if (toned && (quality < 1 || quality > 100))
    return contradiction("JPEG quality " + std::to_string(quality));
  const int row = bilevel ? (image.width + 7) / 8 : image.width * image.channels;
  if (image.stride < row) return contradiction("rows of " + std::to_string(image.stride) + " bytes");
  if (image.pixels.size() < std::size_t(image.stride) * std::size_t(image.height)) {
    return contradiction(std::to_string(image.pixels.size()) + " bytes of pixels");
  }
  return {};
}

/// libjpeg leaves its functions by longjmp. encode() is the only one that calls it, and has no locals
/// with destructors.
class JpegWriter {
 public:
  JpegWriter() {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = leave;
    errors_.base.output_message = [](j_common_ptr) {};
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() {
    jpeg_destroy_compress(&jpeg_);
    std::free(bytes_);
  }

  bool encode(const RawImage& image, int quality) {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_compress(&jpeg_);
    jpeg_mem_dest(&jpeg_, &bytes_, &size_);
    describe(image, quality);
    jpeg_start_compress(&jpeg_, TRUE);
    while (jpeg_.next_scanline < jpeg_.image_height) {
      auto* row = const_cast<JSAMPROW>(image.pixels.data() +
                                       std::size_t(jpeg_.next_scanline) * std::size_t(image.stride));
      jpeg_write_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_compress(&jpeg_);
    return true;
  }

  [[nodiscard]] ByteView bytes() const { return {bytes_, size_}; }
  [[nodiscard]] std::string reason() {
    char text[JMSG_LENGTH_MAX] = {};
    errors_.base.format_message(reinterpret_cast<j_common_ptr>(&jpeg_), text);
    return text;
  }

 private:
  struct Errors {
    jpeg_error_mgr base;
    std::jmp_buf escape;
  };
  static void leave(j_common_ptr jpeg) { std::longjmp(reinterpret_cast<Errors*>(jpeg->err)->escape, 1); }

  void describe(const RawImage& image, int quality) {
    jpeg_.image_width = JDIMENSION(image.width);
    jpeg_.image_height = JDIMENSION(image.height);
    jpeg_.input_components = image.channels;
    jpeg_.in_color_space = image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg_);
    jpeg_set_quality(&jpeg_, quality, TRUE);
    // 4:4:4: halved chroma blurs coloured stamps and signatures.
    jpeg_.comp_info[0].h_samp_factor = jpeg_.comp_info[0].v_samp_factor = 1;
    jpeg_.write_JFIF_header = TRUE;
    jpeg_.density_unit = 1;
    jpeg_.X_density = jpeg_.Y_density = UINT16(image.dpi);
  }

  Errors errors_ = {};
  jpeg_compress_struct jpeg_ = {};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

Result<Bytes> encode_jpeg(const RawImage& image, int quality) {
  const auto writer = std::make_unique<JpegWriter>();
  if (!writer->encode(image, quality))
    return fail(Errc::io, "cannot encode a captured image: " + writer->reason());
  return Bytes(writer->bytes().begin(), writer->bytes().end());
}

/// A file in memory as libtiff sees it: it writes to `own`, or only reads `view`.
struct MemoryFile {
  Bytes own = {};
  ByteView view = {};
  bool writable = false;
  std::size_t position = 0;

  [[nodiscard]] ByteView content() const { return writable ? ByteView(own) : view; }
};

MemoryFile& file_of(thandle_t handle) {
  return *static_cast<MemoryFile*>(handle);
}

tmsize_t read_memory(thandle_t handle, void* to, tmsize_t size) {
  MemoryFile& file = file_of(handle);
  const ByteView content = file.content();
  if (file.position >= content.size()) return 0;
  const std::size_t count = std::min(std::size_t(size), content.size() - file.position);
  std::memcpy(to, content.data() + file.position, count);
  file.position += count;
  return tmsize_t(count);
}

tmsize_t write_memory(thandle_t handle, void* from, tmsize_t size) {
  MemoryFile& file = file_of(handle);
  if (!file.writable) return -1;
  const std::size_t end = file.position + std::size_t(size);
  if (end > file.own.size()) file.own.resize(end);
  std::memcpy(file.own.data() + file.position, from, std::size_t(size));
  file.position = end;
  return size;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  MemoryFile& file = file_of(handle);
  if (whence == SEEK_SET) file.position = offset;
  if (whence == SEEK_CUR) file.position += offset;
  if (whence == SEEK_END) file.position = file.content().size() + offset;
  return file.position;
}

int close_memory(thandle_t) {
  return 0;
}
toff_t size_of_memory(thandle_t handle) {
  return file_of(handle).content().size();
}

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// The caller reports failures; libtiff shall not write to stderr as well.
int keep_quiet(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

Tiff open_tiff(MemoryFile& file, const char* mode) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 &TIFFOpenOptionsFree);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_quiet, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keep_quiet, nullptr);
  return {TIFFClientOpenExt("capture", mode, &file, read_memory, write_memory, seek_memory, close_memory,
                            size_of_memory, nullptr, nullptr, options.get()),
          &TIFFClose};
}

bool write_group4(TIFF* tiff, const RawImage& image) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, std::uint32_t(image.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, std::uint32_t(image.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, std::uint32_t(image.height));
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, double(image.dpi));
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, double(image.dpi));
  for (int y = 0; y < image.height; y++) {
    auto* row = const_cast<std::uint8_t*>(image.pixels.data() + std::size_t(y) * std::size_t(image.stride));
    if (TIFFWriteScanline(tiff, row, std::uint32_t(y)) != 1) return false;
  }
  return TIFFFlush(tiff) == 1;
}

Result<Bytes> encode_group4(const RawImage& image) {
  MemoryFile file;
  file.writable = true;
  {
    const Tiff tiff = open_tiff(file, "wl");
    if (!tiff || !write_group4(tiff.get(), image))
      return fail(Errc::io, "cannot encode a captured image as group 4");
  }
  return std::move(file.own);
}

}  // namespace

Result<CapturedImage> encode_capture(const RawImage& image, int quality) {
  MAILROOM_TRY_VOID(check(image, quality));
  CapturedImage captured;
  captured.format = image.bits == 1 ? ImageFormat::tiff : ImageFormat::jpeg;
  captured.width = image.width;
  captured.height = image.height;
  captured.dpi = image.dpi;
  captured.channels = image.channels;
  captured.bits = image.bits;
  MAILROOM_TRY(captured.bytes, image.bits == 1 ? encode_group4(image) : encode_jpeg(image, quality));
  captured.sha256 = sha256_hex(captured.bytes);
  return captured;
}

Result<ByteView> group4_strip_of(ByteView bytes) {
  MemoryFile file;
  file.view = bytes;
  const Tiff tiff = open_tiff(file, "rm");
  if (!tiff) return fail(Errc::corrupt, "a captured bilevel image is not a TIFF");
  std::uint16_t compression = 0;
  TIFFGetField(tiff.get(), TIFFTAG_COMPRESSION, &compression);
  if (compression != COMPRESSION_CCITTFAX4 || TIFFNumberOfStrips(tiff.get()) != 1) {
    return fail(Errc::corrupt, "a captured bilevel image is not one strip of group 4");
  }
  const std::uint64_t offset = TIFFGetStrileOffset(tiff.get(), 0);
  const std::uint64_t size = TIFFGetStrileByteCount(tiff.get(), 0);
  if (size == 0 || offset > bytes.size() || size > bytes.size() - offset) {
    return fail(Errc::corrupt, "the strip of a captured bilevel image lies outside its file");
  }
  return bytes.subspan(offset, size);
}

}  // namespace mailroom::ocr
