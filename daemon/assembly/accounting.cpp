#include "daemon/assembly/accounting.h"

#include <algorithm>

namespace mailroom::assembly {
namespace {

/// A number of sheets that somebody or something gives, best first.
struct Claim {
  const char* source;
  const char* words;
  int sheets;
};

int refed_of(const std::vector<SheetReading>& sheets) {
  return int(std::count_if(sheets.begin(), sheets.end(), [](const auto& sheet) { return sheet.refed; }));
}

/// A device that pulled a sheet without giving its image, or the same paper twice, has counted something else
/// than paper: its number must agree, but proves nothing.
bool proves(const Claim& claim, const BatchFacts& batch, const std::vector<SheetReading>& sheets) {
  const std::string_view source = claim.source;
  if (source != "endorser" && source != "device_counter") return true;
  return batch.passes_without_image == 0 && refed_of(sheets) == 0;
}

std::vector<Claim> claims_of(const BatchFacts& batch, const std::vector<SheetReading>& sheets) {
  std::vector<Claim> claims;
  if (batch.declared)
    claims.push_back({"declared", "die angegebene Zahl", *batch.declared + batch.rescanned});
  for (const auto& sheet : sheets) {
    if (sheet.act && sheet.act->count > 0)
      claims.push_back({"count_sheet", "das Zählblatt", sheet.act->count + batch.rescanned});
  }
  // The device counts passes: also those that gave no image, and paper that went in again.
  const int besides = batch.passes_without_image + refed_of(sheets);
  if (batch.endorsed) claims.push_back({"endorser", "den Aufdrucker", *batch.endorsed - besides});
  if (batch.device_counter)
    claims.push_back({"device_counter", "das Zählwerk des Scanners", *batch.device_counter - besides});
  return claims;
}

/// How far a source reaches; a profile is content with its own kind or a stronger one.
int strength_of(std::string_view source) {
  if (source == "confirmed" || source == "confirm") return 4;
  if (source == "declared" || source == "count_sheet") return 3;
  return source == "device_counter" || source == "endorser" ? 2 : 1;
}

SheetCount closed_by(const std::string& source, const std::string& words, int fed) {
  return {true, source,
          std::to_string(fed) + (fed == 1 ? " Blatt" : " Blätter") + ", bestätigt durch " + words};
}

const Resolution* ask_batch(Findings& findings, const char* reason, const std::string& subject,
                            std::map<std::string, std::string> values) {
  return findings.ask(make_clarification(reason, {subject}, {}, std::move(values)));
}

void ask_about_faults(const BatchFacts& batch, Findings& findings) {
  for (std::size_t i = 0; i < batch.faults.size(); ++i) {
    const auto& fault = batch.faults[i];
    const auto sheet = fault.sheet > 0 ? std::to_string(fault.sheet) : std::string("?");
    ask_batch(findings, fault.kind == FaultKind::double_feed ? "double_feed" : "feed_fault",
              "fault " + std::to_string(i + 1) + " sheet " + sheet,
              {{"sheet", sheet}, {"why", std::string(name_of(fault.kind))}, {"detail", fault.error.what}});
  }
}

void ask_about_half_sheets(const std::vector<SheetReading>& sheets, Findings& findings) {
  for (const auto& sheet : sheets) {
    if (sheet.sides.size() == 2) continue;
    const auto& id = sheet.sides.front().page->id;
    findings.ask(make_clarification("half_sheet", {id}, {{id}}, {{"sheet", std::to_string(sheet.sheet)}}));
  }
}

/// Sheets that ran through without leaving an image.
bool images_complete(const BatchFacts& batch, const std::vector<SheetReading>& sheets, Findings& findings) {
  std::string missing;
  int expected = 1;
  const auto name_until = [&](int end) {
    const int from = expected;
    if (end > from)
      missing += (missing.empty() ? "" : ", ") + std::to_string(from) +
                 (end - 1 > from ? " bis " + std::to_string(end - 1) : std::string());
  };
  for (const auto& sheet : sheets) {
    name_until(sheet.sheet);
    expected = sheet.sheet + 1;
  }
  name_until(batch.sheets_fed + 1);
  if (missing.empty() && static_cast<int>(sheets.size()) == batch.sheets_fed) return true;
  ask_batch(findings, "sheet_without_image", "batch",
            {{"fed", std::to_string(batch.sheets_fed)},
             {"imaged", std::to_string(sheets.size())},
             {"missing", missing.empty() ? "?" : missing}});
  return false;
}

SheetCount compare(const BatchFacts& batch, const std::vector<SheetReading>& sheets, const Profile& profile,
                   Findings& findings) {
  const auto claims = claims_of(batch, sheets);
  const int fed = batch.sheets_fed - refed_of(sheets);
  if (batch.confirmed == fed) return closed_by("confirmed", "Nachzählen", fed);
  std::string differing;
  const auto differs = [&](const std::string& words, int number) {
    differing += (differing.empty() ? "" : ", ") + words + ": " + std::to_string(number);
  };
  if (batch.confirmed) differs("nachgezählt", *batch.confirmed);
  for (const auto& claim : claims) {
    if (claim.sheets != fed) differs(claim.words, claim.sheets);
  }
  const int needed = strength_of(profile.counting);
  if (differing.empty()) {
    for (const auto& claim : claims) {
      if (strength_of(claim.source) >= needed && proves(claim, batch, sheets))
        return closed_by(claim.source, claim.words, fed);
    }
    if (batch.feeder_empty == true && needed <= strength_of("feeder_empty"))
      return closed_by("feeder_empty", "den leeren Einzug am Ende", fed);
  }
  const auto* answer = ask_batch(findings, differing.empty() ? "count_missing" : "count_mismatch",
                                 "batch " + std::to_string(fed) + " " + differing,
                                 {{"fed", std::to_string(fed)}, {"claims", differing}});
  if (answer != nullptr && answer->kind == "confirm_count") return closed_by("confirmed", "Nachzählen", fed);
  return {};
}

}  // namespace

SheetCount count_sheets(const BatchFacts& batch, const std::vector<SheetReading>& sheets,
                        const Profile& profile, Findings& findings) {
  // The one file of its batch, stored whole before the batch was closed.
  if (profile.source == kFilesSource && batch.sheets_fed == 1 && sheets.size() == 1)
    return {true, "file", "eine Datei, unverändert übernommen"};
  ask_about_faults(batch, findings);
  if (profile.source == "feeder_duplex") ask_about_half_sheets(sheets, findings);
  const bool complete = images_complete(batch, sheets, findings);
  auto count = compare(batch, sheets, profile, findings);
  return complete ? count : SheetCount{};
}

}  // namespace mailroom::assembly
