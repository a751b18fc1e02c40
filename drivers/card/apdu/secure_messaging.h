#pragma once

#include <memory>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "drivers/card/apdu/apdu.h"

namespace mailroom::card {

/// The keys and the counter of one secure channel (BSI TR-03110-3 F.2). Thread-bound.
class SessionCipher {
 public:
  virtual ~SessionCipher() = default;

  [[nodiscard]] virtual std::size_t block() const { return 16; }  ///< octets; AES
  /// Counts one message: called before each command and before each answer.
  virtual Result<void> count() = 0;
  /// `data` is a multiple of the block size in these.
  virtual Result<Bytes> encrypt(ByteView data) = 0;
  virtual Result<Bytes> decrypt(ByteView data) = 0;
  /// The 8 octets of the checksum over the counter and `data`, which is padded already.
  virtual Result<Bytes> checksum(ByteView data) = 0;
};

/// ISO/IEC 7816-4 padding: 80 and zeros up to a whole block.
Bytes padded(Bytes data, std::size_t block);
/// Errc::corrupt when there is no such padding.
Result<Bytes> unpadded(Bytes data, std::size_t block);

/// One side of secure messaging (ISO/IEC 7816-4 §10): whole commands and answers, data object 87 with padding
/// indicator 01, 97, 99 and 8E. The first failure ends it: every later call is Errc::illegal_state. So an answer
/// that is replayed, reordered, cut or changed is never followed by another one. Move-only, thread-bound.
class SecureMessaging {
 public:
  explicit SecureMessaging(std::unique_ptr<SessionCipher> cipher) : cipher_(std::move(cipher)) {}

  /// The terminal's side. Errc::refused for an answer whose checksum is wrong or missing, Errc::corrupt for one
  /// that is not built as it should be.
  Result<CommandApdu> wrap(const CommandApdu& command);
  Result<ResponseApdu> unwrap(const ResponseApdu& response);

  /// The card's side, by the same rules.
  Result<CommandApdu> unwrap(const CommandApdu& command);
  Result<ResponseApdu> wrap(const ResponseApdu& response);

  [[nodiscard]] bool ended() const { return cipher_ == nullptr; }

 private:
  Result<CommandApdu> wrap_command(const CommandApdu& command);
  Result<ResponseApdu> open_answer(const ResponseApdu& response);
  Result<CommandApdu> open_command(const CommandApdu& command);
  Result<ResponseApdu> close_answer(const ResponseApdu& response);
  Result<Bytes> cryptogram(ByteView data);
  Result<Bytes> plain(ByteView cryptogram);
  Result<void> check(ByteView covered, ByteView claimed);
  template <typename T>
  Result<T> ended_by_failure(Result<T> outcome);

  std::unique_ptr<SessionCipher> cipher_;
};

}  // namespace mailroom::card
