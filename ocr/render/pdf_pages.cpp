#include "ocr/render/pdf_pages.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mailroom::ocr {
namespace {

constexpr double kPointsPerInch = 72;
constexpr int kFewestDpi = 72;
constexpr std::size_t kHeaderWithin = 1024;

void say_nothing(const std::string&, void*) {}

/// The resolution at which a page of this size (points) stays within the limit; 0 when none does.
int fitting_dpi(const poppler::rectf& size, int wanted, std::uint64_t max_pixels) {
  const double square_inches = size.width() / kPointsPerInch * (size.height() / kPointsPerInch);
  if (!(square_inches > 0) || !std::isfinite(square_inches)) return 0;
  const double most = std::floor(std::sqrt(double(max_pixels) / square_inches));
  if (most < kFewestDpi) return 0;
  return std::min(wanted, int(std::min(most, 10'000.0)));
}

Pixels pixels_of(const poppler::image& image, int dpi) {
  Pixels pixels{.width = image.width(), .height = image.height(), .dpi = dpi, .channels = 3, .data = {}};
  const std::size_t row = std::size_t(pixels.width) * 3;
  pixels.data.resize(row * std::size_t(pixels.height));
  for (int y = 0; y < pixels.height; ++y) {
    std::memcpy(pixels.data.data() + row * std::size_t(y),
                image.const_data() + std::size_t(image.bytes_per_row()) * std::size_t(y), row);
  }
  return pixels;
}

}  // namespace

class PdfPages::Document {
 public:
  Document(ByteView bytes, const RenderLimits& limits) : limits_(limits), bytes_(bytes.begin(), bytes.end()) {
    poppler::set_debug_error_function(say_nothing, nullptr);
    document_.reset(poppler::document::load_from_raw_data(bytes_.data(), int(bytes_.size())));
  }

  Result<void> check() const {
    if (!document_) return fail(Errc::corrupt, "the PDF is damaged and cannot be opened");
    if (document_->is_locked()) {
      return fail(Errc::refused, "the PDF is encrypted", {}, "ask the sender for a copy without a password");
    }
    if (document_->pages() < 1) return fail(Errc::corrupt, "the PDF is damaged: it has no page");
    if (document_->pages() > limits_.max_pages) return fail(Errc::refused, "the PDF has too many pages");
    return {};
  }

  [[nodiscard]] int count() const { return document_->pages(); }

  [[nodiscard]] Result<Pixels> draw(int number, int wanted_dpi) const {
    const std::unique_ptr<poppler::page> page(document_->create_page(number - 1));
    if (!page) return fail(Errc::corrupt, "the page of the PDF is damaged");
    const int dpi = fitting_dpi(page->page_rect(poppler::crop_box), wanted_dpi, limits_.max_pixels);
    if (dpi == 0) return fail(Errc::refused, "the page of the PDF has an impossible size");
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_rgb24);
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    const poppler::image image = renderer.render_page(page.get(), dpi, dpi);
    if (!image.is_valid() || image.width() < 1 || image.height() < 1) {
      return fail(Errc::corrupt, "the page of the PDF cannot be drawn");
    }
    return pixels_of(image, dpi);
  }

 private:
  RenderLimits limits_;
  std::vector<char> bytes_;  // Poppler reads from here as long as the document is open
  std::unique_ptr<poppler::document> document_;
};

PdfPages::PdfPages(std::unique_ptr<Document> document) : document_(std::move(document)) {}
PdfPages::PdfPages(PdfPages&&) noexcept = default;
PdfPages& PdfPages::operator=(PdfPages&&) noexcept = default;
PdfPages::~PdfPages() = default;

Result<PdfPages> PdfPages::open(ByteView bytes, const RenderLimits& limits) {
  if (bytes.size() > 0x7fffffff) return fail(Errc::refused, "the PDF is larger than 2 GB");
  auto document = std::make_unique<Document>(bytes, limits);
  MAILROOM_TRY_VOID(document->check());
  return PdfPages(std::move(document));
}

int PdfPages::count() const {
  return document_->count();
}
Result<Pixels> PdfPages::page(int number, int dpi) const {
  return document_->draw(number, dpi);
}

bool looks_like_pdf(ByteView bytes) {
  return as_text(bytes.first(std::min(bytes.size(), kHeaderWithin))).find("%PDF-") != std::string_view::npos;
}

}  // namespace mailroom::ocr
