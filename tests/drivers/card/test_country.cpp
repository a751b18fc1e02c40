#include "tests/drivers/card/test_country.h"

#include <stdexcept>

#include "drivers/card/eid/identifiers.h"

namespace mailroom::test {

using namespace mailroom::card;

namespace {

std::chrono::sys_days day(Timestamp now, int offset) {
  return std::chrono::floor<std::chrono::days>(now) + std::chrono::days(offset);
}

CvCertificate read(const Bytes& object) {
  auto certificate = read_cv_certificate(object);
  if (!certificate) throw std::runtime_error(certificate.error().message());
  return *std::move(certificate);
}

/// The terminal's sector is a point nobody at the terminal has the secret of.
Bytes sector_object(const CurveKey& sector) {
  return curve::full_public_key(bsi_identifier({2, 2, 5, 2, 3}), sector.point);
}

}  // namespace

Rights kiosk_rights() {
  Rights rights;
  for (const int group : {1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 17, 19}) rights.add_group(group);
  rights.add(Right::age_verification);
  rights.add(Right::community_verification);
  rights.add(Right::restricted_identification);
  return rights;
}

Rights counter_rights() {
  Rights rights = kiosk_rights();
  rights.add(Right::can_allowed);
  return rights;
}

CvParty found_cvca(const std::string& holder, Timestamp now, int until_days) {
  return issue_cv({holder, CvRole::authority, Rights(~0ULL), day(now, -100), day(now, until_days)}, nullptr);
}

TestCountry::TestCountry()
    : now(SystemClock().now()),
      maker(CardMaker::found("Muster", now - std::chrono::hours(24), now + std::chrono::hours(24 * 1000))),
      sector(curve::make_key()),
      anchor(found_cvca("DETESTCVCA001", now)) {}

TerminalPapers TestCountry::issue(const PaperWishes& wishes) const { return issue(wishes, anchor); }

TerminalPapers TestCountry::issue(const PaperWishes& wishes, const CvParty& issuer) const {
  CvParty verifier = issue_cv({"DETESTDV00001", CvRole::domestic_verifier, Rights(~0ULL), day(now, wishes.verifier_from),
                               day(now, wishes.verifier_until)},
                              &issuer);
  const std::string words = "Stadt Musterstadt, Poststelle";
  const Bytes description(words.begin(), words.end());
  CvRequest request{"DETESTTERM001", CvRole::terminal, wishes.rights, day(now, wishes.terminal_from),
                    day(now, wishes.terminal_until), description};
  if (wishes.with_sector) request.sector_key = sector_object(sector);
  CvParty terminal = issue_cv(request, &verifier);
  return {std::move(verifier), std::move(terminal), description};
}

Terminal TestCountry::terminal(ReadingMode mode, const TerminalPapers& papers, TerminalKey& key) const {
  Terminal terminal{mode,
                    {read(anchor.certificate), read(papers.verifier.certificate), read(papers.terminal.certificate),
                     papers.description},
                    key,
                    {},
                    sector_object(sector)};
  auto trusted = Certificate::from_pem(maker.country_signer.certificate.pem());
  if (!trusted) throw std::runtime_error("the CSCA cannot be read");
  terminal.country_signers.push_back(*std::move(trusted));
  return terminal;
}

Personalisation TestCountry::personalise() const {
  Personalisation card{make_chip(maker), anchor.certificate, day(now, -10)};
  const std::pair<int, const char*> words[] = {
      {1, "ID"},       {2, "D"},           {3, "20331031"}, {4, "ERIKA"},          {5, "MUSTERMANN"},
      {7, "Dr."},      {8, "19640812"},    {9, "BERLIN"},   {10, "D"},             {13, "GABLER"},
      {17, "HEIDESTRASSE 17|K\xC3\x96LN|51147"}, {18, "02760503150000"}};
  for (const auto& [number, text] : words) card.groups[number] = data_group(number, text);
  return card;
}

}  // namespace mailroom::test
