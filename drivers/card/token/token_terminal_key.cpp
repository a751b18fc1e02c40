#include "drivers/card/token/token_terminal_key.h"

#include <algorithm>

#include "daemon/crypto/secret_file.h"
#include "drivers/card/token/pkcs11_module.h"

namespace mailroom::card {
namespace {

class TokenTerminalKey final : public TerminalKey {
 public:
  TokenTerminalKey(Pkcs11Module module, TokenSession session, Bytes id)
      : module_(std::move(module)), session_(std::move(session)), id_(std::move(id)) {}

  Result<Bytes> sign(ByteView message) override {
    MAILROOM_TRY(auto made, session_.sign(id_, message));
    if (made.scheme != SignatureScheme::ecdsa_plain)
      return fail(Errc::unsupported, "the terminal's key is not of elliptic curves");
    return std::move(made.signature);
  }

 private:
  Pkcs11Module module_;
  TokenSession session_;
  Bytes id_;
};

Result<std::string> read_pin(const std::filesystem::path& file) {
  MAILROOM_TRY(const Bytes bytes, read_secret_file(file));
  const std::string text(as_text(bytes));
  return text.substr(0, text.find('\n'));
}

}  // namespace

Result<std::unique_ptr<TerminalKey>> open_token_key(const TokenKeyPlace& place) {
  MAILROOM_TRY(auto module, Pkcs11Module::load(place.module));
  MAILROOM_TRY(const auto tokens, module.tokens());
  const auto token = std::find_if(tokens.begin(), tokens.end(), [&](const auto& one) { return one.label == place.token; });
  if (token == tokens.end()) return fail(Errc::not_found, "there is no token '" + place.token + "'");
  MAILROOM_TRY(const std::string pin, read_pin(place.pin_file));
  MAILROOM_TRY(auto session, module.log_in(token->slot, pin));
  MAILROOM_TRY(Bytes id, session.key_id(place.key));
  return std::unique_ptr<TerminalKey>(
      std::make_unique<TokenTerminalKey>(std::move(module), std::move(session), std::move(id)));
}

}  // namespace mailroom::card
