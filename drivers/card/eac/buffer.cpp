#include "drivers/card/eac/buffer.h"

#include <openssl/err.h>

#include <algorithm>
#include <new>

namespace mailroom::card {

Buffer buffer_of(ByteView bytes) {
  Buffer buffer(BUF_MEM_new());
  if (!buffer || BUF_MEM_grow(buffer.get(), bytes.size()) != bytes.size()) throw std::bad_alloc();
  std::copy(bytes.begin(), bytes.end(), buffer->data);
  return buffer;
}

Result<Bytes> bytes_of(const Buffer& buffer, Errc code, const char* what) {
  if (!buffer) return fail_eac(code, what);
  return Bytes(buffer->data, buffer->data + buffer->length);
}

tl::unexpected<Error> fail_eac(Errc code, const char* what) {
  ERR_clear_error();
  return fail(code, what);
}

}  // namespace mailroom::card
