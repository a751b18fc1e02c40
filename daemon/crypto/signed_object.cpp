#include "daemon/crypto/signed_object.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

using Cms = std::unique_ptr<CMS_ContentInfo, OpensslDeleter<&CMS_ContentInfo_free>>;
using Store = std::unique_ptr<X509_STORE, OpensslDeleter<&X509_STORE_free>>;

constexpr std::size_t kLargest = 64UL * 1024;

Cms read_signed(ByteView message, const std::string& content_type) {
  const std::uint8_t* next = message.data();
  Cms cms(d2i_CMS_ContentInfo(nullptr, &next, long(message.size())));
  if (!cms || next != message.data() + message.size() ||
      OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed)
    return nullptr;
  char name[80];
  OBJ_obj2txt(name, sizeof name, CMS_get0_eContentType(cms.get()), 1);
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
  if (content_type != name || sk_CMS_SignerInfo_num(signers) != 1) return nullptr;
  return cms;
}

Store store_of(std::span<const Certificate> trusted, Timestamp at) {
  Store store(X509_STORE_new());
  require(store != nullptr, "make a certificate store");
  for (const auto& certificate : trusted)
    require(X509_STORE_add_cert(store.get(), certificate.handle()) == 1, "trust a certificate");
  X509_VERIFY_PARAM* how = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(how, std::chrono::system_clock::to_time_t(at));
  // Document signers are made for nothing that OpenSSL has a word for.
  require(X509_VERIFY_PARAM_set_purpose(how, X509_PURPOSE_ANY) == 1, "choose a purpose");
  return store;
}

/// Whether the bytes are signed at all, by whomever.
bool is_sound(const Cms& cms) {
  const auto output = writing_bio();
  const bool sound = CMS_verify(cms.get(), nullptr, nullptr, nullptr, output.get(),
                                CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  ERR_clear_error();
  return sound;
}

}  // namespace

Result<Bytes> verify_signed_object(ByteView message, const std::string& content_type,
                                   std::span<const Certificate> trusted, Timestamp at) {
  if (message.size() > kLargest) return fail(Errc::corrupt, "a signed file is larger than any card's");
  const auto cms = read_signed(message, content_type);
  if (!cms) {
    ERR_clear_error();
    return fail(Errc::corrupt, "these bytes are no signed file of the expected kind");
  }
  if (!is_sound(cms)) return fail(Errc::corrupt, "a signed file was changed after it was signed");
  const auto store = store_of(trusted, at);
  const auto output = writing_bio();
  if (CMS_verify(cms.get(), nullptr, store.get(), nullptr, output.get(), CMS_BINARY) != 1)
    return fail_openssl(Errc::refused, "the signer of a signed file is not trusted");
  return bytes_in(output);
}

}  // namespace mailroom
