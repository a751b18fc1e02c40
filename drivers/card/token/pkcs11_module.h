#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::card {

/// A token (HSM partition, smart card) that a module offers now.
struct TokenSight {
  unsigned long slot = 0;
  std::string reader;  ///< the slot's description; a card's begins with the name of its reader
  std::string label;
  std::string serial;
  bool has_keypad = false;  ///< the PIN is typed at the reader (CKF_PROTECTED_AUTHENTICATION_PATH)
};

enum class SignatureScheme {
  ecdsa_plain,  ///< ECDSA with SHA-256, r and s side by side
  rsa_pkcs1,    ///< RSASSA-PKCS1-v1_5 with SHA-256
};

/// A session with one token, logged in; logs out when it goes. Move-only, thread-bound; the module outlives it.
class TokenSession {
 public:
  class State;
  explicit TokenSession(std::unique_ptr<State> state);
  TokenSession(TokenSession&&) noexcept;
  TokenSession& operator=(TokenSession&&) noexcept;
  ~TokenSession();

  struct Signed {
    SignatureScheme scheme;
    Bytes signature;
  };
  /// Signs `message` with the private key whose identifier (CKA_ID) is `id`. Errc::not_found, refused.
  Result<Signed> sign(const Bytes& id, ByteView message);

  /// The identifier of the private key with that label. Errc::not_found.
  Result<Bytes> key_id(const std::string& label);

  struct StoredCertificate {
    Bytes id;   ///< that of its private key
    Bytes der;
  };
  Result<std::vector<StoredCertificate>> certificates();

 private:
  std::unique_ptr<State> state_;
};

/// A PKCS#11 module (version 2.40), loaded by its path. Once a module and process. Thread-bound.
class Pkcs11Module {
 public:
  class State;
  static Result<Pkcs11Module> load(const std::filesystem::path& library);
  Pkcs11Module(Pkcs11Module&&) noexcept;
  Pkcs11Module& operator=(Pkcs11Module&&) noexcept;
  ~Pkcs11Module();

  Result<std::vector<TokenSight>> tokens();

  /// Logs in; without a PIN it is typed at the keypad. Errc::refused for every refusal of it: what modules say then
  /// differs too much to tell a wrong PIN from a blocked one. Errc::device_lost when the token is gone.
  Result<TokenSession> log_in(unsigned long slot, const std::optional<std::string>& pin);

 private:
  explicit Pkcs11Module(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace mailroom::card
