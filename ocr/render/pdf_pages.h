#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// Bounds on what an incoming PDF may ask for.
struct RenderLimits {
  int max_pages = 2'000;
  std::uint64_t max_pixels = 100'000'000;  ///< of one page; larger paper is drawn at fewer dpi, down to 72
};

/// True when `bytes` begin like a PDF (ISO 32000-2 §7.5.2; the header may stand within the first 1024 bytes).
bool looks_like_pdf(ByteView bytes);

/// An incoming PDF, to be turned into page pixels (Poppler). Move-only; thread-bound. Time is the
/// caller's to limit: a hostile page can take for ever, so this belongs into a process that may be killed.
class PdfPages {
 public:
  /// Opens a PDF; keeps a copy of `bytes`. Errc::refused when it is encrypted or has too many pages,
  /// Errc::corrupt when it cannot be understood or has no page.
  static Result<PdfPages> open(ByteView bytes, const RenderLimits& limits = {});

  PdfPages(PdfPages&&) noexcept;
  PdfPages& operator=(PdfPages&&) noexcept;
  ~PdfPages();

  [[nodiscard]] int count() const;

  /// Page `number` (from 1) as RGB pixels with its resolution; 300 dpi unless it is too large for that.
  /// Errc::corrupt for a page that cannot be drawn, Errc::refused for one that is too large.
  [[nodiscard]] Result<Pixels> page(int number, int dpi = 300) const;

 private:
  class Document;
  explicit PdfPages(std::unique_ptr<Document> document);
  std::unique_ptr<Document> document_;
};

/// Reads the system's font configuration and draws a page with every standard font once, so that
/// afterwards Poppler opens font and character map files only. Call before a sandbox is shut. Returns false
/// when even that page cannot be drawn.
bool warm_up_fonts();

/// The files that Poppler may open while it draws: the installed fonts and its character maps.
std::vector<std::string> files_for_drawing();

}  // namespace mailroom::ocr
