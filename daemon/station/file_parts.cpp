#include "daemon/station/file_parts.h"

#include "daemon/intake/readable_file.h"

namespace mailroom::station {

using nlohmann::json;

Result<FileParts::Parts> FileParts::parts_of(const archive::Page& page) {
  constexpr int kSmallest = 64;  // pixels of a page that is drawn to be counted
  Parts parts;
  if (page.image.format == ImageFormat::pdf || page.image.format == ImageFormat::mail) {
    MAILROOM_TRY(parts.own, spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format},
                                        page.image.sha256));
    const auto first = pictures_.pdf_page(parts.own, 1, kSmallest);
    if (first) parts.own_pages = first->pages;
  }
  const bool has_data = page.report && page.report->file.contains("invoice");
  if (parts.own_pages > 0 && !has_data) return parts;
  MAILROOM_TRY(parts.readable, intake::readable_pdf(page.report ? page.report->file : json(nullptr),
                                                    {page.id, "", "", page.image.sha256, page.captured_at}));
  MAILROOM_TRY(const auto first, pictures_.pdf_page(parts.readable, 1, kSmallest));
  parts.readable_pages = first.pages;
  return parts;
}

Result<int> FileParts::count(const archive::Page& page) {
  MAILROOM_TRY(const auto parts, parts_of(page));
  return parts.readable_pages + parts.own_pages;
}

Result<Bytes> FileParts::part(const archive::Page& page, int number, int longest) {
  MAILROOM_TRY(const auto parts, parts_of(page));
  const bool own = number > parts.readable_pages;
  if (own) number -= parts.readable_pages;
  if (own && number > parts.own_pages) return fail(Errc::not_found, "the file has no such part");
  MAILROOM_TRY(auto drawn, pictures_.pdf_page(own ? parts.own : parts.readable, number, longest));
  return std::move(drawn.jpeg);
}

}  // namespace mailroom::station
