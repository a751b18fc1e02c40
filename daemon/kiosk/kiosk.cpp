#include "daemon/kiosk/kiosk.h"

#include <algorithm>
#include <ctime>
#include <regex>

#include "daemon/crypto/digest.h"
#include "daemon/kiosk/tracking_number.h"
#include "daemon/kiosk/views.h"
#include "drivers/payment/girocode/girocode.h"
#include "ocr/paper/print_codes.h"

namespace mailroom::kiosk {
namespace {

using nlohmann::json;
using Clocked = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kScreenGone = 15s;
constexpr int kExtensions = 20;
constexpr int kWarnSeconds = 20;
constexpr int kWrongNumbers = 5;
constexpr auto kNumbersAgain = 60s;

std::string new_token() {
  return to_hex(random_bytes(16));
}

std::tm local_time(Timestamp time) {
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return local;
}

/// The ISO day `months` before `day`.
std::string months_before(const std::string& day, int months) {
  const int all = std::stoi(day.substr(0, 4)) * 12 + std::stoi(day.substr(5, 2)) - 1 - months;
  const std::string month = std::to_string(all % 12 + 1);
  return std::to_string(all / 12) + "-" + (month.size() < 2 ? "0" : "") + month + day.substr(7);
}

tl::unexpected<Error> not_now(const std::string& what) {
  return fail(Errc::illegal_state, what);
}

}  // namespace

Kiosk::Kiosk(KioskRooms rooms, const KioskPlace& place)
    : rooms_(std::move(rooms)),
      place_(place),
      scanner_(rooms_.scanning, place.scanner),
      till_(rooms_.hand_in, place.terminal, rooms_.clock) {
  if (auto reader = rooms_.reader_of(place))
    reader_ =
        std::make_unique<Reader>(rooms_.identity, std::move(reader->program), std::move(reader->arguments));
}

Kiosk::~Kiosk() {
  const std::unique_lock lock(mutex_);
  visit_.reset();
}

bool Kiosk::is_open() const {
  if (place_.hours.empty()) return true;
  const auto now = local_time(rooms_.clock.now());
  const int day = now.tm_wday == 0 ? 7 : now.tm_wday;
  const int minute = now.tm_hour * 60 + now.tm_min;
  return std::any_of(place_.hours.begin(), place_.hours.end(), [&](const OpeningHours& hours) {
    const bool today = std::find(hours.days.begin(), hours.days.end(), day) != hours.days.end();
    return today && minute >= hours.from_minute && minute < hours.to_minute;
  });
}

json Kiosk::works() const {
  const std::string reader = reader_ == nullptr ? "none" : reader_->is_there() ? "ok" : "lost";
  return {{"reader", reader},
          {"scanner", scanner_.state()},
          {"card_payment", till_.state()},
          {"delivery", rooms_.delivers() ? "ok" : "waiting"},
          {"disk", rooms_.has_room() ? "ok" : "full"}};
}

std::vector<std::string> Kiosk::missing_for(const Matter& matter, const json& works) const {
  std::vector<std::string> missing;
  if (works["reader"] != "ok") missing.emplace_back("reader");
  const bool scans =
      std::any_of(matter.proofs.begin(), matter.proofs.end(), [](const auto& p) { return p.needed; });
  if (scans && works["scanner"] != "ok") missing.emplace_back("scanner");
  const bool only_card = matter.ways_to_pay == std::vector<std::string>{"card"};
  if (only_card && works["card_payment"] != "ok") missing.emplace_back("card_payment");
  if (works["disk"] != "ok") missing.emplace_back("disk");
  return missing;
}

json Kiosk::view() {
  const json working = works();
  json matters = json::array();
  for (const auto& id : place_.matters) {
    const Matter& matter = rooms_.configuration.matters.at(id);
    matters.push_back(matter_json(matter, missing_for(matter, working)));
  }
  const std::scoped_lock lock(mutex_);
  return {
      {"kiosk", place_.id},
      {"name", place_.name},
      {"organisation", rooms_.configuration.account.holder},
      {"open", is_open()},
      {"hours", hours_json(place_.hours)},
      {"works", working},
      {"matters", std::move(matters)},
      {"help", name_of(help_)},
      {"timing",
       {{"idle_seconds", place_.idle_seconds}, {"warn_seconds", kWarnSeconds}, {"extensions", kExtensions}}}};
}

/// Without the lock: the devices tell nothing any more when this returns, so nothing comes to the next visit.
void Kiosk::wipe(const char* reason) {
  if (reader_) reader_->forget();
  scanner_.forget();
  till_.forget();
  std::optional<Visit> gone;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(gone, visit_);
    if (!gone) return;
    ended_ = gone->token;
    reason_ = reason;
    end_soon_.clear();
  }
  if (gone->handed_in && !gone->is_done() && gone->payment.state != PaymentState::running) {
    // What is being paid belongs to the till, which gives it up or hands it in.
    static_cast<void>(rooms_.hand_in.give_up(gone->handed_in->id));
  }
}

Result<json> Kiosk::begin(const std::string& language) {
  if (!is_open()) return fail(Errc::refused, "the kiosk is closed");
  wipe("ended");
  const std::scoped_lock lock(mutex_);
  const auto now = Clocked::now();
  visit_.emplace();
  visit_->token = new_token();
  visit_->language = language;
  visit_->extensions_left = kExtensions;
  visit_->touched = visit_->asked = now;
  json view = visit_json(*visit_);
  view["visit"] = visit_->token;
  return view;
}

Result<Visit*> Kiosk::visit_of(const std::string& token) {
  if (visit_ && equal_in_constant_time(as_bytes(visit_->token), as_bytes(token))) return &*visit_;
  return fail(Errc::not_found, "this visit is over", {}, token == ended_ ? reason_ : "ended");
}

Result<json> Kiosk::with(const std::string& token, const Change& change) {
  const std::scoped_lock lock(mutex_);
  MAILROOM_TRY(Visit * visit, visit_of(token));
  visit->touched = visit->asked = Clocked::now();
  MAILROOM_TRY_VOID(change(*visit));
  return visit_json(*visit);
}

Result<json> Kiosk::show(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  MAILROOM_TRY(Visit * visit, visit_of(token));
  visit->asked = Clocked::now();
  return visit_json(*visit);
}

Result<json> Kiosk::touch(const std::string& token) {
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY(Visit * visit, visit_of(token));
    // After the warning it is an extension; nobody is pressed for time before that.
    const auto quiet = Clocked::now() - visit->touched;
    const bool warned = quiet > std::chrono::seconds(place_.idle_seconds - kWarnSeconds);
    if (warned) visit->extensions_left = std::max(0, visit->extensions_left - 1);
  }
  return with(token, [](Visit&) { return Result<void>(); });
}

Result<void> Kiosk::end(const std::string& token) {
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY([[maybe_unused]] const Visit* visit, visit_of(token));
  }
  wipe("ended");
  return {};
}

void Kiosk::tick() {
  std::string reason;
  {
    const std::scoped_lock lock(mutex_);
    if (!visit_) return;
    const auto now = Clocked::now();
    const bool busy = visit_->payment.state == PaymentState::running;
    if (!end_soon_.empty()) reason = end_soon_;
    if (now - visit_->asked > kScreenGone) reason = "screen_gone";
    if (!busy && now - visit_->touched > std::chrono::seconds(place_.idle_seconds)) reason = "time_over";
  }
  if (!reason.empty()) wipe(reason.c_str());
}

void Kiosk::look_at_devices() {
  {
    const std::scoped_lock lock(mutex_);
    if (visit_) return;
  }
  scanner_.look();
  till_.look();
}

Result<json> Kiosk::set_language(const std::string& token, const std::string& language) {
  return with(token, [&](Visit& visit) -> Result<void> {
    visit.language = language;
    return {};
  });
}

Result<json> Kiosk::choose_matter(const std::string& token, const std::string& matter) {
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY(const Visit* visit, visit_of(token));
    if (visit->handed_in) return not_now("a matter was handed in; begin a new visit for another");
    if (std::find(place_.matters.begin(), place_.matters.end(), matter) == place_.matters.end())
      return fail(Errc::invalid_input, "this kiosk has no such matter");
  }
  if (reader_) reader_->forget();
  scanner_.forget();
  return with(token, [&](Visit& visit) -> Result<void> {
    Visit fresh{visit.token, visit.language};
    fresh.extensions_left = visit.extensions_left;
    fresh.touched = visit.touched;
    fresh.asked = visit.asked;
    fresh.next_side = visit.next_side;
    fresh.matter = &rooms_.configuration.matters.at(matter);
    for (const auto& proof : fresh.matter->proofs) fresh.proofs.push_back({&proof});
    if (fresh.matter->fee_cents > 0) fresh.payment.state = PaymentState::due;
    visit = std::move(fresh);
    return {};
  });
}

Result<json> Kiosk::consent(const std::string& token) {
  return with(token, [&](Visit& visit) -> Result<void> {
    if (visit.matter == nullptr) return not_now("no matter was chosen");
    visit.consent_at = to_rfc3339(rooms_.clock.now());
    return {};
  });
}

Result<json> Kiosk::fill_in(const std::string& token, std::map<std::string, std::string> details,
                            std::vector<std::string>& wrong) {
  return with(token, [&](Visit& visit) -> Result<void> {
    if (visit.matter == nullptr || visit.handed_in) return not_now("there is nothing to fill in");
    for (const auto& asked : visit.matter->details) {
      const auto& value = details[asked.id];
      const bool fits = asked.pattern.empty() || std::regex_match(value, std::regex(asked.pattern));
      if (value.empty() ? asked.needed : !fits) wrong.push_back(asked.id);
    }
    if (details.size() != visit.matter->details.size())
      return fail(Errc::invalid_input, "the matter does not ask for all of this");
    if (!wrong.empty()) return fail(Errc::invalid_input, "some of it cannot be right");
    visit.details = std::move(details);
    return {};
  });
}

Result<Proof*> Kiosk::proof_of(Visit& visit, const std::string& id) {
  for (Proof& proof : visit.proofs) {
    if (proof.asked->id == id) return &proof;
  }
  return fail(Errc::invalid_input, "the matter asks for no such proof");
}

Result<void> Kiosk::find_earlier(Visit& visit) {
  const auto today = to_iso_date(rooms_.clock.now());
  const auto pseudonym = identity::pseudonym_digest(visit.identity->pseudonym);
  for (Proof& proof : visit.proofs) {
    if (proof.asked->valid_months == 0) continue;
    const auto since = months_before(today, proof.asked->valid_months);
    MAILROOM_TRY(auto found, rooms_.core.call([&]() -> Result<std::optional<EarlierProof>> {
      archive::Matters matters(rooms_.catalogue.database());
      MAILROOM_TRY(auto row, matters.earlier_proof(pseudonym, visit.matter->id, proof.asked->id, since));
      if (!row) return std::optional<EarlierProof>();
      MAILROOM_TRY(auto tracking, matters.tracking_of(row->matter));
      return std::optional<EarlierProof>({std::move(*row), std::move(tracking)});
    }));
    proof.on_file = std::move(found);
  }
  return {};
}

Result<json> Kiosk::use_earlier(const std::string& token, const std::string& proof, bool use) {
  return with(token, [&](Visit& visit) -> Result<void> {
    MAILROOM_TRY(Proof * wanted, proof_of(visit, proof));
    if (visit.handed_in || !wanted->on_file || wanted->state == ProofState::scanning)
      return not_now("there is nothing on file to be used");
    wanted->sides.clear();
    wanted->state = use ? ProofState::earlier : ProofState::open;
    return {};
  });
}

Result<Bytes> Kiosk::receipt(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  MAILROOM_TRY(const Visit* visit, visit_of(token));
  if (!visit->is_done()) return not_now("nothing was handed in");
  PackageFacts facts;
  facts.organisation = rooms_.configuration.account.holder;
  return make_receipt(*visit->handed_in, *visit->matter, visit->payment, facts, visit->language);
}

Result<std::string> Kiosk::code(const std::string& token, const std::string& of) {
  const std::scoped_lock lock(mutex_);
  MAILROOM_TRY(const Visit* visit, visit_of(token));
  if (!visit->is_done()) return not_now("nothing was handed in");
  if (of == "tracking") {
    MAILROOM_TRY(const auto symbol, ocr::qr_symbol(visit->handed_in->tracking));
    return ocr::svg_of(symbol);
  }
  if (visit->payment.state != PaymentState::later) return not_now("there is nothing to be paid");
  const auto& account = rooms_.configuration.account;
  MAILROOM_TRY(const auto payload,
               payment::girocode({account.holder, account.iban, account.bic, visit->handed_in->fee_cents,
                                  visit->handed_in->reference}));
  MAILROOM_TRY(const auto symbol, ocr::qr_symbol_of_bytes(as_bytes(payload)));
  return ocr::svg_of(symbol);
}

Result<Bytes> Kiosk::speak(const std::string& token, const std::string& text, const std::string& language) {
  std::string spoken = language;
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY(const Visit* visit, visit_of(token));
    if (spoken.empty()) spoken = visit->language;
  }
  return speech_.speak(text, spoken);
}

Result<void> Kiosk::give_opinion(const std::string& token, int easy) {
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY([[maybe_unused]] const Visit* visit, visit_of(token));
  }
  const auto month = to_iso_date(rooms_.clock.now()).substr(0, 7);
  return rooms_.core.call(
      [&] { return archive::Matters(rooms_.catalogue.database()).count_opinion(place_.id, month, easy); });
}

void Kiosk::set_help(Help help) {
  {
    const std::scoped_lock lock(mutex_);
    if (help_ == help) return;
    help_ = help;
  }
  rooms_.help_wanted(place_.id, help);
}

Result<json> Kiosk::look_up(const std::string& token, const std::string& typed) {
  const auto number = tracking_number_from(typed);
  return with(token, [&](Visit& visit) -> Result<void> {
    if (wrong_numbers_ >= kWrongNumbers && Clocked::now() < numbers_again_)
      return fail(Errc::busy, "too many numbers that do not exist");
    MAILROOM_TRY(auto found, rooms_.core.call([&]() -> Result<std::optional<LookedUp>> {
      archive::Matters matters(rooms_.catalogue.database());
      MAILROOM_TRY(auto row, matters.find_tracking(number));
      if (!row || row->state == archive::kPaying) return std::optional<LookedUp>();
      return std::optional<LookedUp>(LookedUp{std::move(*row)});
    }));
    wrong_numbers_ = found ? 0 : wrong_numbers_ + 1;
    if (!found) {
      numbers_again_ = Clocked::now() + kNumbersAgain;
      return fail(Errc::invalid_input, "there is no such number");
    }
    visit.looked_up = std::move(found);
    visit.reading = {};
    return {};
  });
}

}  // namespace mailroom::kiosk
