#pragma once

#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::invoice {

/// A leaf of an e-mail, decoded.
struct MailPart {
  std::string media_type;  ///< lower case, "text/plain" when the part says nothing
  std::string name;        ///< file name as given, may be empty; never used as a path
  Bytes bytes;
};

/// The leaves of an e-mail file (RFC 5322, MIME: RFC 2045 to 2047), in order; attached e-mails are opened
/// too. Damaged encodings are read as far as they go. Errc::invalid_input when it is no e-mail, Errc::refused
/// over the limits: 64 MiB, 10 levels, 200 parts. Reentrant.
Result<std::vector<MailPart>> mail_parts(ByteView mail);

/// Whether `bytes` begin like an e-mail: header lines, one of them known.
bool looks_like_mail(ByteView bytes);

}  // namespace mailroom::invoice
