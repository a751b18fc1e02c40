#include "daemon/crypto/openssl_error.h"

#include <openssl/err.h>

#include <climits>
#include <new>
#include <stdexcept>

namespace mailroom {

Bio reading_bio(ByteView bytes) {
  if (bytes.size() > std::size_t(INT_MAX)) throw std::length_error("more than 2 GiB for OpenSSL");
  // An empty view may have no address, which OpenSSL refuses.
  const void* data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  Bio bio(BIO_new_mem_buf(data, int(bytes.size())));
  if (!bio) throw std::bad_alloc();
  return bio;
}

Bio writing_bio() {
  Bio bio(BIO_new(BIO_s_mem()));
  if (!bio) throw std::bad_alloc();
  return bio;
}

Bytes bytes_in(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  if (size <= 0) return {};
  return Bytes(data, data + size);
}

namespace {

/// The reason OpenSSL gives first, which is the root cause; later ones are what it led to.
std::string take_reason() {
  const unsigned long code = ERR_peek_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? std::string() : std::string(reason);
}

}  // namespace

tl::unexpected<Error> fail_openssl(Errc code, const std::string& what, Place place) {
  const std::string reason = take_reason();
  return fail(code, reason.empty() ? what : what + ": " + reason, std::move(place));
}

void require(bool worked, const char* what) {
  if (!worked) throw std::runtime_error(std::string("OpenSSL cannot ") + what + ": " + take_reason());
}

}  // namespace mailroom
