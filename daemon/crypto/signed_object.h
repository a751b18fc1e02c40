#pragma once

#include <span>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/crypto/certificate.h"

namespace mailroom {

/// The content of a CMS SignedData that carries it (RFC 5652 §5), such as the signed files of an identity card:
/// exactly one signer, whose certificate is inside and chains to one of `trusted` at the moment `at`, and the
/// content type is `content_type` (dotted). Errc::refused when the signature is good but its maker is not
/// accepted, Errc::corrupt for everything else. Reentrant.
Result<Bytes> verify_signed_object(ByteView message, const std::string& content_type,
                                   std::span<const Certificate> trusted, Timestamp at);

}  // namespace mailroom
