#pragma once

#include <memory>
#include <string>

#include "daemon/base/bytes.h"

struct evp_md_ctx_st;

namespace mailroom {

Bytes sha256(ByteView bytes);
std::string sha256_hex(ByteView bytes);  ///< 64 lower-case hex digits

/// SHA-256 over bytes that come in pieces. Move-only; thread-bound.
class DigestStream {
 public:
  DigestStream();
  void add(ByteView bytes);
  Bytes finish();  ///< the 32 bytes; the stream is spent afterwards

 private:
  struct Deleter {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Deleter> context_;
};

Bytes hmac_sha256(ByteView key, ByteView message);

/// Compares without telling by its time where the first difference is.
bool equal_in_constant_time(ByteView a, ByteView b);

/// `count` random bytes from the kernel. Throws when the kernel has none (never seen).
Bytes random_bytes(std::size_t count);

}  // namespace mailroom
