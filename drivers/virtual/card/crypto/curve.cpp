#include "drivers/virtual/card/crypto/curve.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "drivers/card/apdu/tlv.h"

namespace mailroom::card {

void NumberDeleter::operator()(bignum_st* number) const noexcept { BN_clear_free(number); }

namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Group = std::unique_ptr<EC_GROUP, Deleter<&EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<&EC_POINT_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<&EVP_PKEY_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Deleter<&ECDSA_SIG_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Deleter<&EVP_MD_CTX_free>>;

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot compute on brainpoolP256r1");
}

const EC_GROUP* group() {
  static const Group brainpool(EC_GROUP_new_by_curve_name(NID_brainpoolP256r1));
  must(brainpool != nullptr);
  return brainpool.get();
}

Point new_point() {
  Point point(EC_POINT_new(group()));
  must(point != nullptr);
  return point;
}

Result<Point> point_from(ByteView octets) {
  Point point = new_point();
  if (EC_POINT_oct2point(group(), point.get(), octets.data(), octets.size(), nullptr) != 1 ||
      EC_POINT_is_at_infinity(group(), point.get()) == 1)
    return fail(Errc::corrupt, "these octets are no point of the curve");
  return point;
}

Bytes octets_of_point(const EC_POINT* point) {
  Bytes octets(1 + 2 * curve::kOctets);
  must(EC_POINT_point2oct(group(), point, POINT_CONVERSION_UNCOMPRESSED, octets.data(), octets.size(), nullptr) ==
       octets.size());
  return octets;
}

Key key_from(ByteView point, const BIGNUM* secret) {
  const std::unique_ptr<OSSL_PARAM_BLD, Deleter<&OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "brainpoolP256r1", 0) == 1 &&
       OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  if (secret != nullptr) must(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
  const std::unique_ptr<OSSL_PARAM, Deleter<&OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Deleter<&EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) != 1)
    return nullptr;
  return Key(key);
}

Bytes octets_of_number(const BIGNUM* number) {
  Bytes octets(curve::kOctets);
  must(BN_bn2binpad(number, octets.data(), int(octets.size())) == int(octets.size()));
  return octets;
}

}  // namespace

namespace curve {

const Bytes& generator() {
  static const Bytes octets = octets_of_point(EC_GROUP_get0_generator(group()));
  return octets;
}

CurveKey make_key(const Bytes& generator) {
  Number secret(BN_new());
  do {
    must(BN_priv_rand_range(secret.get(), EC_GROUP_get0_order(group())) == 1);
  } while (BN_is_zero(secret.get()));
  auto point = multiply(secret, generator);
  must(point.has_value());
  return {std::move(secret), *std::move(point)};
}

Result<Bytes> multiply(const Number& secret, ByteView point) {
  MAILROOM_TRY(const Point base, point_from(point));
  const Point product = new_point();
  must(EC_POINT_mul(group(), product.get(), nullptr, base.get(), secret.get(), nullptr) == 1);
  if (EC_POINT_is_at_infinity(group(), product.get()) == 1) return fail(Errc::corrupt, "a point of small order");
  return octets_of_point(product.get());
}

Result<Bytes> add(ByteView a, ByteView b) {
  MAILROOM_TRY(const Point left, point_from(a));
  MAILROOM_TRY(const Point right, point_from(b));
  const Point sum = new_point();
  must(EC_POINT_add(group(), sum.get(), left.get(), right.get(), nullptr) == 1);
  if (EC_POINT_is_at_infinity(group(), sum.get()) == 1) return fail(Errc::corrupt, "the points cancel out");
  return octets_of_point(sum.get());
}

Number number_from(ByteView octets) { return Number(BN_bin2bn(octets.data(), int(octets.size()), nullptr)); }
Bytes octets_of(const Number& number) { return octets_of_number(number.get()); }

Bytes x_of(ByteView point) {
  const ByteView x = point.subspan(1, kOctets);
  return {x.begin(), x.end()};
}

Bytes sign(const CurveKey& key, ByteView message) {
  const Key handle = key_from(key.point, key.secret.get());
  must(handle != nullptr);
  const Digest context(EVP_MD_CTX_new());
  Bytes der(128);
  std::size_t size = der.size();
  must(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, handle.get()) == 1 &&
       EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) == 1);
  const unsigned char* next = der.data();
  const Signature signature(d2i_ECDSA_SIG(nullptr, &next, long(size)));
  return joined(octets_of_number(ECDSA_SIG_get0_r(signature.get())),
                octets_of_number(ECDSA_SIG_get0_s(signature.get())));
}

bool is_signed(ByteView point, ByteView message, ByteView signature) {
  if (signature.size() != 2 * kOctets) return false;
  const Key handle = key_from(point, nullptr);
  if (!handle) return false;
  const Signature pair(ECDSA_SIG_new());
  must(ECDSA_SIG_set0(pair.get(), number_from(signature.first(kOctets)).release(),
                      number_from(signature.last(kOctets)).release()) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  const Digest context(EVP_MD_CTX_new());
  const bool good = EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, handle.get()) == 1 &&
                    EVP_DigestVerify(context.get(), der, std::size_t(size), message.data(), message.size()) == 1;
  OPENSSL_free(der);
  return good;
}

std::string pem_of(const CurveKey& key) {
  const Key handle = key_from(key.point, key.secret.get());
  const std::unique_ptr<BIO, Deleter<&BIO_free_all>> bio(BIO_new(BIO_s_mem()));
  must(handle && PEM_write_bio_PKCS8PrivateKey(bio.get(), handle.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, std::size_t(size)};
}

Bytes short_public_key(ByteView scheme, ByteView point) {
  return tlv(0x7F49, joined(tlv(0x06, scheme), tlv(0x86, point)));
}

Bytes full_public_key(ByteView scheme, ByteView point) {
  const Number p(BN_new()), a(BN_new()), b(BN_new());
  must(EC_GROUP_get_curve(group(), p.get(), a.get(), b.get(), nullptr) == 1);
  Bytes content = tlv(0x06, scheme);
  content = joined(content, tlv(0x81, octets_of_number(p.get())));
  content = joined(content, tlv(0x82, octets_of_number(a.get())));
  content = joined(content, tlv(0x83, octets_of_number(b.get())));
  content = joined(content, tlv(0x84, generator()));
  content = joined(content, tlv(0x85, octets_of_number(EC_GROUP_get0_order(group()))));
  content = joined(content, tlv(0x86, point));
  return tlv(0x7F49, joined(content, tlv(0x87, Bytes{0x01})));
}

}  // namespace curve
}  // namespace mailroom::card
