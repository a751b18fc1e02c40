#include "daemon/station/file_parts.h"

#include "daemon/intake/readable_file.h"

namespace mailroom::station {

using nlohmann::json;

namespace {

bool has_data(const archive::Page& page) {
  return page.report && page.report->file.contains("invoice");
}

bool has_own_pages(const archive::Page& page) {
  return page.image.format == ImageFormat::pdf || page.image.format == ImageFormat::mail;
}

}  // namespace

Result<Bytes> FileParts::own_bytes(const archive::Page& page) const {
  return spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256);
}

Result<FileParts::Parts> FileParts::parts_of(const archive::Page& page) {
  constexpr int kSmallest = 64;  // pixels of a page that is drawn to be counted
  Parts parts;
  if (has_own_pages(page)) {
    MAILROOM_TRY(parts.own, own_bytes(page));
    const auto first = pictures_.pdf_page(parts.own, 1, kSmallest);
    if (first) parts.own_pages = first->pages;
  }
  if (parts.own_pages > 0 && !has_data(page)) return parts;
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
  if (has_own_pages(page) && !has_data(page)) {  // as a rule, and then nothing has to be counted
    MAILROOM_TRY(const Bytes own, own_bytes(page));
    auto drawn = pictures_.pdf_page(own, number, longest);
    if (drawn) return std::move(drawn->jpeg);
  }
  MAILROOM_TRY(const auto parts, parts_of(page));
  const bool own = number > parts.readable_pages;
  if (own) number -= parts.readable_pages;
  if (own && number > parts.own_pages) return fail(Errc::not_found, "the file has no such part");
  MAILROOM_TRY(auto drawn, pictures_.pdf_page(own ? parts.own : parts.readable, number, longest));
  return std::move(drawn.jpeg);
}

}  // namespace mailroom::station
