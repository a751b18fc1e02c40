#include "tests/drivers/card/reading_scene.h"
#include "tests/drivers/card/tampered_card.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

/// What a reading came to, as a name; "read" when it gave data.
std::string outcome(const EidResult<IdentityReading>& reading) {
  return reading ? std::string("read") : std::string(name_of(reading.error().fault));
}

struct Desk : ReadingScene {
  Desk() : card(keep<EidCard>(country.personalise())) {}

  std::string at_kiosk(const TerminalPapers& papers, const ReadOrder& order = with_pin()) {
    MemoryKey key(papers.terminal.key);
    return outcome(read(country.terminal(ReadingMode::kiosk, papers, key), order));
  }
  std::string at_counter(const TerminalPapers& papers, const ReadOrder& order = with_can()) {
    MemoryKey key(papers.terminal.key);
    return outcome(read(country.terminal(ReadingMode::counter, papers, key), order));
  }
  [[nodiscard]] TerminalPapers good() const { return country.issue({kiosk_rights()}); }

  EidCard& card;
};

}  // namespace

TEST_CASE("certificates are refused by role, day and issuer before a card is asked", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  auto& counted = desk.keep<TamperedCard>(desk.card);
  desk.insert(counted);
  const TestCountry& country = desk.country;

  CHECK(desk.at_kiosk(country.issue({kiosk_rights(), -30, 60, -10, -1})) == "certificate_expired");
  CHECK(desk.at_kiosk(country.issue({kiosk_rights(), -30, -2, -1, 1})) == "certificate_expired");
  CHECK(desk.at_kiosk(country.issue({kiosk_rights(), -30, 60, 2, 9})) == "certificate_not_yet_valid");
  CHECK(desk.at_kiosk(country.issue({kiosk_rights(), 1, 60, -1, 1})) == "certificate_not_yet_valid");

  // A CVCA of the same name, with another key.
  const CvParty rogue = found_cvca("DETESTCVCA001", country.now);
  CHECK(desk.at_kiosk(country.issue({kiosk_rights()}, rogue)) == "certificate_chain");
  const CvParty foreign = found_cvca("XXTESTCVCA001", country.now);
  CHECK(desk.at_kiosk(country.issue({kiosk_rights()}, foreign)) == "certificate_chain");

  TerminalPapers mixed = desk.good();
  mixed.terminal = desk.good().terminal;  // of another document verifier of the same name
  CHECK(desk.at_kiosk(mixed) == "certificate_chain");
  TerminalPapers described = desk.good();
  described.description.push_back('!');
  CHECK(desk.at_kiosk(described) == "certificate_chain");
  TerminalPapers swapped = desk.good();
  std::swap(swapped.terminal, swapped.verifier);
  CHECK(desk.at_kiosk(swapped) == "certificate_chain");
  CHECK(counted.commands == 0);
}

TEST_CASE("kiosk and counter have their own certificates and passwords", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  auto& counted = desk.keep<TamperedCard>(desk.card);
  desk.insert(counted);
  const auto kiosk = desk.good(), counter = desk.country.issue({counter_rights()});

  CHECK(desk.at_counter(kiosk) == "certificate_rights");
  CHECK(desk.at_kiosk(counter) == "mode_forbids");
  CHECK(desk.at_kiosk(kiosk, with_can()) == "mode_forbids");
  CHECK(desk.at_counter(counter, with_pin()) == "mode_forbids");
  ReadOrder both = with_pin();
  both.can = PacePassword::can("222222");
  CHECK(desk.at_counter(counter, both) == "mode_forbids");

  ReadOrder greedy = with_pin();
  greedy.question.groups.push_back(18);
  CHECK(desk.at_kiosk(kiosk, greedy) == "certificate_rights");
  CHECK(desk.at_kiosk(desk.country.issue({Rights()})) == "certificate_rights");
  CHECK(counted.commands == 0);
}

TEST_CASE("a card that does not trust our authorities gives nothing", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  desk.insert(desk.card);
  desk.card.personalisation().trust_anchor = found_cvca("XXOTHERCVCA01", desk.country.now).certificate;
  CHECK(desk.at_kiosk(desk.good()) == "certificate_unknown_to_card");
  desk.card.personalisation().trust_anchor = found_cvca("DETESTCVCA001", desk.country.now).certificate;
  CHECK(desk.at_kiosk(desk.good()) == "terminal_refused");

  // A stolen certificate without its key.
  desk.card.personalisation().trust_anchor = desk.country.anchor.certificate;
  const auto papers = desk.good();
  const CurveKey other = curve::make_key();
  MemoryKey thief(other);
  CHECK(outcome(desk.read(desk.country.terminal(ReadingMode::kiosk, papers, thief), with_pin())) ==
        "terminal_refused");
  CHECK(desk.at_kiosk(papers) == "read");
}

TEST_CASE("data that are not signed by whom we trust are refused before any is read", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  desk.insert(desk.card);
  ChipData& chip = desk.card.personalisation().chip;
  const Bytes genuine = chip.card_security;

  SECTION("signed by a country of another name") {
    const auto other = CardMaker::found("Anderland", desk.country.now - std::chrono::hours(1),
                                        desk.country.now + std::chrono::hours(1000));
    chip = make_chip(other);
    CHECK(desk.at_kiosk(desk.good()) == "signer_not_trusted");
  }
  SECTION("signed by a country of the same name") {
    const auto other = CardMaker::found("Muster", desk.country.now - std::chrono::hours(1),
                                        desk.country.now + std::chrono::hours(1000));
    chip = make_chip(other);
    CHECK(desk.at_kiosk(desk.good()) == "signer_not_trusted");
  }
  SECTION("signed by somebody whose certificate has expired") {
    auto expired = CardMaker::found("Muster", desk.country.now - std::chrono::hours(1000),
                                    desk.country.now - std::chrono::hours(1));
    chip = make_chip(expired);
    const auto papers = desk.good();
    MemoryKey key(papers.terminal.key);
    auto terminal = desk.country.terminal(ReadingMode::kiosk, papers, key);
    terminal.country_signers.clear();
    terminal.country_signers.push_back(std::move(expired.country_signer.certificate));
    CHECK(outcome(desk.read(terminal, with_pin())) == "signer_not_trusted");
  }
  SECTION("a bit of the content changed") {
    const auto at = std::search(chip.card_security.begin(), chip.card_security.end(), chip.chip_key.point.begin(),
                                chip.chip_key.point.end());
    REQUIRE(at != chip.card_security.end());
    *(at + 10) ^= 0x01;
    CHECK(desk.at_kiosk(desk.good()) == "data_not_signed");
  }
  SECTION("no signature at all") {
    chip.card_security = Bytes(200, 0x30);
    CHECK(desk.at_kiosk(desk.good()) == "data_not_signed");
  }
  SECTION("the key of a clone") {
    chip.chip_key = curve::make_key();
    CHECK(desk.at_kiosk(desk.good()) == "chip_not_genuine");
  }
  SECTION("the signed file of another card of the same country") {
    chip.card_security = make_chip(desk.country.maker).card_security;
    CHECK(desk.at_kiosk(desk.good()) == "chip_not_genuine");
  }
  SECTION("an EF.CardAccess that offers more than is signed") {
    // The version of terminal authentication is no matter of libeac; what is signed says another one.
    const auto at = std::find(chip.card_access.begin(), chip.card_access.end(), 0x41);
    REQUIRE(at != chip.card_access.end());
    std::replace(chip.card_access.begin(), chip.card_access.end(), std::uint8_t(0x41), std::uint8_t(0x42));
    CHECK(desk.at_kiosk(desk.good()) == "card_access_differs");
  }
  SECTION("a card that has expired") {
    desk.card.personalisation().groups[3] = data_group(3, "20200101");
    CHECK(desk.at_kiosk(desk.good()) == "card_expired");
  }
  SECTION("a data group that is not built as it should be") {
    desk.card.personalisation().groups[5] = Bytes{0x65, 0x03, 0x0C, 0x01, 0xFF};
    CHECK(desk.at_kiosk(desk.good()) == "data_malformed");
  }
}

TEST_CASE("residence permits and cards of EU citizens are read for what they are", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  desk.insert(desk.card);
  const auto papers = desk.good();
  MemoryKey key(papers.terminal.key);
  const auto terminal = desk.country.terminal(ReadingMode::kiosk, papers, key);
  auto& groups = desk.card.personalisation().groups;
  groups[1] = data_group(1, "AR");
  groups[10] = data_group(10, "TUR");
  groups[19] = data_group(19, "NIEDERLASSUNGSERLAUBNIS");
  auto order = with_pin();
  order.question.groups.push_back(19);
  const auto permit = desk.read(terminal, order);
  REQUIRE(permit);
  CHECK(permit->kind == CardKind::residence_permit);
  CHECK(permit->data["residence_permit_1"] == "NIEDERLASSUNGSERLAUBNIS");
  CHECK(permit->data["nationality"] == "TUR");

  groups.erase(19);
  groups.erase(13);
  groups[1] = data_group(1, "UB");
  const auto citizen = desk.read(terminal, order);
  REQUIRE(citizen);
  CHECK(citizen->kind == CardKind::eu_citizen_card);
  CHECK_FALSE(citizen->data.contains("birth_name"));
}

TEST_CASE("age, place and pseudonym are answered without the data behind them", "[card]") {
  Desk desk;
  if (!desk.runs()) return;
  desk.insert(desk.card);
  const auto papers = desk.good();
  MemoryKey key(papers.terminal.key);
  const auto terminal = desk.country.terminal(ReadingMode::kiosk, papers, key);
  auto ask = [&](int age, const std::string& community) {
    ReadOrder order{{{}, age, Bytes(community.begin(), community.end()), true}, {}, SoftwarePin::pin("123456")};
    auto reading = desk.read(terminal, order);
    REQUIRE(reading);
    CHECK(reading->data.empty());
    return *reading;
  };
  const auto adult = ask(18, "027605");
  CHECK(adult.old_enough == true);
  CHECK(adult.in_community == true);
  desk.card.personalisation().groups[8] = data_group(8, "20150812");
  const auto child = ask(18, "0199");
  CHECK(child.old_enough == false);
  CHECK(child.in_community == false);
  CHECK(child.pseudonym == adult.pseudonym);

  auto other_sector = desk.country.terminal(ReadingMode::kiosk, papers, key);
  other_sector.sector_key = curve::full_public_key(Bytes{4, 0, 127, 0, 7, 2, 2, 5, 2, 3}, curve::make_key().point);
  ReadOrder order{{{}, {}, {}, true}, {}, SoftwarePin::pin("123456")};
  CHECK(outcome(desk.read(other_sector, order)) == "data_refused");
}
