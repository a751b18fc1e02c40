#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

struct ssl_st;

namespace mailroom {

struct TlsDeleter {
  void operator()(ssl_st* tls) const noexcept;
};

/// The files one side shows and trusts (docs/formats/identities.md).
struct TlsParty {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// TLS 1.3 (RFC 8446) over a connected TCP socket, both sides with a certificate of the CA. A peer whose
/// certificate is not of the CA, not for this purpose or not of the expected name is Errc::refused; a peer
/// that is gone or silent beyond the time given is Errc::unreachable. After any error the stream is of no
/// more use. Move-only, thread-bound.
class TlsStream {
 public:
  /// As the client of `host`, a DNS name or IP address that must be in the peer's certificate.
  static Result<TlsStream> connect(UniqueFd socket, const TlsParty& us, const std::string& host,
                                   std::chrono::milliseconds patience);

  /// As the server for the client whose certificate has the common name `peer`.
  static Result<TlsStream> accept(UniqueFd socket, const TlsParty& us, const std::string& peer,
                                  std::chrono::milliseconds patience);

  TlsStream(TlsStream&&) noexcept = default;
  TlsStream& operator=(TlsStream&&) noexcept = default;
  ~TlsStream();  ///< says goodbye if the peer can take it at once

  /// Sends all of `bytes`; `patience` bounds the wait for room, not the whole.
  Result<void> send(ByteView bytes, std::chrono::milliseconds patience);

  /// Fills `room` wholly; false when the peer said goodbye before the first byte.
  Result<bool> receive(std::span<std::uint8_t> room, std::chrono::milliseconds patience);

  /// True when bytes have been decrypted already, which poll() on fd() does not see.
  [[nodiscard]] bool holds_bytes() const;
  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  TlsStream(UniqueFd socket, std::unique_ptr<ssl_st, TlsDeleter> tls);
  Result<void> wait(int outcome, std::chrono::milliseconds patience, const char* doing);

  UniqueFd socket_;
  std::unique_ptr<ssl_st, TlsDeleter> tls_;
};

}  // namespace mailroom
