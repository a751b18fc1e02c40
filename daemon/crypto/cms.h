#pragma once

#include <span>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/crypto/certificate.h"

/// Cryptographic Message Syntax (RFC 5652). All functions are reentrant.
namespace mailroom {

/// Signs `content` as it is, byte for byte. The result is a DER SignedData without the content
/// (RFC 5652 §5.2 "external signature"): SHA-256, signing time, the signer's certificate and
/// signing-certificate-v2 (RFC 5035). About 1 kB. The signing time is the machine's clock.
Result<Bytes> sign_detached(ByteView content, const Identity& signer);

/// Who signed, and when by the signer's own clock.
struct Signature {
  std::string subject;  ///< RFC 4514
  std::string common_name;
  std::string fingerprint;  ///< of the signer's certificate, SHA-256, lower-case hex
  Timestamp signed_at;      ///< to the second
};

/// Checks a detached SignedData over `content`: exactly one signer, whose certificate is made for
/// signing documents (EKU id-kp-documentSigning, RFC 9336), was valid at the signing time and
/// chains to one of `trusted`. The certificate's expiry after signing does not matter: documents
/// are checked years later. Errc::corrupt when content or signature were changed or are not a
/// signature at all, Errc::refused when the signature is good but its maker is not accepted.
Result<Signature> verify_detached(ByteView content, ByteView signature, std::span<const Certificate> trusted);

/// Encrypts `content` so that the holder of any of the `recipients`' keys can read it and any
/// change is noticed: DER AuthEnvelopedData with AES-256-GCM (RFC 5083, RFC 5084). RSA keys get
/// the content key by RSAES-OAEP with SHA-256 (RFC 3560), EC keys by ephemeral-static ECDH with
/// SHA-256 and AES-256 key wrap (RFC 5753). Two calls never give the same bytes.
Result<Bytes> encrypt_for(ByteView content, std::span<const Certificate> recipients);
Result<Bytes> encrypt_for(ByteView content, const Certificate& recipient);

/// Reads what encrypt_for() wrote. Errc::refused when it is not addressed to `recipient`,
/// Errc::corrupt when a byte was changed or it is no AuthEnvelopedData.
Result<Bytes> decrypt_with(ByteView message, const Identity& recipient);

/// sign_detached() over the UTF-8 bytes of `text`, as base64: the form that travels in JSON.
Result<std::string> sign_text(std::string_view text, const Identity& signer);
Result<Signature> verify_text(std::string_view text, std::string_view signature_base64,
                              std::span<const Certificate> trusted);

}  // namespace mailroom
