#pragma once

#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/crypto/cms.h"
#include "daemon/crypto/issue_certificate.h"
#include "drivers/card/client/card_process.h"
#include "tests/drivers/card/reading_scene.h"
#include "tests/drivers/card/soft_token.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

namespace mailroom::test {

/// Readers driven by real mailroom-card processes whose terminal keys are in SoftHSM2.
struct ProcessScene : ReadingScene {
  using ReadingScene::ReadingScene;

  [[nodiscard]] bool runs() const {
    if (!ReadingScene::runs()) return false;
    if (!SoftToken::installed()) std::cout << "[skipped] softhsm2 is not installed\n";
    return SoftToken::installed();
  }

  static std::string program(const std::string& name = "mailroom-card") { return build_path("bin/" + name); }

  /// Writes the set-up of a terminal; gives its file.
  std::string write_terminal(card::ReadingMode mode, const TerminalPapers& papers) {
    const std::string name(card::name_of(mode));
    const auto at = folder.path() / name;
    std::filesystem::create_directories(at / "csca");
    write(at / "cvca.cvcert", country.anchor.certificate);
    write(at / "dv.cvcert", papers.verifier.certificate);
    write(at / "terminal.cvcert", papers.terminal.certificate);
    write(at / "description", papers.description);
    MemoryKey unused(papers.terminal.key);
    write(at / "sector.key", country.terminal(mode, papers, unused).sector_key);
    const std::string pem = country.maker.country_signer.certificate.pem();
    write(at / "csca/muster.pem", Bytes(pem.begin(), pem.end()));
    const std::string pin = std::string(SoftToken::kPin) + "\n";
    write(at / "pin", Bytes(pin.begin(), pin.end()));
    std::filesystem::permissions(at / "pin", std::filesystem::perms::owner_read);
    const nlohmann::json setup{
        {"mode", name},
        {"cvca", "cvca.cvcert"},
        {"verifier", "dv.cvcert"},
        {"terminal", "terminal.cvcert"},
        {"description", "description"},
        {"country_signers", "csca"},
        {"sector_key", "sector.key"},
        {"key",
         {{"module", SoftToken::kModule}, {"token", name}, {"label", "terminal"}, {"pin_file", "pin"}}}};
    const std::string text = setup.dump();
    write(at / "terminal.json", Bytes(text.begin(), text.end()));
    tokens.add_key(name, "terminal", card::curve::pem_of(papers.terminal.key));
    return (at / "terminal.json").string();
  }

  static void write(const std::filesystem::path& file, const Bytes& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  }

  card::ReadRequest request(card::ReadingMode mode) const {
    card::ReadRequest wanted;
    wanted.reading = "reading-1";
    wanted.matter = "matter-1";
    wanted.mode = mode;
    wanted.photo_compared = mode == card::ReadingMode::counter;
    wanted.groups = {"document_type", "given_names", "family_names", "residence"};
    wanted.min_age = 18;
    wanted.pseudonym = true;
    wanted.recipients = {recipient.certificate.pem()};
    if (mode == card::ReadingMode::counter)
      wanted.can = "222222";
    else
      wanted.pin = "123456";
    return wanted;
  }

  static Identity make_recipient() {
    auto key = PrivateKey::generate_rsa_3072();
    const auto now = SystemClock().now();
    auto certificate = issue_certificate({Purpose::recipient,
                                          "Muster",
                                          "Test",
                                          "office",
                                          {},
                                          now - std::chrono::hours(1),
                                          now + std::chrono::hours(24)},
                                         *key, nullptr);
    return {*std::move(key), *std::move(certificate)};
  }

  SoftToken tokens;
  TemporaryFolder folder;
  Identity recipient = make_recipient();
};

}  // namespace mailroom::test
