#pragma once

#include <memory>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

// For the sources of this room only: includes OpenSSL.
#include <openssl/bio.h>

namespace mailroom {

/// Frees an OpenSSL object with its own function.
template <auto Free>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using Bio = std::unique_ptr<BIO, OpensslDeleter<&BIO_free_all>>;

Bio reading_bio(ByteView bytes);  ///< does not copy: `bytes` must live as long
Bio writing_bio();
Bytes bytes_in(const Bio& bio);

/// "what: reason of OpenSSL"; empties the thread's queue of OpenSSL errors.
tl::unexpected<Error> fail_openssl(Errc code, const std::string& what, Place place = {});

/// For what can only fail when memory is short or OpenSSL is broken. Throws std::runtime_error.
void require(bool worked, const char* what);

}  // namespace mailroom
