#include <algorithm>

#include "daemon/kiosk/kiosk.h"

/// What the devices of a kiosk do for its visit. Their news come on threads of their own and count only while
/// the visit that asked is there.
namespace mailroom::kiosk {
namespace {

using nlohmann::json;

tl::unexpected<Error> not_now(const std::string& what) {
  return fail(Errc::illegal_state, what);
}

}  // namespace

identity::Wish Kiosk::wish_for(const Visit& visit) const {
  identity::Wish wish;
  const bool to_look = visit.looked_up.has_value();
  const auto& matter_id = to_look ? visit.looked_up->row.matter : visit.matter->id;
  wish.matter = matter_id;
  wish.recipient = "matter";
  const auto certificates = rooms_.recipients.find(matter_id);
  if (certificates != rooms_.recipients.end()) wish.recipient_certificates = certificates->second;
  wish.pseudonym = true;
  if (to_look) return wish;
  for (const auto& datum : visit.matter->reads) wish.groups.push_back(datum.group);
  if (visit.matter->min_age > 0) wish.min_age = visit.matter->min_age;
  wish.community = visit.matter->community;
  return wish;
}

ReadingEvents Kiosk::reading_events(const std::string& token) {
  const auto change = [this, token](const std::function<void(Visit&)>& how) {
    const std::scoped_lock lock(mutex_);
    if (auto visit = visit_of(token)) how(**visit);
  };
  return {
      [change] { change([](Visit& visit) { visit.reading.state = ReadingState::reading; }); },
      [change](std::string_view step) { change([&](Visit& visit) { visit.reading.step = step; }); },
      [this, token](card::EidResult<identity::SealedIdentity> outcome) { read(token, std::move(outcome)); },
      [this, token] {
        const std::scoped_lock lock(mutex_);
        const auto visit = visit_of(token);
        // What is handed in is safe; taking the card then is what the screen asks for.
        if (visit && !(*visit)->handed_in) end_soon_ = "card_removed";
      }};
}

Result<json> Kiosk::identify(const std::string& token) {
  if (!reader_) return fail(Errc::unsupported, "this kiosk has no card reader");
  return with(token, [&](Visit& visit) -> Result<void> {
    const bool for_matter = visit.matter != nullptr && !visit.consent_at.empty() && !visit.handed_in;
    if (!for_matter && !visit.looked_up) return not_now("nobody has agreed to be identified");
    if (visit.reading.state == ReadingState::done) return not_now("the card was read already");
    MAILROOM_TRY_VOID(reader_->begin(wish_for(visit), reading_events(token)));
    visit.reading = {ReadingState::waiting_for_card};
    return {};
  });
}

Result<json> Kiosk::stop_identifying(const std::string& token) {
  if (reader_) reader_->forget();
  return with(token, [&](Visit& visit) -> Result<void> {
    if (visit.reading.state != ReadingState::done) visit.reading = {};
    return {};
  });
}

/// On the reader's thread.
void Kiosk::read(const std::string& token, card::EidResult<identity::SealedIdentity> outcome) {
  const std::scoped_lock lock(mutex_);
  const auto visit = visit_of(token);
  if (!visit) return;
  Visit& person = **visit;
  if (!outcome) {
    person.reading = {ReadingState::failed, person.reading.step,
                      std::string(card::name_of(outcome.error().fault)), outcome.error().tries};
    return;
  }
  person.identity = *std::move(outcome);
  person.reading = {ReadingState::done};
  const auto found = person.looked_up ? open_answers(person) : find_earlier(person);
  if (!found) person.reading = {ReadingState::failed, {}, "not_this_person"};
}

/// Errc::refused when somebody else has handed in what was looked up.
Result<void> Kiosk::open_answers(Visit& visit) {
  LookedUp& found = *visit.looked_up;
  if (found.row.pseudonym != identity::pseudonym_digest(visit.identity->pseudonym))
    return fail(Errc::refused, "somebody else handed this in");
  MAILROOM_TRY(const auto replies, rooms_.core.call([&] {
    return archive::Matters(rooms_.catalogue.database()).replies_to(found.row.id);
  }));
  for (const auto& reply : replies) {
    MAILROOM_TRY(auto opened, open_reply(found.row, reply, visit.identity->pseudonym));
    MAILROOM_TRY(opened.pages, scanner_.pages_of(opened.pdf));
    found.opened.push_back(std::move(opened));
  }
  return {};
}

Result<Bytes> Kiosk::answer_page(const std::string& token, int answer, int page) {
  Bytes pdf;
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY(const Visit* visit, visit_of(token));
    if (visit->looked_up) {
      for (const auto& reply : visit->looked_up->opened) {
        if (reply.number == answer && page >= 1 && page <= reply.pages) pdf = reply.pdf;
      }
    }
  }
  if (pdf.empty()) return fail(Errc::invalid_input, "there is no such page");
  return scanner_.page_of(pdf, page);
}

Result<json> Kiosk::scan(const std::string& token, const std::string& proof) {
  MAILROOM_TRY(const auto settings,
               rooms_.core.call([&] { return rooms_.flow.feed_settings(place_.profile); }));
  return with(token, [&](Visit& visit) -> Result<void> {
    MAILROOM_TRY(Proof * wanted, proof_of(visit, proof));
    if (visit.handed_in) return not_now("it is handed in already");
    ScanEvents events{[this, token, proof](CapturedImage&& image, const PageReport& report) {
                        return take_side(token, proof, std::move(image), report);
                      },
                      [this, token, proof](const drivers::DeviceInfo& device, const std::string& fault) {
                        scanned(token, proof, device, fault);
                      }};
    MAILROOM_TRY_VOID(scanner_.begin(settings, std::move(events)));
    wanted->state = ProofState::scanning;
    wanted->fault.clear();
    return {};
  });
}

/// On the scanner's thread.
bool Kiosk::take_side(const std::string& token, const std::string& proof, CapturedImage&& image,
                      const PageReport& report) {
  const std::scoped_lock lock(mutex_);
  const auto visit = visit_of(token);
  if (!visit) return false;
  const auto wanted = proof_of(**visit, proof);
  if (!wanted) return false;
  (*visit)->touched = std::chrono::steady_clock::now();
  if (report.blank) {  // an empty back is nobody's proof
    (*wanted)->fault = (*wanted)->sides.empty() ? "all_blank" : (*wanted)->fault;
    return true;
  }
  if (int((*wanted)->sides.size()) == (*wanted)->asked->sides) {
    (*wanted)->fault = "too_many";
    return false;
  }
  if ((*wanted)->fault == "all_blank") (*wanted)->fault.clear();
  PageReport kept;
  kept.width = report.width;
  kept.height = report.height;
  kept.dpi = report.dpi;
  kept.rotation = report.rotation;
  kept.skew_degrees = report.skew_degrees;
  (*wanted)->sides.push_back({(*visit)->next_side++, std::move(image), std::move(kept)});
  return true;
}

/// On the scanner's thread.
void Kiosk::scanned(const std::string& token, const std::string& proof, const drivers::DeviceInfo& device,
                    const std::string& fault) {
  const std::scoped_lock lock(mutex_);
  const auto visit = visit_of(token);
  if (!visit) return;
  const auto wanted = proof_of(**visit, proof);
  if (!wanted) return;
  if (!fault.empty()) (*wanted)->fault = fault;
  if (!device.name.empty()) (*visit)->device = device;
  (*wanted)->state = (*wanted)->sides.empty() ? ProofState::open : ProofState::scanned;
}

Result<json> Kiosk::stop_scanning(const std::string& token) {
  scanner_.stop();
  return with(token, [](Visit&) { return Result<void>(); });
}

Result<json> Kiosk::retake(const std::string& token, const std::string& proof) {
  return with(token, [&](Visit& visit) -> Result<void> {
    MAILROOM_TRY(Proof * wanted, proof_of(visit, proof));
    if (visit.handed_in || wanted->state == ProofState::scanning)
      return not_now("not while it is scanned or handed in");
    wanted->sides.clear();
    wanted->fault.clear();
    wanted->state = ProofState::open;
    return {};
  });
}

Result<json> Kiosk::drop_side(const std::string& token, const std::string& proof, int side) {
  return with(token, [&](Visit& visit) -> Result<void> {
    MAILROOM_TRY(Proof * wanted, proof_of(visit, proof));
    if (visit.handed_in || wanted->state == ProofState::scanning)
      return not_now("not while it is scanned or handed in");
    const auto gone =
        std::erase_if(wanted->sides, [&](const ScannedSide& one) { return one.number == side; });
    if (gone == 0) return fail(Errc::invalid_input, "there is no such side");
    if (wanted->sides.empty()) wanted->state = ProofState::open;
    return {};
  });
}

Result<Bytes> Kiosk::picture(const std::string& token, const std::string& proof, int side, int longest) {
  std::optional<ScannedSide> wanted;
  {
    const std::scoped_lock lock(mutex_);
    MAILROOM_TRY(Visit * visit, visit_of(token));
    MAILROOM_TRY(const Proof* of, proof_of(*visit, proof));
    for (const auto& one : of->sides) {
      if (one.number == side) wanted = one;
    }
  }
  if (!wanted) return fail(Errc::invalid_input, "there is no such side");
  return scanner_.picture(*wanted, longest);
}

}  // namespace mailroom::kiosk
