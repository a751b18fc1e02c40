#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <fstream>
#include <string>

/// A PKCS#11 module that gives the tokens of another one a keypad: "THIS.so.conf" beside it names that module
/// in its first line and a file in its second. What the file holds at a login is what somebody types; without
/// the file nobody does. For tests; in no release.
namespace {

struct Settings {
  std::string module;
  std::string typed;
};

CK_FUNCTION_LIST* inner = nullptr;
CK_FUNCTION_LIST outer{};
Settings settings;

bool read_settings() {
  Dl_info self{};
  if (::dladdr(reinterpret_cast<void*>(&read_settings), &self) == 0) return false;
  std::ifstream file(std::string(self.dli_fname) + ".conf");
  return bool(std::getline(file, settings.module)) && bool(std::getline(file, settings.typed));
}

CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV code = inner->C_GetTokenInfo(slot, info);
  if (code == CKR_OK) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return code;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG /*size*/) {
  if (pin != nullptr) return CKR_ARGUMENTS_BAD;
  std::ifstream file(settings.typed);
  std::string digits;
  if (!std::getline(file, digits)) return CKR_FUNCTION_CANCELED;
  return inner->C_Login(session, user, reinterpret_cast<CK_UTF8CHAR*>(digits.data()), digits.size());
}

}  // namespace

extern "C" [[gnu::visibility("default")]] CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (inner == nullptr) {
    if (!read_settings()) return CKR_GENERAL_ERROR;
    void* module = ::dlopen(settings.module.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) return CKR_GENERAL_ERROR;
    const auto entry = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(module, "C_GetFunctionList"));
    if (entry == nullptr || entry(&inner) != CKR_OK) return CKR_GENERAL_ERROR;
    outer = *inner;
    outer.C_GetFunctionList = &C_GetFunctionList;
    outer.C_GetTokenInfo = &token_info;
    outer.C_Login = &log_in;
  }
  *list = &outer;
  return CKR_OK;
}
