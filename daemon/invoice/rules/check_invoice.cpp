#include "daemon/invoice/rules/check_invoice.h"

#include <algorithm>
#include <cctype>

#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/xrechnung_ids.h"

namespace mailroom::invoice {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void check_norm(rules::Check& check) {
  rules::check_presence(check);
  rules::check_parties(check);
  rules::check_allowances(check);
  rules::check_totals(check);
  rules::check_vat(check);
  rules::check_decimals(check);
  rules::check_codes(check);
  rules::check_payment(check);
  rules::check_cardinality(check);
}

void check_national(rules::Check& check) {
  rules::check_xrechnung(check);
  const std::string& specification = check.invoice.value(24);
  if (specification == rules::kXrechnungExtension) rules::check_xrechnung_extension(check);
  if (specification == rules::kCleanVehicles) rules::check_clean_vehicles(check);
}

/// ZUGFeRD 1.0 and the profiles below EN 16931 promise only the head and the totals.
void keep_what_applies(std::vector<Finding>& findings, Profile profile) {
  static const std::vector<std::string> kHead{"BR-01", "BR-02", "BR-03", "BR-04", "BR-05", "BR-06", "BR-07"};
  static const std::vector<std::string> kZugferd1{"BR-12",    "BR-13",    "BR-14",    "BR-15",
                                                  "BR-16",    "BR-CO-10", "BR-CO-13", "BR-CO-14",
                                                  "BR-CO-16", "MR-NUMBER"};
  const auto is_in = [](const std::vector<std::string>& list, const std::string& rule) {
    return std::find(list.begin(), list.end(), rule) != list.end();
  };
  std::erase_if(findings, [&](const Finding& finding) {
    if (finding.severity != Severity::fatal || is_in(kHead, finding.rule)) return false;
    return profile != Profile::zugferd_1 || !is_in(kZugferd1, finding.rule);
  });
}

void say_what_is_not_checked(rules::Check& check, Profile profile) {
  const auto say = [&](Severity severity, std::string_view rule, const std::string& text) {
    check.report(severity, rule, text, check.root);
  };
  switch (profile) {
    case Profile::factur_x_minimum:
      say(Severity::warning, "MR-PROFILE",
          "Profil MINIMUM: Buchungshilfe ohne Positionen, keine vollständige Rechnung");
      break;
    case Profile::factur_x_basic_wl:
      say(Severity::warning, "MR-PROFILE",
          "Profil BASIC WL: Buchungshilfe ohne Positionen, keine vollständige Rechnung");
      break;
    case Profile::zugferd_1:
      say(Severity::information, "MR-NOT-CHECKED",
          "ZUGFeRD 1.0: nur Kopf, Summen und Prüfziffern geprüft, die Norm EN 16931 gilt dafür nicht");
      break;
    default:
      say(Severity::information, "MR-NOT-CHECKED",
          "Nicht gegen Schematron und XML-Schema geprüft: Regeln der Syntaxbindung, die hier keine Nummer "
          "haben");
  }
}

/// A specification identifier of one syntax in a file of another is no promise at all.
void check_specification(rules::Check& check) {
  const std::string& specification = check.invoice.value(24);
  const bool names_zugferd_1 = has(specification, "urn:ferd:CrossIndustryDocument");
  if (check.invoice.syntax == Syntax::zugferd_1) {
    static const std::vector<std::string> kProfiles{"basic", "comfort", "extended"};
    const auto profile = specification.substr(std::min(specification.rfind(':') + 1, specification.size()));
    check.require(
        names_zugferd_1 && std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end(),
        "MR-SPECIFICATION", "Das Profil ist keines von ZUGFeRD 1.0: " + specification);
    return;
  }
  check.require(!names_zugferd_1, "MR-SPECIFICATION",
                "Die Datei nennt ZUGFeRD 1.0, ist aber keine: " + specification);
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::fatal: return "fatal";
    case Severity::warning: return "warning";
    case Severity::information: return "information";
  }
  return "fatal";
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid: return "valid";
    case Verdict::invalid: return "invalid";
    case Verdict::unknown: return "unknown";
  }
  return "unknown";
}

Profile profile_of(const Invoice& invoice) {
  const std::string specification = lower(invoice.value(24));
  if (invoice.syntax == Syntax::zugferd_1) return Profile::zugferd_1;
  if (has(specification, "xrechnung")) return Profile::xrechnung;
  if (specification.ends_with(":minimum")) return Profile::factur_x_minimum;
  if (specification.ends_with(":basicwl")) return Profile::factur_x_basic_wl;
  if (has(specification, "urn:cen.eu:en16931")) return Profile::en16931;
  return Profile::other;
}

Report check_invoice(const Invoice& invoice) {
  rules::Check check(invoice);
  const Profile profile = profile_of(invoice);
  check_norm(check);
  const bool is_partial = profile == Profile::factur_x_minimum || profile == Profile::factur_x_basic_wl ||
                          profile == Profile::zugferd_1;
  if (is_partial) keep_what_applies(check.findings, profile);
  if (profile == Profile::xrechnung) check_national(check);
  check_specification(check);
  rules::check_identifiers(check);
  const bool has_fatal =
      std::any_of(check.findings.begin(), check.findings.end(),
                  [](const Finding& finding) { return finding.severity == Severity::fatal; });
  say_what_is_not_checked(check, profile);
  Report report{.findings = std::move(check.findings), .verdict = Verdict::valid};
  if (has_fatal) {
    report.verdict = Verdict::invalid;
  } else if (profile == Profile::factur_x_minimum || profile == Profile::factur_x_basic_wl) {
    report.verdict = Verdict::unknown;
  }
  return report;
}

bool passes_alone(const Report& report) {
  if (report.verdict != Verdict::valid) return false;
  return std::none_of(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
    return finding.severity == Severity::warning && finding.rule.starts_with("MR-");
  });
}

}  // namespace mailroom::invoice
