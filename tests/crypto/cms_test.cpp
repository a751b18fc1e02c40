#include "daemon/crypto/cms.h"

#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/issue_certificate.h"
#include "tests/crypto/crypto_samples.h"

using namespace mailroom;
using namespace std::chrono_literals;
using test::sample_identities;
using test::shell;

namespace {

Identity identity(const std::string& name) {
  return read_identity(sample_identities(), name).value();
}

std::vector<Certificate> authority() {
  std::vector<Certificate> trusted;
  trusted.push_back(Certificate::read(sample_identities() / "ca.pem").value());
  return trusted;
}

const Bytes kContent = [] {
  Bytes bytes = random_bytes(100000);
  bytes[10] = '\n';  // text mode would turn this into CR LF
  return bytes;
}();

/// Makes an identity of its own CA-less kind whose certificate says it signs documents.
Identity stranger(Timestamp not_before, Timestamp not_after, Purpose purpose = Purpose::signing) {
  auto key = PrivateKey::generate_ec_p256().value();
  auto certificate =
      issue_certificate({purpose, "Elsewhere", "", "appliance", {}, not_before, not_after}, key, nullptr);
  return {std::move(key), std::move(certificate).value()};
}

Bytes with_flipped_bit(Bytes bytes, std::size_t at) {
  bytes.at(at) ^= 0x10U;
  return bytes;
}

}  // namespace

TEST_CASE("a detached signature tells who signed and when") {
  const auto before = SystemClock().now();
  const auto signature = sign_detached(kContent, identity("appliance")).value();
  const auto proven = verify_detached(kContent, signature, authority());
  REQUIRE(proven);
  CHECK(proven->common_name == "appliance");
  CHECK(proven->subject == "CN=appliance,OU=marburg,O=Universitätsstadt Marburg");
  CHECK(proven->fingerprint == identity("appliance").certificate.fingerprint());
  CHECK(proven->signed_at >= before - 1s);
  CHECK(proven->signed_at <= SystemClock().now());
  CHECK(signature.size() < 2048);
}

TEST_CASE("an empty content can be signed and is not any other content") {
  const auto signature = sign_detached({}, identity("appliance")).value();
  CHECK(verify_detached({}, signature, authority()));
  CHECK(verify_detached(as_bytes("x"), signature, authority()).error().code == Errc::corrupt);
}

TEST_CASE("a flipped bit in the content is corrupt") {
  const auto signature = sign_detached(kContent, identity("appliance")).value();
  for (const std::size_t at : {std::size_t(0), kContent.size() / 2, kContent.size() - 1}) {
    CHECK(verify_detached(with_flipped_bit(kContent, at), signature, authority()).error().code ==
          Errc::corrupt);
  }
}

TEST_CASE("no flipped bit in a signature lets it pass as a signature of something else") {
  const auto signature = sign_detached(kContent, identity("appliance")).value();
  const auto trusted = authority();
  const auto honest = verify_detached(kContent, signature, trusted).value();
  int refused = 0;
  for (std::size_t at = 0; at < signature.size(); ++at) {
    const auto result = verify_detached(kContent, with_flipped_bit(signature, at), trusted);
    if (!result) {
      ++refused;
      CHECK((result.error().code == Errc::corrupt || result.error().code == Errc::refused));
    } else {
      // A byte that no check covers (such as the digest list outside the signer) changes nothing.
      CHECK(result->fingerprint == honest.fingerprint);
      CHECK(result->signed_at == honest.signed_at);
    }
  }
  CHECK(refused > int(signature.size()) * 95 / 100);
}

TEST_CASE("garbage, a cut signature and bytes behind it are no signature") {
  auto signature = sign_detached(kContent, identity("appliance")).value();
  CHECK(verify_detached(kContent, {}, authority()).error().code == Errc::corrupt);
  CHECK(verify_detached(kContent, as_bytes("hello"), authority()).error().code == Errc::corrupt);
  CHECK(
      verify_detached(kContent, ByteView(signature).first(signature.size() - 1), authority()).error().code ==
      Errc::corrupt);
  signature.push_back(0);
  CHECK(verify_detached(kContent, signature, authority()).error().code == Errc::corrupt);
}

TEST_CASE("a signature by somebody else is refused") {
  const auto now = SystemClock().now();
  const auto signature = sign_detached(kContent, stranger(now - 1h, now + 24h)).value();
  CHECK(verify_detached(kContent, signature, authority()).error().code == Errc::refused);
}

TEST_CASE("a recipient's certificate of the same CA cannot sign in the appliance's name") {
  for (const auto* name : {"ecm", "node", "broker"}) {
    const auto signature = sign_detached(kContent, identity(name)).value();
    CHECK(verify_detached(kContent, signature, authority()).error().code == Errc::refused);
  }
}

TEST_CASE("a signing certificate is judged at the time of signing") {
  const auto now = SystemClock().now();
  const auto expired = stranger(now - 48h, now - 24h);
  const auto late = sign_detached(kContent, expired).value();
  std::vector<Certificate> trusted;
  trusted.push_back(Certificate::from_pem(expired.certificate.pem()).value());
  CHECK(verify_detached(kContent, late, trusted).error().code == Errc::refused);

  const auto valid = stranger(now - 1h, now + 2s);
  const auto timely = sign_detached(kContent, valid).value();
  trusted.push_back(Certificate::from_pem(valid.certificate.pem()).value());
  CHECK(verify_detached(kContent, timely, trusted));
}

TEST_CASE("the key of one certificate cannot sign for another") {
  auto mixed = identity("appliance");
  mixed.key = PrivateKey::generate_ec_p256().value();
  CHECK(sign_detached(kContent, mixed).error().code == Errc::refused);
}

TEST_CASE("openssl cms -verify accepts our signature as it comes and refuses a changed content") {
  const test::TemporaryFolder folder;
  const auto path = [&](const char* name) { return (folder.path() / name).string(); };
  REQUIRE(write_durably(path("content"), kContent));
  REQUIRE(write_durably(path("changed"), with_flipped_bit(kContent, 7)));
  REQUIRE(write_durably(path("signature"), sign_detached(kContent, identity("appliance")).value()));
  const auto verify = [&](const char* content) {
    return shell("openssl cms -verify -binary -inform DER -in " + path("signature") + " -content " +
                 path(content) + " -CAfile " + (sample_identities() / "ca.pem").string() + " -out /dev/null");
  };
  const auto good = verify("content");
  CHECK(good.code == 0);
  CHECK(good.output.find("CMS Verification successful") != std::string::npos);
  CHECK(verify("changed").code != 0);
}

TEST_CASE("a signature made by openssl cms -sign is understood") {
  const test::TemporaryFolder folder;
  REQUIRE(write_durably(folder.path() / "content", kContent));
  const auto name = [&](const char* suffix) { return (sample_identities() / "appliance").string() + suffix; };
  REQUIRE(shell("openssl cms -sign -binary -outform DER -cades -signer " + name(".pem") + " -inkey " +
                name(".key") + " -in " + (folder.path() / "content").string() + " -out " +
                (folder.path() / "sig").string())
              .code == 0);
  CHECK(verify_detached(kContent, read_file(folder.path() / "sig").value(), authority()));
}

TEST_CASE("a content reaches exactly the recipients it is encrypted to") {
  std::vector<Certificate> recipients;
  recipients.push_back(Certificate::read(sample_identities() / "hr.pem").value());
  recipients.push_back(Certificate::read(sample_identities() / "node.pem").value());  // an EC key
  const auto message = encrypt_for(kContent, recipients).value();
  CHECK((decrypt_with(message, identity("hr")).value() == kContent));
  CHECK((decrypt_with(message, identity("node")).value() == kContent));
  CHECK(decrypt_with(message, identity("ecm")).error().code == Errc::refused);
  CHECK(message.size() < kContent.size() + 2048);
  CHECK((encrypt_for(kContent, recipients).value() != message));
  CHECK(encrypt_for(kContent, std::span<const Certificate>()).error().code == Errc::invalid_input);
}

TEST_CASE("no change to an encrypted content gives out anything but the content") {
  const auto hr = identity("hr");
  const auto message = encrypt_for(as_bytes("Personalakte"), hr.certificate).value();
  REQUIRE(as_text(decrypt_with(message, hr).value()) == "Personalakte");
  int opened = 0;
  for (std::size_t at = 0; at < message.size(); ++at) {
    const auto result = decrypt_with(with_flipped_bit(message, at), hr);
    if (!result) continue;
    ++opened;  // a version number of the envelope, say, which carries nothing
    CHECK(as_text(*result) == "Personalakte");
  }
  CHECK(opened < 20);
  CHECK(decrypt_with(ByteView(message).first(message.size() - 1), hr).error().code == Errc::corrupt);
  CHECK(decrypt_with(as_bytes("hello"), hr).error().code == Errc::corrupt);
}

TEST_CASE("openssl cms -decrypt reads what we encrypted, for RSA and EC") {
  const test::TemporaryFolder folder;
  const auto in = (folder.path() / "message").string();
  const auto out = (folder.path() / "content").string();
  for (const std::string name : {"hr", "node"}) {
    REQUIRE(write_durably(in, encrypt_for(kContent, identity(name).certificate).value()));
    const auto base = (sample_identities() / name).string();
    const auto decrypted = shell("openssl cms -decrypt -binary -inform DER -in " + in + " -recip " + base +
                                 ".pem -inkey " + base + ".key -out " + out);
    INFO(decrypted.output);
    CHECK(decrypted.code == 0);
    CHECK((read_file(out).value() == kContent));
    const auto printed = shell("openssl cms -cmsout -print -inform DER -in " + in);
    CHECK(printed.output.find("id-smime-ct-authEnvelopedData") != std::string::npos);
    CHECK(printed.output.find("aes-256-gcm") != std::string::npos);
    CHECK(printed.output.find(name == "hr" ? "rsaesOaep" : "dhSinglePass-stdDH-sha256kdf-scheme") !=
          std::string::npos);
  }
}

TEST_CASE("an enveloped content without authentication is refused") {
  const test::TemporaryFolder folder;
  REQUIRE(write_durably(folder.path() / "content", kContent));
  const auto out = (folder.path() / "cbc").string();
  REQUIRE(shell("openssl cms -encrypt -binary -aes-256-cbc -outform DER -in " +
                (folder.path() / "content").string() + " -out " + out + " " +
                (sample_identities() / "hr.pem").string())
              .code == 0);
  CHECK(decrypt_with(read_file(out).value(), identity("hr")).error().code == Errc::corrupt);
}

TEST_CASE("the signature of a text travels as base64") {
  const auto signature = sign_text("{\"id\":\"1\"}", identity("appliance")).value();
  CHECK(verify_text("{\"id\":\"1\"}", signature, authority()).value().common_name == "appliance");
  CHECK(verify_text("{\"id\":\"2\"}", signature, authority()).error().code == Errc::corrupt);
  CHECK(verify_text("{\"id\":\"1\"}", "!!!!", authority()).error().code == Errc::invalid_input);
}
