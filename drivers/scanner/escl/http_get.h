#pragma once

#include <chrono>
#include <string>

#include "daemon/base/result.h"

namespace mailroom::drivers {

/// Fetches a small document by HTTP/1.1 (RFC 9112), asking the peer to close behind it. Nothing within
/// `patience` or no connection is Errc::device_lost; another status than 200, a cut or a document of more
/// than 256 KiB is Errc::corrupt. Follows no redirection, speaks no TLS. Reentrant.
Result<std::string> http_get(const std::string& host, const std::string& port, const std::string& path,
                             std::chrono::milliseconds patience);

}  // namespace mailroom::drivers
