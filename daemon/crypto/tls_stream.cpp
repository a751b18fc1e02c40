#include "daemon/crypto/tls_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "daemon/crypto/certificate.h"
#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

using Context = std::unique_ptr<SSL_CTX, OpensslDeleter<&SSL_CTX_free>>;

/// What this side shows and trusts. Reads the key by our own reader, which refuses one that others may read.
Result<Context> context_of(const TlsParty& us) {
  Context context(SSL_CTX_new(TLS_method()));
  require(context != nullptr, "begin with TLS");
  require(SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1, "ask for TLS 1.3");
  require(SSL_CTX_set_num_tickets(context.get(), 0) == 1, "do without tickets");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  MAILROOM_TRY(const auto key, PrivateKey::read(us.key));
  MAILROOM_TRY(const auto certificate, Certificate::read(us.certificate));
  if (SSL_CTX_use_certificate(context.get(), certificate.handle()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.handle()) != 1)
    return fail_openssl(Errc::corrupt, "key and certificate do not fit", Place::in_file(us.key.string()));
  if (SSL_CTX_load_verify_file(context.get(), us.ca.c_str()) != 1)
    return fail_openssl(Errc::corrupt, "cannot read the CA", Place::in_file(us.ca.string()));
  return context;
}

void expect_host(SSL* tls, const std::string& host) {
  X509_VERIFY_PARAM* wanted = SSL_get0_param(tls);
  in6_addr ignored{};
  const bool address =
      ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
  require((address ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                   : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0)) == 1,
          "ask for a host name");
}

std::string peer_name(SSL* tls) {
  X509* raw = SSL_get1_peer_certificate(tls);
  return raw == nullptr ? "" : Certificate(std::unique_ptr<X509, CertificateDeleter>(raw)).common_name();
}

void make_patient(const UniqueFd& socket) {
  require(::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK) == 0,
          "set a socket up");
}

std::unique_ptr<SSL, TlsDeleter> session_on(const UniqueFd& socket, SSL_CTX* context) {
  make_patient(socket);
  std::unique_ptr<SSL, TlsDeleter> tls(SSL_new(context));
  require(tls != nullptr && SSL_set_fd(tls.get(), socket.get()) == 1, "begin a TLS session");
  return tls;
}

tl::unexpected<Error> gone(const char* doing) {
  ERR_clear_error();
  return fail(Errc::unreachable,
              std::string("the computer at the other end is gone or silent (") + doing + ")", {},
              "look at its power and network");
}

}  // namespace

void TlsDeleter::operator()(ssl_st* tls) const noexcept {
  SSL_free(tls);
}

TlsStream::TlsStream(UniqueFd socket, std::unique_ptr<ssl_st, TlsDeleter> tls)
    : socket_(std::move(socket)), tls_(std::move(tls)) {}

TlsStream::~TlsStream() {
  if (tls_) SSL_shutdown(tls_.get());
  ERR_clear_error();
}

/// Waits for what a TLS call that did not get through wants; an error when it cannot.
Result<void> TlsStream::wait(int outcome, std::chrono::milliseconds patience, const char* doing) {
  const int reason = SSL_get_error(tls_.get(), outcome);
  if (reason == SSL_ERROR_SSL) {
    const long verdict = SSL_get_verify_result(tls_.get());
    const std::string why =
        verdict == X509_V_OK ? "" : std::string(": ") + X509_verify_cert_error_string(verdict);
    return fail_openssl(Errc::refused, std::string("TLS was refused (") + doing + ")" + why);
  }
  if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) return gone(doing);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{socket_.get(), short(reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
    const int ready = left.count() > 0 ? ::poll(&wanted, 1, int(left.count())) : 0;
    if (ready > 0) return {};
    if (ready == 0 || errno != EINTR) return gone(doing);
  }
}

Result<TlsStream> TlsStream::connect(UniqueFd socket, const TlsParty& us, const std::string& host,
                                     std::chrono::milliseconds patience) {
  MAILROOM_TRY(const Context context, context_of(us));
  auto tls = session_on(socket, context.get());
  expect_host(tls.get(), host);
  TlsStream stream(std::move(socket), std::move(tls));
  for (;;) {
    const int outcome = SSL_connect(stream.tls_.get());
    if (outcome == 1) return stream;
    MAILROOM_TRY_VOID(stream.wait(outcome, patience, "connecting"));
  }
}

Result<TlsStream> TlsStream::accept(UniqueFd socket, const TlsParty& us, const std::string& peer,
                                    std::chrono::milliseconds patience) {
  MAILROOM_TRY(const Context context, context_of(us));
  auto tls = session_on(socket, context.get());
  TlsStream stream(std::move(socket), std::move(tls));
  for (;;) {
    const int outcome = SSL_accept(stream.tls_.get());
    if (outcome != 1) {
      MAILROOM_TRY_VOID(stream.wait(outcome, patience, "accepting"));
      continue;
    }
    const std::string name = peer_name(stream.tls_.get());
    if (name == peer) return stream;
    return fail(Errc::refused, "a client called '" + name + "' is not the one expected here, '" + peer + "'");
  }
}

Result<void> TlsStream::send(ByteView bytes, std::chrono::milliseconds patience) {
  while (!bytes.empty()) {
    const int sent = SSL_write(tls_.get(), bytes.data(), int(std::min<std::size_t>(bytes.size(), INT_MAX)));
    if (sent > 0) {
      bytes = bytes.subspan(std::size_t(sent));
    } else {
      MAILROOM_TRY_VOID(wait(sent, patience, "sending"));
    }
  }
  return {};
}

Result<bool> TlsStream::receive(std::span<std::uint8_t> room, std::chrono::milliseconds patience) {
  const std::size_t size = room.size();
  while (!room.empty()) {
    const int got = SSL_read(tls_.get(), room.data(), int(std::min<std::size_t>(room.size(), INT_MAX)));
    if (got > 0) {
      room = room.subspan(std::size_t(got));
      continue;
    }
    const bool farewell = SSL_get_error(tls_.get(), got) == SSL_ERROR_ZERO_RETURN;
    if (farewell && room.size() == size) return false;
    MAILROOM_TRY_VOID(wait(got, patience, "receiving"));
  }
  return true;
}

bool TlsStream::holds_bytes() const {
  return SSL_has_pending(tls_.get()) == 1;
}

}  // namespace mailroom
