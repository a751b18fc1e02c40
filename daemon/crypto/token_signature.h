#pragma once

#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/crypto/certificate.h"

/// What tokens (smart cards, HSMs) hand out. Reentrant.
namespace mailroom {

/// A certificate in its DER form. Errc::corrupt.
Result<Certificate> certificate_from_der(ByteView der);

/// Checks that the holder of the private key to `certificate` signed `message` with SHA-256. `scheme` is
/// "ecdsa_plain" (r and s side by side, of equal length) or "rsa_pkcs1" (RSASSA-PKCS1-v1_5). Errc::refused when
/// not, Errc::unsupported for another scheme or one that does not fit the key.
Result<void> verify_token_signature(const Certificate& certificate, ByteView message, ByteView signature,
                                    std::string_view scheme);

}  // namespace mailroom
