#include "daemon/intake/received_format.h"

#include <algorithm>
#include <string_view>

#include "daemon/invoice/mail/mail_parts.h"

namespace mailroom::intake {
namespace {

constexpr std::size_t kHead = 1024;  // a PDF's mark may stand anywhere in it (ISO 32000-1, annex H.3.4.1)

/// Byte order marks and white space before it left out; UTF-16 shows as '<' with a zero beside it.
bool begins_like_xml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  const auto at = text.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && text[at] == '<';
}

}  // namespace

Result<ImageFormat> received_format(ByteView bytes) {
  const std::string_view head = as_text(bytes.first(std::min(bytes.size(), kHead)));
  if (begins_like_xml(head)) return ImageFormat::xml;
  if (head.find("%PDF-") != std::string_view::npos) return ImageFormat::pdf;
  if (invoice::looks_like_mail(bytes)) return ImageFormat::mail;
  return fail(Errc::refused, bytes.empty() ? "the file is empty" : "the file is no XML, PDF or e-mail", {},
              "send invoices as XML or PDF, e-mails as .eml");
}

bool seems_whole(ImageFormat format, ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (format == ImageFormat::xml) {
    const auto last = text.find_last_not_of(std::string_view(" \t\r\n\0", 5));
    return last != std::string_view::npos && text[last] == '>';
  }
  const auto tail = text.substr(text.size() - std::min(text.size(), kHead));
  return format != ImageFormat::pdf || tail.find("%%EOF") != std::string_view::npos;
}

}  // namespace mailroom::intake
