#pragma once

// For the sources of this room only: includes libeac and OpenSSL.
#include <eac/eac.h>

#include <memory>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::card {

struct BufferDeleter {
  void operator()(BUF_MEM* buffer) const noexcept { BUF_MEM_clear_free(buffer); }
};

/// libeac's form of octets, wiped when it goes.
using Buffer = std::unique_ptr<BUF_MEM, BufferDeleter>;

/// A copy of `bytes`. Throws std::bad_alloc.
Buffer buffer_of(ByteView bytes);

/// The octets of what libeac gave; its failure as `code` and `what` otherwise.
Result<Bytes> bytes_of(const Buffer& buffer, Errc code, const char* what);

/// Forgets what OpenSSL noted about the failure, which may hold what the card sent.
tl::unexpected<Error> fail_eac(Errc code, const char* what);

}  // namespace mailroom::card
