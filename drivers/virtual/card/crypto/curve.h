#pragma once

#include <memory>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

struct bignum_st;

namespace mailroom::card {

struct NumberDeleter {
  void operator()(bignum_st* number) const noexcept;
};
using Number = std::unique_ptr<bignum_st, NumberDeleter>;

/// A private number and the point that belongs to it, uncompressed. Move-only.
struct CurveKey {
  Number secret;
  Bytes point;
};

/// Arithmetic on brainpoolP256r1 (RFC 5639), by OpenSSL and apart from libeac, so that a virtual card and a
/// terminal that agree have not just made the same mistake. Points are uncompressed octets (SEC 1 §2.3.3).
/// Errc::corrupt for octets that are no point of the curve. Reentrant.
namespace curve {

inline constexpr std::size_t kOctets = 32;

const Bytes& generator();
CurveKey make_key(const Bytes& generator = curve::generator());
Result<Bytes> multiply(const Number& secret, ByteView point);
Result<Bytes> add(ByteView a, ByteView b);
Number number_from(ByteView octets);
Bytes octets_of(const Number& number);
Bytes x_of(ByteView point);  ///< the first coordinate; `point` is a point

/// ECDSA with SHA-256, r and s side by side.
Bytes sign(const CurveKey& key, ByteView message);
bool is_signed(ByteView point, ByteView message, ByteView signature);

/// The key as PKCS #8 in PEM, for a token.
std::string pem_of(const CurveKey& key);

/// The objects 81 to 85 and 87 of a public key with all domain parameters (TR-03110-3 D.3.3), for key `point`.
Bytes full_public_key(ByteView scheme, ByteView point);
Bytes short_public_key(ByteView scheme, ByteView point);

}  // namespace curve
}  // namespace mailroom::card
