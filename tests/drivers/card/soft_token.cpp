#include "tests/drivers/card/soft_token.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace mailroom::test {
namespace {

void run(const std::string& command) {
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
    throw std::runtime_error("failed: " + command);
}

}  // namespace

SoftToken::SoftToken() {
  std::filesystem::create_directory(folder_.path() / "tokens");
  const auto configuration = folder_.path() / "softhsm2.conf";
  std::ofstream(configuration) << "directories.tokendir = " << (folder_.path() / "tokens").string()
                               << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  ::setenv("SOFTHSM2_CONF", configuration.c_str(), 1);
}

bool SoftToken::installed() {
  return std::filesystem::exists(kModule);
}

void SoftToken::add_key(const std::string& token, const std::string& label, const std::string& pem) const {
  const auto file = folder_.path() / "key.pem";
  std::ofstream(file) << pem;
  run("softhsm2-util --init-token --free --label " + token + " --pin " + kPin + " --so-pin 0815");
  run("softhsm2-util --import " + file.string() + " --token " + token + " --label " + label +
      " --id 01 --pin " + kPin);
  std::filesystem::remove(file);
}

void SoftToken::add_certificate(const std::string& token, const std::string& label, const Bytes& der) const {
  const auto file = folder_.path() / "certificate.der";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(der.data()), std::streamsize(der.size()));
  run(std::string("pkcs11-tool --module ") + kModule + " --token-label " + token + " --login --pin " + kPin +
      " --write-object " + file.string() + " --type cert --id 01 --label " + label);
}

}  // namespace mailroom::test
