#include "daemon/crypto/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>

#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

using Cms = std::unique_ptr<CMS_ContentInfo, OpensslDeleter<&CMS_ContentInfo_free>>;
using Store = std::unique_ptr<X509_STORE, OpensslDeleter<&X509_STORE_free>>;
using Chain =
    std::unique_ptr<STACK_OF(X509),
                    OpensslDeleter<[](STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }>>;

constexpr unsigned kFlags = CMS_BINARY;

Bytes der_of(const Cms& cms) {
  const auto bio = writing_bio();
  require(i2d_CMS_bio(bio.get(), cms.get()) == 1, "write a CMS message");
  return bytes_in(bio);
}

/// Reads exactly one DER message of the given type; bytes after it are an error too.
Result<Cms> parse(ByteView der, int type, const char* what) {
  const std::uint8_t* next = der.data();
  Cms cms(d2i_CMS_ContentInfo(nullptr, &next, long(der.size())));
  if (!cms || next != der.data() + der.size() || OBJ_obj2nid(CMS_get0_type(cms.get())) != type) {
    ERR_clear_error();
    return fail(Errc::corrupt, std::string("these bytes are no ") + what);
  }
  return cms;
}

CMS_SignerInfo* only_signer(const Cms& cms) {
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
  return sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : nullptr;
}

std::optional<std::time_t> signing_time_of(const CMS_SignerInfo* signer) {
  const int index = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  if (index < 0) return std::nullopt;
  X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, index);
  const ASN1_TYPE* value =
      X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
  if (value == nullptr || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME))
    return std::nullopt;
  std::tm parts{};
  if (ASN1_TIME_to_tm(reinterpret_cast<const ASN1_TIME*>(value->value.asn1_string), &parts) != 1)
    return std::nullopt;
  return ::timegm(&parts);
}

/// The chain is judged at the time of signing: a note must still be provable when the certificate
/// that signed it has long expired.
Store store_of(std::span<const Certificate> trusted, std::time_t at) {
  Store store(X509_STORE_new());
  require(store != nullptr, "make a certificate store");
  for (const auto& certificate : trusted) {
    require(X509_STORE_add_cert(store.get(), certificate.handle()) == 1, "trust a certificate");
  }
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), at);
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

/// RFC 9336: keeps the other holders of certificates of the same authority (the broker, the
/// recipients) from signing in the appliance's name.
bool may_sign_documents(X509* certificate) {
  const std::unique_ptr<EXTENDED_KEY_USAGE, OpensslDeleter<&EXTENDED_KEY_USAGE_free>> usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  const std::unique_ptr<ASN1_OBJECT, OpensslDeleter<&ASN1_OBJECT_free>> wanted(
      OBJ_txt2obj("1.3.6.1.5.5.7.3.36", 1));
  if (!usages) return false;
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
  }
  return false;
}

Certificate copy_of(X509* certificate) {
  require(certificate != nullptr && X509_up_ref(certificate) == 1, "hold a certificate");
  return Certificate(std::unique_ptr<X509, CertificateDeleter>(certificate));
}

/// True when OpenSSL's first complaint is about who signed and not about what was signed.
bool is_about_the_signer() {
  return ERR_GET_REASON(ERR_peek_error()) == CMS_R_CERTIFICATE_VERIFY_ERROR;
}

tl::unexpected<Error> fail_verification() {
  if (!is_about_the_signer()) return fail_openssl(Errc::corrupt, "the signature does not fit the content");
  const char* data = nullptr;
  int flags = 0;
  ERR_peek_error_all(nullptr, nullptr, nullptr, &data, &flags);
  std::string why =
      (flags & ERR_TXT_STRING) != 0 && data != nullptr ? std::string(": ") + data : std::string();
  ERR_clear_error();
  return fail(Errc::refused, "the signer's certificate is not accepted" + why);
}

void choose_key_transport(CMS_RecipientInfo* recipient) {
  EVP_PKEY_CTX* context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
  require(context != nullptr, "address a recipient");
  if (CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_TRANS) {
    require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1,
            "choose RSAES-OAEP");
    return;
  }
  require(EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) == 1, "choose the key derivation");
  EVP_CIPHER_CTX* wrap = CMS_RecipientInfo_kari_get0_ctx(recipient);
  require(wrap != nullptr && EVP_EncryptInit_ex(wrap, EVP_aes_256_wrap(), nullptr, nullptr, nullptr) == 1,
          "choose AES key wrap");
}

Result<void> address_to(const Cms& cms, const Certificate& certificate) {
  const int kind = EVP_PKEY_get_base_id(X509_get0_pubkey(certificate.handle()));
  if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) {
    return fail(Errc::unsupported,
                "contents can be encrypted to RSA and EC certificates only; this is neither: " +
                    certificate.subject());
  }
  CMS_RecipientInfo* recipient = CMS_add1_recipient_cert(cms.get(), certificate.handle(), CMS_KEY_PARAM);
  require(recipient != nullptr, "add a recipient");
  choose_key_transport(recipient);
  return {};
}

/// True when `certificate` is among those the message was made for.
bool is_addressed_to(const Cms& cms, X509* certificate) {
  STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms.get());
  for (int i = 0; i < sk_CMS_RecipientInfo_num(recipients); ++i) {
    CMS_RecipientInfo* recipient = sk_CMS_RecipientInfo_value(recipients, i);
    const int type = CMS_RecipientInfo_type(recipient);
    if (type == CMS_RECIPINFO_TRANS && CMS_RecipientInfo_ktri_cert_cmp(recipient, certificate) == 0)
      return true;
    if (type != CMS_RECIPINFO_AGREE) continue;
    STACK_OF(CMS_RecipientEncryptedKey)* keys = CMS_RecipientInfo_kari_get0_reks(recipient);
    for (int k = 0; k < sk_CMS_RecipientEncryptedKey_num(keys); ++k) {
      if (CMS_RecipientEncryptedKey_cert_cmp(sk_CMS_RecipientEncryptedKey_value(keys, k), certificate) == 0)
        return true;
    }
  }
  return false;
}

}  // namespace

Result<Bytes> sign_detached(ByteView content, const Identity& signer) {
  if (!signer.certificate.belongs_to(signer.key)) {
    return fail(Errc::refused, "the signing key does not belong to its certificate");
  }
  const auto input = reading_bio(content);
  const Cms cms(CMS_sign(signer.certificate.handle(), signer.key.handle(), nullptr, input.get(),
                         kFlags | CMS_DETACHED | CMS_NOSMIMECAP | CMS_CADES));
  if (!cms) return fail_openssl(Errc::refused, "cannot sign");
  return der_of(cms);
}

Result<Signature> verify_detached(ByteView content, ByteView signature,
                                  std::span<const Certificate> trusted) {
  MAILROOM_TRY(const auto cms, parse(signature, NID_pkcs7_signed, "signature (CMS SignedData)"));
  ASN1_OCTET_STRING** inside = CMS_get0_content(cms.get());
  if (inside != nullptr && *inside != nullptr)
    return fail(Errc::corrupt, "the signature carries a content of its own");
  CMS_SignerInfo* signer = only_signer(cms);
  if (signer == nullptr) return fail(Errc::corrupt, "the signature does not have exactly one signer");
  const auto signed_at = signing_time_of(signer);
  if (!signed_at) return fail(Errc::corrupt, "the signature does not say when it was made");
  const auto store = store_of(trusted, *signed_at);
  const auto input = reading_bio(content);
  if (CMS_verify(cms.get(), nullptr, store.get(), input.get(), nullptr, kFlags | CMS_DETACHED | CMS_CADES) !=
      1) {
    return fail_verification();
  }
  X509* certificate = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, nullptr, nullptr);
  const auto maker = copy_of(certificate);
  if (!may_sign_documents(maker.handle())) {
    return fail(Errc::refused,
                "the signer's certificate is not made for signing documents: " + maker.subject());
  }
  return Signature{maker.subject(), maker.common_name(), maker.fingerprint(),
                   Timestamp(std::chrono::seconds(*signed_at))};
}

Result<Bytes> encrypt_for(ByteView content, std::span<const Certificate> recipients) {
  if (recipients.empty()) return fail(Errc::invalid_input, "an encrypted content needs a recipient");
  const Cms cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
  require(cms != nullptr && CMS_set_detached(cms.get(), 0) == 1, "make AuthEnvelopedData");
  for (const auto& recipient : recipients) MAILROOM_TRY_VOID(address_to(cms, recipient));
  const auto input = reading_bio(content);
  if (CMS_final(cms.get(), input.get(), nullptr, kFlags) != 1)
    return fail_openssl(Errc::refused, "cannot encrypt");
  return der_of(cms);
}

Result<Bytes> encrypt_for(ByteView content, const Certificate& recipient) {
  return encrypt_for(content, std::span(&recipient, 1));
}

Result<Bytes> decrypt_with(ByteView message, const Identity& recipient) {
  MAILROOM_TRY(const auto cms, parse(message, NID_id_smime_ct_authEnvelopedData,
                                     "encrypted content (CMS AuthEnvelopedData)"));
  if (!is_addressed_to(cms, recipient.certificate.handle())) {
    return fail(Errc::refused, "the content is not encrypted to " + recipient.certificate.subject());
  }
  const auto output = writing_bio();
  if (CMS_decrypt(cms.get(), recipient.key.handle(), recipient.certificate.handle(), nullptr, output.get(),
                  kFlags) != 1) {
    return fail_openssl(Errc::corrupt, "the encrypted content was changed or cut");
  }
  return bytes_in(output);
}

Result<std::string> sign_text(std::string_view text, const Identity& signer) {
  MAILROOM_TRY(const auto signature, sign_detached(as_bytes(text), signer));
  return to_base64(signature);
}

Result<Signature> verify_text(std::string_view text, std::string_view signature_base64,
                              std::span<const Certificate> trusted) {
  MAILROOM_TRY(const auto signature, from_base64(signature_base64));
  return verify_detached(as_bytes(text), signature, trusted);
}

}  // namespace mailroom
