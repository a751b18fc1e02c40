#include "daemon/kiosk/hand_in.h"

#include <algorithm>

#include "daemon/archive/audit.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"
#include "daemon/kiosk/mailbox.h"
#include "daemon/kiosk/tracking_number.h"

namespace mailroom::kiosk {
namespace {

using archive::MatterRow;
using archive::PaymentAttemptRow;
using nlohmann::json;
namespace fs = std::filesystem;

json field(const char* name, const std::string& value) {
  return {{"name", name}, {"value", value}};
}

std::string decimal(int cents) {
  auto text = euros(cents);
  text[text.find(',')] = '.';
  return text;
}

std::string payment_word(const MatterRow& row) {
  if (row.fee_cents == 0) return "none";
  return row.way == "card" ? "paid" : "later";
}

/// What the file says about itself; nobody has to read it.
PageReport report_with(json fields, const std::string& text) {
  PageReport report;
  report.recognised = true;
  report.confidence = 1;
  report.engines = {"mailroom " MAILROOM_VERSION};
  report.text = text;
  report.file = {{"fields", std::move(fields)}};
  return report;
}

intake::ReceivedFile file_from_kiosk(const MatterRow& row, const std::string& profile, Bytes bytes,
                                     json fields) {
  intake::ReceivedFile file;
  file.profile = profile;
  file.name = row.tracking + ".pdf";
  file.bytes = std::move(bytes);
  file.operator_id = "kiosk:" + row.kiosk;
  file.channel = Channel::kiosk;
  file.caller = file.operator_id;
  file.report = report_with(std::move(fields), row.tracking);
  return file;
}

json common_fields(const MatterRow& row) {
  json fields = {field("matter", row.matter), field("tracking", row.tracking),
                 field("payment", payment_word(row))};
  if (row.fee_cents > 0) {
    fields.push_back(field("amount", decimal(row.fee_cents)));
    fields.push_back(field("kassenzeichen", row.reference));
  }
  return fields;
}

}  // namespace

std::string payment_reference(const std::string& account, const std::string& matter) {
  const auto digest = sha256(as_bytes(matter));
  std::string digits = account;
  for (std::size_t i = 0; i < 12; ++i) digits += char('0' + digest[i] % 10);
  int sum = 0;  // ISO/IEC 7812-1, Luhn
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int weighed = i % 2 == 0 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return digits + char('0' + (10 - sum % 10) % 10);
}

fs::path HandIn::package_of(const std::string& matter) const {
  return rooms_.packages / (matter + ".pdf");
}

Result<void> HandIn::audit(archive::Transaction& transaction, const MatterRow& row, const std::string& action,
                           json details) const {
  details["matter"] = row.matter;
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, rooms_.clock.now(),
                                     {"kiosk:" + row.kiosk, action, {row.id}, std::move(details)}));
  return {};
}

Result<std::vector<Certificate>> HandIn::recipients_of(const Matter& matter) const {
  const auto& profile = rooms_.configuration.profiles.at(matter.profile);
  std::vector<Certificate> certificates;
  for (const auto& id : rooms_.configuration.classes.at(profile.document_class).recipients) {
    const auto found = rooms_.certificates.find(id);
    if (found == rooms_.certificates.end())
      return fail(Errc::not_found, "the recipient '" + id + "' has no certificate to encrypt matters to", {},
                  "give `certificate` of the recipient in mailroom.toml");
    MAILROOM_TRY(auto copy, Certificate::from_pem(found->second.pem()));
    certificates.push_back(std::move(copy));
  }
  return certificates;
}

Result<PackageFacts> HandIn::facts_for(const Visit& visit, const std::string& kiosk,
                                       const std::string& tracking) const {
  const auto& place = rooms_.kiosks.places.at(kiosk);
  PackageFacts facts{tracking,          rooms_.configuration.organisation, kiosk, place.scanner, {}, 0,
                     rooms_.clock.now()};
  const auto profile = rooms_.configuration.profiles.find(place.profile);
  if (!visit.device.name.empty() && profile != rooms_.configuration.profiles.end()) {
    facts.capture_mode = profile->second.mode;
    facts.capture_dpi = profile->second.dpi;
  }
  return facts;
}

Result<MatterRow> HandIn::row_for(const Visit& visit, const std::string& kiosk,
                                  const std::string& way) const {
  MatterRow row;
  row.id = new_uuid(rooms_.clock);
  row.tracking = new_tracking_number();
  row.kiosk = kiosk;
  row.matter = visit.matter->id;
  row.state = way == "card" ? archive::kPaying : archive::kHandedIn;
  row.pseudonym = identity::pseudonym_digest(visit.identity->pseudonym);
  row.reading = visit.identity->row.id;
  row.fee_cents = visit.matter->fee_cents;
  row.way = way;
  if (row.fee_cents > 0) row.reference = payment_reference(visit.matter->account, row.id);
  if (!visit.identity->pseudonym.empty()) {
    MAILROOM_TRY(auto mailbox, make_mailbox(row.id, visit.identity->pseudonym, rooms_.clock.now()));
    row.mailbox_certificate = std::move(mailbox.certificate);
    row.mailbox_key = std::move(mailbox.key);
  }
  return row;
}

Result<void> HandIn::enter(const Visit& visit, MatterRow& row) {
  return rooms_.core.call([&]() -> Result<void> {
    archive::Matters matters(rooms_.catalogue.database());
    const Timestamp now = rooms_.clock.now();
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(matters.insert(row, now));
    for (const Proof& proof : visit.proofs) {
      const bool earlier = proof.state == ProofState::earlier;
      if (!earlier && proof.sides.empty()) continue;
      MAILROOM_TRY_VOID(matters.insert_proof({row.id, proof.asked->id,
                                              earlier ? proof.on_file->row.digest : digest_of(proof),
                                              earlier ? proof.on_file->row.sides : int(proof.sides.size()),
                                              earlier ? proof.on_file->row.on : to_iso_date(now),
                                              earlier ? proof.on_file->tracking : std::string()}));
    }
    const bool paying = row.state == archive::kPaying;
    MAILROOM_TRY_VOID(
        audit(transaction, row, paying ? "matter.kept" : "matter.handed_in", {{"way", row.way}}));
    MAILROOM_TRY(auto entered, matters.find(row.id));
    row = std::move(*entered);
    return transaction.commit();
  });
}

Result<MatterRow> HandIn::keep(const Visit& visit, const std::string& kiosk, const std::string& way) {
  MAILROOM_TRY(auto row, row_for(visit, kiosk, way));
  MAILROOM_TRY(const auto facts, facts_for(visit, kiosk, row.tracking));
  MAILROOM_TRY(const auto recipients, recipients_of(*visit.matter));
  MAILROOM_TRY(const Bytes package, make_package(visit, facts, recipients));
  MAILROOM_TRY_VOID(write_durably(package_of(row.id), package));
  kill_point("matter.package_kept");
  if (const auto entered = enter(visit, row); !entered) {
    MAILROOM_TRY_VOID(remove_durably(package_of(row.id)));
    return fail(entered.error());
  }
  kill_point("matter.kept");
  return row;
}

Result<void> HandIn::begin_payment(const PaymentAttemptRow& attempt) {
  const auto noted = rooms_.core.call([&]() -> Result<void> {
    archive::Matters matters(rooms_.catalogue.database());
    MAILROOM_TRY(const auto row, matters.find(attempt.matter));
    if (!row || row->state != archive::kPaying)
      return fail(Errc::illegal_state, "this matter is not being paid");
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(matters.insert_attempt(attempt, rooms_.clock.now()));
    MAILROOM_TRY_VOID(
        audit(transaction, *row, "payment.begun",
              {{"terminal", attempt.terminal}, {"cents", row->fee_cents}, {"attempt", attempt.id}}));
    return transaction.commit();
  });
  if (!noted) return fail(noted.error());
  kill_point("payment.begun");
  return {};
}

Result<void> HandIn::note_not_paid(const PaymentAttemptRow& attempt, const std::string& outcome) {
  return rooms_.core.call([&]() -> Result<void> {
    archive::Matters matters(rooms_.catalogue.database());
    MAILROOM_TRY(const auto row, matters.find(attempt.matter));
    if (!row) return fail(Errc::not_found, "there is no such matter");
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(matters.end_attempt(attempt.id, archive::kAttemptNotPaid, outcome));
    MAILROOM_TRY_VOID(
        audit(transaction, *row, "payment.ended", {{"attempt", attempt.id}, {"outcome", "not_paid"}}));
    return transaction.commit();
  });
}

Result<void> HandIn::note_unknown(const PaymentAttemptRow& attempt, const std::string& outcome) {
  return rooms_.core.call([&] {
    return archive::Matters(rooms_.catalogue.database())
        .end_attempt(attempt.id, archive::kAttemptUnknown, outcome);
  });
}

/// From paying to handed in: with its payment, or to be paid later.
Result<void> HandIn::step(const std::string& matter, const std::string& way, const PaymentAttemptRow* attempt,
                          const std::string& outcome) {
  const auto noted = rooms_.core.call([&]() -> Result<void> {
    archive::Matters matters(rooms_.catalogue.database());
    MAILROOM_TRY(const auto row, matters.find(matter));
    if (!row) return fail(Errc::not_found, "there is no such matter");
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    if (attempt != nullptr) {
      MAILROOM_TRY_VOID(matters.end_attempt(attempt->id, archive::kAttemptPaid, outcome));
      MAILROOM_TRY_VOID(
          audit(transaction, *row, "payment.ended", {{"attempt", attempt->id}, {"outcome", "paid"}}));
    }
    MAILROOM_TRY_VOID(matters.hand_in(matter, way, rooms_.clock.now()));
    MAILROOM_TRY_VOID(audit(transaction, *row, "matter.handed_in", {{"way", way}}));
    return transaction.commit();
  });
  if (!noted) return fail(noted.error());
  kill_point("matter.handed_in");
  return hand_on();
}

Result<void> HandIn::note_paid(const PaymentAttemptRow& attempt, const std::string& outcome) {
  kill_point("payment.paid");
  return step(attempt.matter, "card", &attempt, outcome);
}

Result<std::vector<PaymentAttemptRow>> HandIn::all_open_attempts() {
  return rooms_.core.call([&] { return archive::Matters(rooms_.catalogue.database()).open_attempts(); });
}

Result<void> HandIn::settle(const std::string& attempt, const std::string& receipt,
                            const std::string& person) {
  MAILROOM_TRY(const auto open, all_open_attempts());
  const auto found =
      std::find_if(open.begin(), open.end(), [&](const auto& one) { return one.id == attempt; });
  if (found == open.end()) return fail(Errc::not_found, "no such payment is open");
  const json outcome = {{"outcome", receipt.empty() ? "declined" : "paid"},
                        {"terminal", found->terminal},
                        {"receipt", receipt},
                        {"settled_by", person}};
  if (!receipt.empty()) return note_paid(*found, outcome.dump());
  MAILROOM_TRY_VOID(note_not_paid(*found, outcome.dump()));
  return give_up(found->matter);
}

Result<std::vector<PaymentAttemptRow>> HandIn::open_attempts(const std::string& terminal) {
  MAILROOM_TRY(auto open, all_open_attempts());
  std::erase_if(open, [&](const auto& attempt) { return attempt.terminal != terminal; });
  return open;
}

Result<std::optional<MatterRow>> HandIn::find(const std::string& matter) {
  return rooms_.core.call([&] { return archive::Matters(rooms_.catalogue.database()).find(matter); });
}

Result<void> HandIn::pay_later(const std::string& matter) {
  return step(matter, "later", nullptr, {});
}

Result<void> HandIn::give_up(const std::string& matter) {
  const auto gone = rooms_.core.call([&]() -> Result<bool> {
    archive::Matters matters(rooms_.catalogue.database());
    MAILROOM_TRY(const auto row, matters.find(matter));
    if (!row || row->state != archive::kPaying) return false;
    MAILROOM_TRY(const auto attempts, matters.attempts_of(matter));
    for (const auto& attempt : attempts) {
      if (attempt.state != archive::kAttemptNotPaid) return false;
    }
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(matters.remove(matter));
    MAILROOM_TRY_VOID(audit(transaction, *row, "matter.given_up"));
    MAILROOM_TRY_VOID(transaction.commit());
    return true;
  });
  if (!gone) return fail(gone.error());
  kill_point("matter.given_up");
  return *gone ? remove_durably(package_of(matter)) : Result<void>();
}

Result<std::string> HandIn::receive_payment(const MatterRow& row) {
  if (row.fee_cents == 0) return std::string();
  auto fields = common_fields(row);
  json record = {{"version", 1}, {"at", row.handed_in_at}, {"kiosk", row.kiosk}};
  const auto attempts =
      rooms_.core.call([&] { return archive::Matters(rooms_.catalogue.database()).attempts_of(row.id); });
  if (!attempts) return fail(attempts.error());
  for (const auto& attempt : *attempts) {
    if (attempt.state != archive::kAttemptPaid) continue;
    const auto outcome = json::parse(attempt.outcome, nullptr, false);
    fields.push_back(field("terminal", outcome.value("terminal", "")));
    fields.push_back(field("terminal_receipt", outcome.value("receipt", "")));
    fields.push_back(field("paid_at", outcome.value("at", row.handed_in_at)));
  }
  for (const auto& entry : fields) record[entry["name"].get<std::string>()] = entry["value"];
  MAILROOM_TRY(auto bytes, make_payment_record(record, rooms_.configuration.organisation));
  auto file = file_from_kiosk(row, rooms_.kiosks.account.profile, std::move(bytes), std::move(fields));
  file.origin = "kiosk-payment:" + row.id;
  MAILROOM_TRY(const auto batch, rooms_.receive(file));
  return batch.id;
}

Result<void> HandIn::receive(const MatterRow& row) {
  const auto matter = rooms_.kiosks.matters.find(row.matter);
  if (matter == rooms_.kiosks.matters.end())
    return fail(Errc::not_found, "a matter was handed in that matters.toml no longer has: " + row.matter);
  MAILROOM_TRY(auto package, read_file(package_of(row.id)));
  auto file = file_from_kiosk(row, matter->second.profile, std::move(package), common_fields(row));
  file.origin = "kiosk:" + row.id;
  MAILROOM_TRY(const auto batch, rooms_.receive(file));
  kill_point("matter.received");
  MAILROOM_TRY(const auto payment, receive_payment(row));
  kill_point("matter.payment_received");
  const auto noted = rooms_.core.call([&]() -> Result<void> {
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(archive::Matters(rooms_.catalogue.database()).receive(row.id, batch.id, payment));
    MAILROOM_TRY_VOID(audit(transaction, row, "matter.received", {{"batch", batch.number}}));
    return transaction.commit();
  });
  if (!noted) return fail(noted.error());
  return remove_durably(package_of(row.id));
}

Result<void> HandIn::hand_on() {
  const std::scoped_lock one_at_a_time(handing_on_);
  const auto waiting = rooms_.core.call(
      [&] { return archive::Matters(rooms_.catalogue.database()).in_state(archive::kHandedIn); });
  if (!waiting) return fail(waiting.error());
  for (const MatterRow& row : *waiting) {
    if (const auto received = receive(row); !received) log::error(received.error());  // with the next call
  }
  return {};
}

Result<void> HandIn::begin() {
  MAILROOM_TRY_VOID(create_folder_durably(rooms_.packages));
  const auto paying = rooms_.core.call(
      [&] { return archive::Matters(rooms_.catalogue.database()).in_state(archive::kPaying); });
  if (!paying) return fail(paying.error());
  for (const MatterRow& row : *paying) MAILROOM_TRY_VOID(give_up(row.id));
  MAILROOM_TRY_VOID(hand_on());
  // What was written and never entered: its citizen never saw a number.
  for (const auto& entry : fs::directory_iterator(rooms_.packages)) {
    const auto row = rooms_.core.call(
        [&] { return archive::Matters(rooms_.catalogue.database()).find(entry.path().stem().string()); });
    if (!row) return fail(row.error());
    if (!*row || (*row)->state == archive::kReceived) MAILROOM_TRY_VOID(remove_durably(entry.path()));
  }
  return {};
}

}  // namespace mailroom::kiosk
