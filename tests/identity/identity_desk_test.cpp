#include "daemon/identity/identity_desk.h"

#include <fstream>
#include <iterator>

#include "daemon/archive/audit.h"
#include "daemon/crypto/digest.h"
#include "tests/drivers/card/card_process_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

/// A desk with its catalogue, at a reader that is set up for one mode.
struct DeskScene : ProcessScene {
  explicit DeskScene(ReadingMode chosen) : mode(chosen) {}

  void open() {
    papers.emplace(country.issue({mode == ReadingMode::kiosk ? kiosk_rights() : counter_rights()}));
    const auto setup = write_terminal(mode, *papers);
    auto started =
        CardProcess::start(program(), {{"--reader", PrivatePcscd::kFirstReader, "--terminal", setup}});
    REQUIRE(started);
    process.emplace(*std::move(started));
    core.emplace();
    core->call([&] {
      auto opened = archive::Catalogue::open(folder.path() / "catalogue.db");
      REQUIRE(opened);
      catalogue.emplace(*std::move(opened));
    });
  }
  ~DeskScene() {
    if (core) core->call([&] { catalogue.reset(); });
  }

  EidResult<identity::SealedIdentity> read(const identity::Wish& wish) {
    return identity::IdentityDesk({*core, *catalogue, appliance, clock}, *process).read(wish);
  }
  std::vector<archive::AuditEntry> audit() {
    return core->call([&] { return *archive::read_audit(catalogue->database()); });
  }
  [[nodiscard]] identity::Wish wish() const {
    identity::Wish wanted;
    wanted.matter = "matter-7";
    wanted.recipient = "office";
    wanted.recipient_certificates = {recipient.certificate.pem()};
    wanted.mode = mode;
    wanted.groups = {"given_names", "family_names", "born"};
    wanted.pseudonym = true;
    if (mode == ReadingMode::counter) {
      wanted.staff = "anna";
      wanted.can = "222222";
    }
    return wanted;
  }
  static Identity make_appliance() {
    auto key = PrivateKey::generate_ec_p256();
    const auto now = SystemClock().now();
    auto certificate = issue_certificate({Purpose::signing,
                                          "Muster",
                                          "Test",
                                          "appliance",
                                          {},
                                          now - std::chrono::hours(1),
                                          now + std::chrono::hours(24)},
                                         *key, nullptr);
    return {*std::move(key), *std::move(certificate)};
  }

  ReadingMode mode;
  std::optional<TerminalPapers> papers;
  std::optional<CardProcess> process;
  Identity appliance = make_appliance();
  SystemClock clock;
  std::optional<WorkThread> core;
  std::optional<archive::Catalogue> catalogue;
};

std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a reading is sealed for its recipient, stated, signed, entered and audited", "[card]") {
  DeskScene scene(ReadingMode::counter);
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  scene.open();

  auto sealed = scene.read(scene.wish());
  INFO((sealed ? std::string() : sealed.error().error.message()));
  REQUIRE(sealed);
  const auto record = decrypt_with(sealed->record, scene.recipient);
  REQUIRE(record);
  CHECK(nlohmann::json::parse(as_text(*record))["data"]["family_names"] == "MUSTERMANN");

  const auto statement = nlohmann::json::parse(sealed->statement);
  CHECK(statement["record_digest"] == sha256_hex(*record));
  CHECK(statement["sealed_digest"] == sha256_hex(sealed->record));
  CHECK(statement["staff"] == "anna");
  CHECK(statement["assurance"] == "on_site_18a");
  std::vector<Certificate> trusted;
  trusted.push_back(*Certificate::from_pem(scene.appliance.certificate.pem()));
  CHECK(verify_detached(as_bytes(sealed->statement), sealed->signature, trusted));

  const auto row = scene.core->call(
      [&] { return *archive::IdentityReadings(scene.catalogue->database()).find(sealed->row.id); });
  REQUIRE(row);
  CHECK(row->pseudonym.size() == 64);
  CHECK(row->mode == "counter");
  CHECK(row->certificate_digest == sha256_hex(scene.papers->terminal.certificate));
  const auto entries = scene.audit();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].record.action == "identity.read_at_counter");
  CHECK(entries[0].record.actor == "operator:anna");

  // Nothing that was read is anywhere in the catalogue's files.
  for (const char* name : {"catalogue.db", "catalogue.db-wal"}) {
    const std::string bytes = file_text(scene.folder.path() / name);
    for (const char* word : {"ERIKA", "MUSTERMANN", "1964-08-12"})
      CHECK(bytes.find(word) == std::string::npos);
  }
}

TEST_CASE("a refused reading is audited with its fault and leaves no row", "[card]") {
  DeskScene scene(ReadingMode::counter);
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  scene.open();
  auto wish = scene.wish();
  wish.can = "000000";
  const auto refused = scene.read(wish);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == EidFault::wrong_can);
  const auto entries = scene.audit();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].record.action == "identity.refused_at_counter");
  CHECK(entries[0].record.details["fault"] == "wrong_can");
  const auto rows = scene.core->call(
      [&] { return *archive::IdentityReadings(scene.catalogue->database()).of_matter("matter-7"); });
  CHECK(rows.empty());
  wish.staff.clear();
  CHECK(scene.read(wish).error().fault == EidFault::mode_forbids);
}
