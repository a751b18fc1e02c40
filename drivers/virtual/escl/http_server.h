#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <thread>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::drivers::escl {

/// What a client asked for.
struct HttpRequest {
  std::string method;  ///< "GET"
  std::string path;    ///< "/eSCL/ScannerStatus"
  std::string body;
};

/// One answer, well-behaved or not: a device that is out of order is what this server is for.
/// Thread-bound to the thread that runs the handler.
class HttpReply {
 public:
  HttpReply(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}

  /// A whole answer. `headers` are further ones, by name.
  void send(int status, const std::string& media_type, ByteView body,
            const std::map<std::string, std::string>& headers = {});
  void send(int status) { send(status, "", {}); }

  /// Announces all of `body` and sends the first `size` bytes of it only.
  void send_part(const std::string& media_type, ByteView body, std::size_t size);

  /// Says nothing more until the client leaves or the server ends.
  void stall() const;

 private:
  void send_all(ByteView bytes) const;

  int socket_;
  const std::atomic<bool>& stopping_;
};

/// A small HTTP/1.1 server (RFC 9112): one request a connection, a thread for each, no TLS. For devices that
/// stand in for real ones on loopback; it is not meant for a network.
class HttpServer {
 public:
  /// Answers one request; called on the connection's thread. Returning without a word closes the connection.
  using Handler = std::function<void(const HttpRequest&, HttpReply&)>;

  /// Listens on `address` (IPv4) at a free port.
  static Result<std::unique_ptr<HttpServer>> start(const std::string& address, Handler handler);
  HttpServer(UniqueFd socket, int port, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  ///< ends the connections, whatever they wait for

  [[nodiscard]] int port() const { return port_; }

 private:
  struct Connection {
    UniqueFd socket;
    std::atomic<bool> over = false;
    std::thread thread;
  };
  void accept_all();
  void serve(Connection& connection);
  void reap(bool all);

  UniqueFd socket_;
  int port_;
  Handler handler_;
  std::atomic<bool> stopping_ = false;
  std::list<Connection> connections_;  // of the accepting thread
  std::thread thread_;                 // last: starts when the rest is there
};

}  // namespace mailroom::drivers::escl
