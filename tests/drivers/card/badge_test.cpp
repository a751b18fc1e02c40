#include "daemon/crypto/token_signature.h"
#include "drivers/virtual/card/badge/cac_badge.h"
#include "tests/drivers/card/card_process_scene.h"

#include <openssl/x509.h>

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

Bytes der_of(const Certificate& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.handle(), &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Bytes challenge_of(std::uint8_t filling) {
  return Bytes(48, filling);
}

}  // namespace

TEST_CASE("a badge proves itself by a fresh signature after its PIN, and in no other way", "[card]") {
  if (!SoftToken::installed()) {
    std::cout << "[skipped] softhsm2 is not installed\n";
    return;
  }
  SoftToken tokens;
  auto key = PrivateKey::generate_ec_p256();
  const auto now = SystemClock().now();
  const auto certificate = issue_certificate({Purpose::client,
                                              "Muster",
                                              "Test",
                                              "badge-anna",
                                              {},
                                              now - std::chrono::hours(1),
                                              now + std::chrono::hours(24)},
                                             *key, nullptr);
  REQUIRE(certificate);
  tokens.add_key("badge-anna", "auth", key->pem());
  tokens.add_certificate("badge-anna", "auth", der_of(*certificate));
  auto process = CardProcess::start(ProcessScene::program(), {{"--badge-module", SoftToken::kModule}});
  REQUIRE(process);

  const auto answer = process->sign_challenge(challenge_of(1), SoftToken::kPin);
  INFO((answer ? std::string() : answer.error().message()));
  REQUIRE(answer);
  const auto shown = Certificate::from_pem(answer->certificate);
  REQUIRE(shown);
  CHECK(shown->fingerprint() == certificate->fingerprint());
  CHECK(verify_token_signature(*shown, challenge_of(1), answer->signature, answer->scheme));
  CHECK_FALSE(verify_token_signature(*shown, challenge_of(2), answer->signature, answer->scheme));
  Bytes changed = answer->signature;
  changed[5] ^= 1;
  CHECK_FALSE(verify_token_signature(*shown, challenge_of(1), changed, answer->scheme));

  const auto wrong = process->sign_challenge(challenge_of(1), "0000");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == Errc::refused);
  CHECK_FALSE(process->sign_challenge(challenge_of(1), {}));        // a token without keypad needs the PIN
  CHECK_FALSE(process->sign_challenge(Bytes(8), SoftToken::kPin));  // too short to be fresh
  CHECK(process->sign_challenge(challenge_of(3), SoftToken::kPin));
}

namespace {

/// An NSS database with three certificates, as libcacard's software card wants it.
void fill_database(const std::filesystem::path& folder) {
  std::ofstream(folder / "password") << "4711\n";
  std::ofstream(folder / "noise") << std::string(2048, 'n');
  const std::string certutil =
      "certutil -d sql:" + folder.string() + " -f " + (folder / "password").string() + " ";
  REQUIRE(std::system((certutil + "-N >/dev/null 2>&1").c_str()) == 0);
  for (const char* name : {"cert1", "cert2", "cert3"}) {
    const std::string add = certutil + "-S -z " + (folder / "noise").string() + " -s 'CN=Badge Bert " + name +
                            ",O=Muster' -n " + name + " -x -t CTu,CTu,CTu -m 10" + name[4] +
                            " --keyUsage digitalSignature";
    REQUIRE(std::system((add + " >/dev/null 2>&1").c_str()) == 0);
  }
}

}  // namespace

TEST_CASE("a badge that is not of our making logs in through pcscd and OpenSC", "[card]") {
  constexpr const char* kModule = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";
  ReadingScene scene;
  if (!scene.runs()) return;
  if (!std::filesystem::exists(kModule) || std::system("command -v certutil >/dev/null") != 0) {
    std::cout << "[skipped] opensc-pkcs11 or certutil is not installed\n";
    return;
  }
  TemporaryFolder database;
  fill_database(database.path());
  auto badge = CacBadge::open(database.path());
  REQUIRE(badge);
  scene.insert(**badge);
  auto process = CardProcess::start(ProcessScene::program(),
                                    {{"--reader", PrivatePcscd::kFirstReader, "--badge-module", kModule},
                                     std::chrono::milliseconds(40'000)});
  REQUIRE(process);
  const auto answer = process->sign_challenge(challenge_of(7), "4711");
  INFO((answer ? std::string() : answer.error().message()));
  REQUIRE(answer);
  CHECK(answer->scheme == "rsa_pkcs1");
  const auto shown = Certificate::from_pem(answer->certificate);
  REQUIRE(shown);
  CHECK(verify_token_signature(*shown, challenge_of(7), answer->signature, answer->scheme));
  CHECK_FALSE(verify_token_signature(*shown, challenge_of(8), answer->signature, answer->scheme));
  CHECK(process->sign_challenge(challenge_of(7), "0000").error().code == Errc::refused);
  scene.remove();
  CHECK_FALSE(process->sign_challenge(challenge_of(7), "4711"));
}
