#include "ocr/worker/process/draw_picture.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "daemon/invoice/mail/mail_parts.h"
#include "ocr/codec/decode.h"
#include "ocr/codec/encode.h"
#include "ocr/render/pdf_pages.h"

namespace mailroom::ocr {
namespace {

constexpr int kPdfDpi = 150;
constexpr int kScreenDpi = 72;  // where the captured side does not say
constexpr int kSmallQuality = 75;
constexpr int kFullQuality = 88;

/// The mean of the pixels that fall together.
Pixels shrunk(const Pixels& image, int most) {
  const int factor = std::max(1, (std::max(image.width, image.height) + most - 1) / most);
  Pixels small{std::max(1, image.width / factor), std::max(1, image.height / factor), 0, image.channels, {}};
  small.data.resize(std::size_t(small.width) * std::size_t(small.height) * std::size_t(small.channels));
  const auto row = std::size_t(image.width) * std::size_t(image.channels);
  std::size_t out = 0;
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        unsigned sum = 0;
        for (int dy = 0; dy < factor; ++dy) {
          const auto line = std::size_t(y * factor + dy) * row;
          for (int dx = 0; dx < factor; ++dx)
            sum += image.data[line + std::size_t((x * factor + dx) * image.channels + c)];
        }
        small.data[out++] = std::uint8_t(sum / unsigned(factor * factor));
      }
    }
  }
  return small;
}

/// Where the pixel of a turned image comes from.
std::pair<int, int> source_of(int x, int y, int width, int height, int rotation) {
  if (rotation == 90) return {y, height - 1 - x};
  if (rotation == 180) return {width - 1 - x, height - 1 - y};
  return {width - 1 - y, x};  // 270
}

Pixels turned(Pixels image, int rotation) {
  if (rotation % 360 == 0) return image;
  const bool lying = rotation % 180 != 0;
  Pixels out{
      lying ? image.height : image.width, lying ? image.width : image.height, image.dpi, image.channels, {}};
  out.data.resize(image.data.size());
  const auto channels = std::size_t(image.channels);
  std::size_t at = 0;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const auto [from_x, from_y] = source_of(x, y, image.width, image.height, rotation);
      const auto from = (std::size_t(from_y) * std::size_t(image.width) + std::size_t(from_x)) * channels;
      for (std::size_t c = 0; c < channels; ++c) out.data[at++] = image.data[from + c];
    }
  }
  return out;
}

Result<Pixels> image_of(ByteView captured, int longest) {
  MAILROOM_TRY(auto images, longest > 0 ? decode_small(captured, longest) : decode_images(captured));
  if (images.size() != 1) return fail(Errc::invalid_input, "the image does not hold exactly one page");
  return longest > 0 ? shrunk(images.front(), longest) : std::move(images.front());
}

Result<Bytes> as_jpeg(const Pixels& image, int longest) {
  const int dpi = longest > 0 || image.dpi < 1 ? kScreenDpi : image.dpi;
  MAILROOM_TRY(auto encoded, encode_capture({image.width, image.height, dpi, image.channels, 8,
                                             image.width * image.channels, image.data},
                                            longest > 0 ? kSmallQuality : kFullQuality));
  return std::move(encoded.bytes);
}

/// The PDFs of a file in the order in which their pages are read: itself, or those in an e-mail.
Result<std::vector<Bytes>> pdfs_in(ByteView file) {
  std::vector<Bytes> pdfs;
  if (!invoice::looks_like_mail(file)) {
    pdfs.emplace_back(file.begin(), file.end());
    return pdfs;
  }
  MAILROOM_TRY(auto parts, invoice::mail_parts(file));
  for (auto& part : parts) {
    if (looks_like_pdf(part.bytes)) pdfs.push_back(std::move(part.bytes));
  }
  return pdfs;
}

}  // namespace

Result<DrawnPage> draw_side(ByteView captured, const PictureRequest& request) {
  MAILROOM_TRY(auto image, image_of(captured, request.longest));
  MAILROOM_TRY(auto jpeg, as_jpeg(turned(std::move(image), request.rotation), request.longest));
  return DrawnPage{std::move(jpeg), 1};
}

Result<DrawnPage> draw_pdf_page(ByteView file, const PictureRequest& request) {
  MAILROOM_TRY(const auto pdfs, pdfs_in(file));
  std::optional<Pixels> wanted;
  int before = 0;
  for (const Bytes& pdf : pdfs) {
    MAILROOM_TRY(const auto pages, PdfPages::open(pdf));
    const int number = request.page - before;
    if (number >= 1 && number <= pages.count()) {
      MAILROOM_TRY(wanted, pages.page(number, kPdfDpi));
    }
    before += pages.count();
  }
  if (!wanted) return fail(Errc::not_found, "the file has no such page");
  if (request.longest > 0) wanted = shrunk(*wanted, request.longest);
  MAILROOM_TRY(auto jpeg, as_jpeg(turned(*std::move(wanted), request.rotation), request.longest));
  return DrawnPage{std::move(jpeg), before};
}

}  // namespace mailroom::ocr
