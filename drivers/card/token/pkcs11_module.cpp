#include "drivers/card/token/pkcs11_module.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "daemon/crypto/digest.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kMostObjects = 64;
constexpr std::size_t kLongestSignature = 1024;

std::string trimmed(const unsigned char* text, std::size_t size) {
  std::string words(reinterpret_cast<const char*>(text), size);
  const auto end = words.find_last_not_of(std::string("\0 ", 2));
  words.resize(end == std::string::npos ? 0 : end + 1);
  return words;
}

tl::unexpected<Error> fail_token(CK_RV code, const char* what) {
  char number[32];
  std::snprintf(number, sizeof number, "0x%lx", static_cast<unsigned long>(code));
  const std::string text = std::string(what) + " (PKCS#11 " + number + ")";
  switch (code) {
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_DEVICE_REMOVED:
    case CKR_SESSION_HANDLE_INVALID:
      return fail(Errc::device_lost, "the token is gone: " + text, {}, "put the card back and begin again");
    case CKR_DEVICE_ERROR: return fail(Errc::io, text);
    default: return fail(Errc::refused, text);
  }
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value), size};
}

}  // namespace

class Pkcs11Module::State {
 public:
  State(void* library, CK_FUNCTION_LIST* functions, bool started_here)
      : library_(library), functions_(functions), started_here_(started_here) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (started_here_) functions_->C_Finalize(nullptr);
    ::dlclose(library_);
  }
  [[nodiscard]] CK_FUNCTION_LIST* operator->() const { return functions_; }

 private:
  void* library_;
  CK_FUNCTION_LIST* functions_;
  bool started_here_;  ///< and not by another object for the same library
};

class TokenSession::State {
 public:
  State(std::shared_ptr<Pkcs11Module::State> loaded, CK_SESSION_HANDLE open) : module(std::move(loaded)), handle(open) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    (*module)->C_Logout(handle);
    (*module)->C_CloseSession(handle);
  }

  Result<std::vector<CK_OBJECT_HANDLE>> find(std::vector<CK_ATTRIBUTE> wanted) const;
  [[nodiscard]] Bytes value_of(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  std::shared_ptr<Pkcs11Module::State> module;
  CK_SESSION_HANDLE handle;
};

Result<std::vector<CK_OBJECT_HANDLE>> TokenSession::State::find(std::vector<CK_ATTRIBUTE> wanted) const {
  CK_RV code = (*module)->C_FindObjectsInit(handle, wanted.data(), wanted.size());
  if (code != CKR_OK) return fail_token(code, "the token cannot be searched");
  std::array<CK_OBJECT_HANDLE, kMostObjects> found{};
  CK_ULONG count = 0;
  code = (*module)->C_FindObjects(handle, found.data(), found.size(), &count);
  (*module)->C_FindObjectsFinal(handle);
  if (code != CKR_OK) return fail_token(code, "the token cannot be searched");
  return std::vector<CK_OBJECT_HANDLE>(found.begin(), found.begin() + std::ptrdiff_t(count));
}

Bytes TokenSession::State::value_of(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE wanted{type, nullptr, 0};
  if ((*module)->C_GetAttributeValue(handle, object, &wanted, 1) != CKR_OK || wanted.ulValueLen > 65536) return {};
  Bytes value(wanted.ulValueLen);
  wanted.pValue = value.data();
  if ((*module)->C_GetAttributeValue(handle, object, &wanted, 1) != CKR_OK) return {};
  return value;
}

Pkcs11Module::Pkcs11Module(std::shared_ptr<State> state) : state_(std::move(state)) {}
Pkcs11Module::Pkcs11Module(Pkcs11Module&&) noexcept = default;
Pkcs11Module& Pkcs11Module::operator=(Pkcs11Module&&) noexcept = default;
Pkcs11Module::~Pkcs11Module() = default;

Result<Pkcs11Module> Pkcs11Module::load(const std::filesystem::path& library) {
  const Place place = Place::in_file(library.string());
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return fail(Errc::not_found, "the PKCS#11 module cannot be loaded", place, "check its path in the configuration");
  const auto entry = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (entry == nullptr || entry(&functions) != CKR_OK || functions == nullptr) {
    ::dlclose(handle);
    return fail(Errc::unsupported, "this library is no PKCS#11 module", place);
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    ::dlclose(handle);
    return fail_token(code, "the PKCS#11 module does not start");
  }
  return Pkcs11Module(std::make_shared<State>(handle, functions, code == CKR_OK));
}

Result<std::vector<TokenSight>> Pkcs11Module::tokens() {
  std::array<CK_SLOT_ID, kMostObjects> slots{};
  CK_ULONG count = slots.size();
  const CK_RV code = (*state_)->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (code != CKR_OK) return fail_token(code, "the module's slots cannot be listed");
  std::vector<TokenSight> list;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_SLOT_INFO slot{};
    CK_TOKEN_INFO token{};
    if ((*state_)->C_GetSlotInfo(slots[i], &slot) != CKR_OK || (*state_)->C_GetTokenInfo(slots[i], &token) != CKR_OK)
      continue;
    list.push_back({slots[i], trimmed(slot.slotDescription, sizeof slot.slotDescription),
                    trimmed(token.label, sizeof token.label), trimmed(token.serialNumber, sizeof token.serialNumber),
                    (token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0});
  }
  return list;
}

Result<TokenSession> Pkcs11Module::log_in(unsigned long slot, const std::optional<std::string>& pin) {
  CK_SESSION_HANDLE handle = 0;
  CK_RV code = (*state_)->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
  if (code != CKR_OK) return fail_token(code, "the token cannot be opened");
  auto session = std::make_unique<TokenSession::State>(state_, handle);
  std::string digits = pin.value_or("");
  code = (*state_)->C_Login(handle, CKU_USER, pin ? reinterpret_cast<CK_UTF8CHAR*>(digits.data()) : nullptr,
                            digits.size());
  std::fill(digits.begin(), digits.end(), '\0');
  if (code == CKR_TOKEN_NOT_PRESENT || code == CKR_DEVICE_REMOVED) return fail_token(code, "the login failed");
  if (code != CKR_OK) {
    const auto refused = fail_token(code, "the token refuses the PIN");
    return fail(Errc::refused, refused.value().what);
  }
  return TokenSession(std::move(session));
}

TokenSession::TokenSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
TokenSession::TokenSession(TokenSession&&) noexcept = default;
TokenSession& TokenSession::operator=(TokenSession&&) noexcept = default;
TokenSession::~TokenSession() = default;

Result<Bytes> TokenSession::key_id(const std::string& label) {
  const CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
  MAILROOM_TRY(const auto keys, state_->find({attribute(CKA_CLASS, &kind, sizeof kind),
                                              attribute(CKA_LABEL, label.data(), label.size())}));
  if (keys.size() != 1) return fail(Errc::not_found, "the token holds no key, or several, named '" + label + "'");
  return state_->value_of(keys.front(), CKA_ID);
}

Result<std::vector<TokenSession::StoredCertificate>> TokenSession::certificates() {
  const CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
  MAILROOM_TRY(const auto objects, state_->find({attribute(CKA_CLASS, &kind, sizeof kind)}));
  std::vector<StoredCertificate> list;
  for (const auto object : objects) list.push_back({state_->value_of(object, CKA_ID), state_->value_of(object, CKA_VALUE)});
  return list;
}

Result<TokenSession::Signed> TokenSession::sign(const Bytes& id, ByteView message) {
  const CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
  MAILROOM_TRY(const auto keys, state_->find({attribute(CKA_CLASS, &kind, sizeof kind),
                                              attribute(CKA_ID, id.data(), id.size())}));
  if (keys.empty()) return fail(Errc::not_found, "the token does not hold the private key");
  const Bytes type_octets = state_->value_of(keys.front(), CKA_KEY_TYPE);
  CK_KEY_TYPE type = 0;
  if (type_octets.size() == sizeof type) std::copy(type_octets.begin(), type_octets.end(), reinterpret_cast<std::uint8_t*>(&type));
  if (type != CKK_EC && type != CKK_RSA) return fail(Errc::unsupported, "the token's key is neither EC nor RSA");
  const bool ec = type == CKK_EC;
  CK_MECHANISM mechanism{ec ? CK_MECHANISM_TYPE(CKM_ECDSA) : CK_MECHANISM_TYPE(CKM_SHA256_RSA_PKCS), nullptr, 0};
  CK_RV code = (*state_->module)->C_SignInit(state_->handle, &mechanism, keys.front());
  if (code != CKR_OK) return fail_token(code, "the token cannot sign");
  Bytes input = ec ? sha256(message) : Bytes(message.begin(), message.end());
  Bytes signature(kLongestSignature);
  CK_ULONG size = signature.size();
  code = (*state_->module)->C_Sign(state_->handle, input.data(), input.size(), signature.data(), &size);
  if (code != CKR_OK) return fail_token(code, "the token cannot sign");
  signature.resize(size);
  return Signed{ec ? SignatureScheme::ecdsa_plain : SignatureScheme::rsa_pkcs1, std::move(signature)};
}

}  // namespace mailroom::card
