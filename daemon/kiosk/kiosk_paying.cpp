#include <algorithm>

#include "daemon/base/log.h"
#include "daemon/kiosk/kiosk.h"

/// Handing in, and paying for it.
namespace mailroom::kiosk {
namespace {

using nlohmann::json;

tl::unexpected<Error> not_now(const std::string& what) {
  return fail(Errc::illegal_state, what);
}

}  // namespace

Result<void> Kiosk::check_complete(const Visit& visit) const {
  if (visit.matter == nullptr) return not_now("no matter was chosen");
  if (visit.consent_at.empty()) return not_now("nobody has agreed");
  if (!visit.identity) return not_now("nobody was identified");
  const bool needs_details = std::any_of(visit.matter->details.begin(), visit.matter->details.end(),
                                         [](const auto& detail) { return detail.needed; });
  if (needs_details && visit.details.empty()) return not_now("the details are missing");
  for (const Proof& proof : visit.proofs) {
    if (proof.state == ProofState::scanning) return not_now("a proof is being scanned");
    if (proof.asked->needed && proof.state == ProofState::open) return not_now("a proof is missing");
  }
  return {};
}

Result<json> Kiosk::hand_in(const std::string& token, const std::string& way) {
  if (!rooms_.has_room()) return fail(Errc::disk_full, "the data disk is full");
  return with(token, [&](Visit& visit) -> Result<void> {
    if (visit.handed_in) return not_now("it is handed in already");
    MAILROOM_TRY_VOID(check_complete(visit));
    const auto& ways = visit.matter->ways_to_pay;
    const bool fits =
        visit.matter->fee_cents == 0 ? way.empty() : std::find(ways.begin(), ways.end(), way) != ways.end();
    if (!fits) return fail(Errc::invalid_input, "it is not paid for in this way");
    MAILROOM_TRY(auto row, rooms_.hand_in.keep(visit, place_.id, way));
    visit.payment.reference = row.reference;
    visit.handed_in = std::move(row);
    if (way == "card") {
      start_payment(visit);
      return {};
    }
    visit.payment.state = way == "later" ? PaymentState::later : PaymentState::none;
    return rooms_.hand_in.hand_on();
  });
}

void Kiosk::start_payment(const Visit& visit) {
  Visit& person = *visit_;
  person.payment.state = PaymentState::running;
  person.payment.step.clear();
  person.payment.text.clear();
  const auto begun =
      till_.begin(*visit.handed_in, [this, token = visit.token](const TillNews& news) { paid(token, news); });
  if (begun) return;
  log::error(begun.error());
  person.payment.state = PaymentState::declined;
  person.payment.step = "unreachable";
}

/// On the till's thread.
void Kiosk::paid(const std::string& token, const TillNews& news) {
  const std::scoped_lock lock(mutex_);
  const auto visit = visit_of(token);
  if (!visit) return;
  Visit& person = **visit;
  person.payment.state = news.state;
  person.payment.step = news.step;
  person.payment.text = news.text;
  person.touched = std::chrono::steady_clock::now();
  if (news.matter) person.handed_in = news.matter;
}

Result<json> Kiosk::pay(const std::string& token, const std::string& way) {
  return with(token, [&](Visit& visit) -> Result<void> {
    const auto state = visit.payment.state;
    if (!visit.handed_in || (state != PaymentState::declined && state != PaymentState::aborted))
      return not_now("there is nothing to be paid");
    if (way == "card") {
      start_payment(visit);
      return {};
    }
    if (way != "later") return fail(Errc::invalid_input, "it is not paid for in this way");
    MAILROOM_TRY_VOID(rooms_.hand_in.pay_later(visit.handed_in->id));
    MAILROOM_TRY(const auto row, rooms_.core.call([&] {
      return archive::Matters(rooms_.catalogue.database()).find(visit.handed_in->id);
    }));
    visit.handed_in = row;
    visit.payment.state = PaymentState::later;
    return {};
  });
}

Result<json> Kiosk::abort_payment(const std::string& token) {
  return with(token, [&](Visit& visit) -> Result<void> {
    if (visit.payment.state != PaymentState::running) return not_now("nothing is being paid");
    till_.abort();
    return {};
  });
}

}  // namespace mailroom::kiosk
