#include "drivers/card/eid/read_identity.h"

#include "drivers/card/eid/authentication.h"
#include "drivers/card/eid/eid_application.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr int kDocumentType = 1;
constexpr int kTransportPinDigits = 5;

/// YYYYMMDD of the latest birthday of somebody who is `years` old on the day of `now`.
std::string latest_birthday(Timestamp now, int years) {
  std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now)};
  day -= std::chrono::years(years);
  // Who was born on 29 February is older on 1 March of other years.
  if (!day.ok()) day = day.year() / std::chrono::February / std::chrono::day(28);
  std::string text = to_iso_date(Timestamp(std::chrono::sys_days(day)));
  std::erase(text, '-');
  return text;
}

Rights rights_for(const Terminal& terminal, const IdentityQuestion& question) {
  Rights wanted;
  for (const int group : question.groups) wanted.add_group(group);
  if (question.min_age) wanted.add(Right::age_verification);
  if (question.community) wanted.add(Right::community_verification);
  if (question.pseudonym) wanted.add(Right::restricted_identification);
  if (terminal.mode == ReadingMode::counter) wanted.add(Right::can_allowed);
  return wanted;
}

EidResult<void> check_passwords(const Terminal& terminal, const ReadOrder& order) {
  const bool counter = terminal.mode == ReadingMode::counter;
  if (counter && (order.pin || !order.can))
    return refuse(EidFault::mode_forbids, Errc::refused, "a counter reads with the CAN and never with a PIN");
  if (!counter && !order.pin)
    return refuse(EidFault::mode_forbids, Errc::refused, "a kiosk reads with the holder's PIN only");
  if (order.pin && order.pin->digits().size() == kTransportPinDigits)
    return refuse(EidFault::transport_pin, Errc::refused, "the five digits of the letter are no PIN yet");
  return {};
}

EidResult<Rights> check_order(const Terminal& terminal, const ReadOrder& order, Timestamp now) {
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain, check_terminal(terminal, now));
  MAILROOM_EID_TRY_VOID(EidFault::mode_forbids, check_passwords(terminal, order));
  const Rights wanted = rights_for(terminal, order.question);
  if (!terminal.chain.rights().contains(wanted))
    return refuse(EidFault::certificate_rights, Errc::refused, "more is asked for than the certificate allows");
  if (order.question.pseudonym && terminal.sector_key.empty())
    return refuse(EidFault::certificate_rights, Errc::refused, "a pseudonym needs the sector's public key");
  return wanted;
}

/// One reading on its way.
class Reading {
 public:
  Reading(Card& card, const Terminal& terminal, const ReadOrder& order, Timestamp now, const OnStep& on_step)
      : channel_(card), terminal_(terminal), order_(order), now_(now), on_step_(on_step) {}

  EidResult<IdentityReading> run(const Rights& wanted);

 private:
  void tell(std::string_view step) const {
    if (on_step_) on_step_(step);
  }
  EidResult<PaceOutcome> prove_password(const Rights& wanted);
  EidResult<PaceOutcome> pace(const PacePassword& password, const Rights* wanted);
  EidResult<SignedCardData> prove_all(PaceOutcome& pace);
  EidResult<IdentityReading> ask(const SignedCardData& data);
  EidResult<void> ask_groups(IdentityReading& reading);
  [[nodiscard]] AuxiliaryData auxiliary() const;

  EidChannel channel_;
  const Terminal& terminal_;
  const ReadOrder& order_;
  Timestamp now_;
  const OnStep& on_step_;
  Bytes card_access_;
};

AuxiliaryData Reading::auxiliary() const {
  AuxiliaryData data;
  data.valid_on = latest_birthday(now_, 0);
  if (order_.question.min_age) data.born_until = latest_birthday(now_, *order_.question.min_age);
  data.community = order_.question.community;
  return data;
}

EidResult<PaceOutcome> Reading::pace(const PacePassword& password, const Rights* wanted) {
  tell(password.kind() == PasswordKind::can ? "pace_can" : "pace_pin");
  // A reader with a keypad runs PACE for every password, so that its channel is one.
  if (password.at_keypad() || channel_.card().has_keypad())
    return run_pace_at_reader(channel_, password, wanted, terminal_.chain.description);
  return run_pace(channel_, card_access_, password, wanted);
}

EidResult<PaceOutcome> Reading::prove_password(const Rights& wanted) {
  if (!order_.pin) return pace(*order_.can, &wanted);
  if (order_.can) {
    MAILROOM_EID_TRY([[maybe_unused]] const PaceOutcome freed, EidFault::wrong_can, pace(*order_.can, nullptr));
  }
  return pace(*order_.pin, &wanted);
}

EidResult<SignedCardData> Reading::prove_all(PaceOutcome& pace) {
  tell("terminal_authentication");
  MAILROOM_EID_TRY_VOID(EidFault::terminal_refused, authenticate_terminal(channel_, pace, terminal_, auxiliary()));
  tell("passive_authentication");
  MAILROOM_EID_TRY(auto data, EidFault::data_not_signed,
                   authenticate_data(channel_, pace, terminal_.country_signers, now_));
  tell("chip_authentication");
  MAILROOM_EID_TRY_VOID(EidFault::chip_not_genuine, authenticate_chip(channel_, pace, data));
  return data;
}

EidResult<void> Reading::ask_groups(IdentityReading& reading) {
  for (const int group : order_.question.groups) {
    MAILROOM_EID_TRY(auto value, EidFault::data_malformed, read_group(channel_, group));
    if (value.is_null()) continue;
    if (group == kDocumentType && value.is_string()) reading.kind = kind_of(value.get<std::string>());
    reading.data[std::string(group_name(group))] = std::move(value);
  }
  return {};
}

EidResult<IdentityReading> Reading::ask(const SignedCardData& data) {
  constexpr EidFault wrong = EidFault::data_refused;
  MAILROOM_EID_TRY_VOID(wrong, select_eid(channel_));
  tell("validity");
  MAILROOM_EID_TRY(const bool valid, wrong, is_valid_card(channel_));
  if (!valid) return refuse(EidFault::card_expired, Errc::refused, "the card says that it is no longer valid");
  tell("data");
  IdentityReading reading;
  if (order_.question.min_age) {
    MAILROOM_EID_TRY(reading.old_enough, wrong, is_old_enough(channel_));
  }
  if (order_.question.community) {
    MAILROOM_EID_TRY(reading.in_community, wrong, lives_in_community(channel_));
  }
  if (order_.question.pseudonym) {
    const auto protocol = restricted_identification_in(data.infos);
    if (!protocol) return refuse(wrong, Errc::unsupported, "the card makes no pseudonyms");
    MAILROOM_EID_TRY(reading.pseudonym, wrong, read_pseudonym(channel_, *protocol, terminal_.sector_key));
  }
  MAILROOM_EID_TRY_VOID(wrong, ask_groups(reading));
  return reading;
}

EidResult<IdentityReading> Reading::run(const Rights& wanted) {
  tell("card_access");
  MAILROOM_EID_TRY(card_access_, EidFault::not_an_eid_card,
                   channel_.read_file(kFileCardAccess, EidFault::not_an_eid_card, "EF.CardAccess"));
  MAILROOM_EID_TRY(PaceOutcome pace, EidFault::malformed_answer, prove_password(wanted));
  MAILROOM_EID_TRY(const SignedCardData data, EidFault::data_not_signed, prove_all(pace));
  return ask(data);
}

}  // namespace

EidResult<IdentityReading> read_identity(Card& card, const Terminal& terminal, const ReadOrder& order, Timestamp now,
                                         const OnStep& on_step) {
  MAILROOM_EID_TRY(const Rights wanted, EidFault::certificate_chain, check_order(terminal, order, now));
  return Reading(card, terminal, order, now, on_step).run(wanted);
}

}  // namespace mailroom::card
