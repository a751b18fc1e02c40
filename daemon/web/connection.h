#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "daemon/web/serving.h"

namespace mailroom::web {

/// Serves one accepted connection to its end; with `tls` after a handshake. Never throws for what a
/// peer does.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket,
                                              boost::asio::ssl::context* tls, Serving& serving);

}  // namespace mailroom::web
