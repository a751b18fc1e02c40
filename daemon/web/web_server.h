#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/web/message.h"

namespace mailroom::web {

struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM, with its chain
  std::filesystem::path key;          ///< PEM
  std::filesystem::path clients = {};  ///< PEM of the CA whose certificates browsers must show; empty: none
};

struct ServerSettings {
  std::string address = "127.0.0.1";    ///< IP address to listen on
  int port = 0;                         ///< 0: any free one
  std::optional<TlsFiles> tls = {};     ///< must be there when the address is not loopback
  std::vector<std::string> names = {};  ///< names it is reached by; loopback's own are known
  std::filesystem::path screens = {};   ///< folder of the browser files
  int connections = 256;
  std::chrono::milliseconds request_time{10'000};  ///< for the header, then for the body
  std::chrono::milliseconds idle_time{60'000};     ///< between two requests
};

/// An HTTP/1.1 server with TLS for browser screens (Boost.Beast). It refuses what no browser of ours
/// sends: other hosts (DNS rebinding), writing requests of other origins, requests that are too big,
/// too slow or not well formed; and sends the headers that keep foreign script out. One thread does
/// all input and output, four run the handlers. Thread-safe.
class WebServer {
 public:
  /// Listens and serves until destroyed. `otherwise` answers what neither a route nor a file has.
  /// Errc::refused without TLS on an address that others reach, Errc::busy when the port is taken.
  static Result<std::unique_ptr<WebServer>> listen(const ServerSettings& settings, std::vector<Route> routes,
                                                   Handler otherwise);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  [[nodiscard]] std::string url() const;  ///< "https://127.0.0.1:8450/"
  [[nodiscard]] int connections() const;  ///< open now
  void stop();                            ///< ends all connections; idempotent

 private:
  struct Core;
  explicit WebServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace mailroom::web
