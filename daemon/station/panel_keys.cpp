#include <algorithm>
#include <thread>

#include "daemon/base/log.h"
#include "daemon/station/offered_classes.h"
#include "daemon/station/panel_post.h"
#include "daemon/station/panel_tag.h"

/// What the keys of a panel do.
namespace mailroom::station {
namespace {

using nlohmann::json;
using KeyAction = panel::Action;

constexpr std::uint32_t kTooOld = 20'000;  // milliseconds: paper must not move because a line came back
constexpr int kFeedTries = 40;             // until a feed that was asked for can be ended
constexpr std::chrono::milliseconds kFeedPause{50};
constexpr const char* kDone = "done";
constexpr const char* kBadge = "badge";  // a login was begun

std::string name_of_key(KeyAction action) {
  switch (action) {
    case KeyAction::none: return "none";
    case KeyAction::start: return "start";
    case KeyAction::pause: return "pause";
    case KeyAction::resume: return "resume";
    case KeyAction::stop: return "stop";
    case KeyAction::new_document: return "new_document";
    case KeyAction::urgent: return "urgent";
    case KeyAction::class_before: return "class_before";
    case KeyAction::class_after: return "class_after";
    case KeyAction::acknowledge: return "acknowledge";
  }
  return "none";
}

/// What moves paper, or says that a fault was seen, needs the very situation that was shown.
bool needs_same_situation(KeyAction action) {
  return action == KeyAction::start || action == KeyAction::resume || action == KeyAction::acknowledge;
}

assembly::Edit edit_of(const std::string& kind, const json& arguments, const std::string& person) {
  assembly::Edit edit;
  edit.kind = kind;
  edit.arguments = arguments;
  edit.person = person;
  return edit;
}

}  // namespace

void PanelPost::act(const panel::Press& press) {
  Order order{press, {}, {}, {}};
  const auto outcome = desk_.rooms.core.call([&]() -> Result<std::string> {
    MAILROOM_TRY(const Situation situation, look(true));
    const bool known = situation.memo.memory == press.memory && press.number <= situation.memo.number;
    if (known) return std::string("known");
    order.record.after = situation.memo;
    order.record.after.memory = press.memory;
    order.record.after.number = press.number;
    order.record.action = name_of_key(press.action);
    return decide(order, situation);
  });
  if (!outcome) return log::error(outcome.error());  // not recorded: the panel says it again
  line_->recorded(press);
  if (*outcome == kBadge) return log_in();
  if (const auto words = words_.refusal(*outcome); !words.empty()) note(words);
}

/// Somebody at a panel that has nobody: the badge in the reader says who it is.
bool PanelPost::asks_to_log_in(const panel::Press& press, const Situation& situation) const {
  return !situation.session && press.action == KeyAction::start && press.context == context_of(situation) &&
         press.age <= kTooOld && badges_.has_reader(place_.station);
}

void PanelPost::log_in() {
  if (logging_in_.exchange(true)) return;
  login_.post([this] {
    const auto login = badges_.log_in(place_.station, {}, "panel", BadgeStay::ends);
    if (!login) log::warning(login.error().message(), {.device = place_.line});
    if (login && login->session) desk_.sessions.sit_down(login->session->token, place_.station);
    note(words_.badge(!login                    ? "failed"
                      : login->wait.count() > 0 ? "wait"
                      : !login->session         ? "wrong"
                                                : "welcome"));
    logging_in_ = false;
    changed();
  });
}

/// On the core thread. The outcome that was recorded.
Result<std::string> PanelPost::decide(Order& order, const Situation& situation) {
  MAILROOM_TRY(const bool somebody, find_person(order, situation));
  if (!somebody) return only_record(order, asks_to_log_in(order.press, situation) ? kBadge : "nobody");
  order.record.after.person = order.person;
  if (!is_offered(order.press, situation)) return only_record(order, "not_now");
  if (needs_same_situation(order.press.action) && order.press.age > kTooOld)
    return only_record(order, "too_old");
  order.record.outcome = kDone;
  auto outcome = carry_out(order, situation);
  if (outcome) return outcome;
  log::warning(outcome.error().message(), {.device = place_.line});
  const Errc code = outcome.error().code;
  if (code == Errc::io || code == Errc::corrupt || code == Errc::disk_full) return fail(outcome.error());
  return only_record(order, "failed");
}

/// Whose press it is: of who was logged in when the key went down.
Result<bool> PanelPost::find_person(Order& order, const Situation& situation) {
  const std::uint32_t tag = order.press.context >> 16;
  if (situation.session && panel_tag(situation.session->user) == tag) {
    order.person = situation.session->user;
    order.rights = situation.session->rights;
    return true;
  }
  const bool theirs = !situation.memo.person.empty() && panel_tag(situation.memo.person) == tag;
  if (!theirs || order.press.age > kTooOld) return false;
  MAILROOM_TRY(const auto user, desk_.rooms.catalogue.users().find(situation.memo.person));
  if (!user || !user->active) return false;
  order.person = user->id;
  order.rights = Rights(user->rights);
  return true;
}

bool PanelPost::is_offered(const panel::Press& press, const Situation& situation) const {
  const std::uint32_t now = context_of(situation) & 0xFFFF;
  if (needs_same_situation(press.action) && (press.context & 0xFFFF) != now) return false;
  const std::string& name = situation.name;
  switch (press.action) {
    case KeyAction::start: return name == "ready";
    case KeyAction::pause: return name == "feeding";
    case KeyAction::resume: return name == "paused" || name == "acknowledged";
    case KeyAction::stop: return name == "feeding" || name == "paused";
    case KeyAction::new_document: return situation.batch && name != "fault";
    case KeyAction::urgent:
    case KeyAction::class_before:
    case KeyAction::class_after: return name != "fault";
    case KeyAction::acknowledge: return name == "fault";
    case KeyAction::none: return false;
  }
  return false;
}

Result<std::string> PanelPost::carry_out(Order& order, const Situation& situation) {
  if (!order.rights.may_at(Action::scan, place_.station)) return only_record(order, "nobody");
  switch (order.press.action) {
    case KeyAction::start: return start(order, situation);
    case KeyAction::resume: return resume(order, situation);
    case KeyAction::pause: return pause(order, situation, false);
    case KeyAction::stop: return pause(order, situation, true);
    case KeyAction::new_document: {
      const int sheet = situation.batch->sheets + 1;
      note(words_.new_document(sheet));
      return edit(order, situation, edit_of("begin_document", {{"sheet", sheet}}, order.person));
    }
    case KeyAction::urgent:
      return mark(order, situation, "priority", situation.next_urgent ? "ordinary" : "urgent");
    case KeyAction::class_before: return mark(order, situation, "class", class_beside(order, situation, -1));
    case KeyAction::class_after: return mark(order, situation, "class", class_beside(order, situation, 1));
    case KeyAction::acknowledge:
      order.record.after.acknowledged = situation.fault_key();
      return only_record(order, kDone);
    case KeyAction::none: break;
  }
  return only_record(order, "not_now");
}

Result<std::string> PanelPost::only_record(Order& order, const std::string& outcome) {
  order.record.outcome = outcome;
  auto& database = desk_.rooms.catalogue.database();
  MAILROOM_TRY(auto transaction, database.begin());
  MAILROOM_TRY_VOID(archive::record_press(database, transaction, order.record, desk_.rooms.clock.now()));
  MAILROOM_TRY_VOID(transaction.commit());
  return outcome;
}

Result<std::string> PanelPost::start(Order& order, const Situation& situation) {
  const Profile* with = profile();
  if (with == nullptr ||
      !order.rights.may(Action::scan, {with->document_class, with->department, place_.station}))
    return only_record(order, "nobody");
  intake::NewBatch wanted;
  wanted.scanner = station_.scanner;
  wanted.profile = with->id;
  wanted.operator_id = order.person;
  wanted.caller = "panel";
  wanted.station = place_.station;
  wanted.mode = "attended";
  json mark = {{"sheet", 1}};
  if (!situation.next_class.empty()) mark["class"] = situation.next_class;
  if (situation.next_urgent) mark["priority"] = "urgent";
  if (mark.size() > 1) wanted.marks.push_back(edit_of("mark_next", mark, order.person));
  order.record.after.next_class.clear();
  order.record.after.next_urgent = false;
  wanted.press = order.record;
  MAILROOM_TRY(const auto batch, desk_.rooms.flow.open(wanted));
  feed(batch);
  return std::string(kDone);
}

Result<std::string> PanelPost::resume(Order& order, const Situation& situation) {
  order.record.after.acknowledged.clear();
  MAILROOM_TRY(const auto batch,
               desk_.rooms.flow.reopen({situation.batch->id, order.person, "panel", {}, order.record}));
  feed(batch);
  return std::string(kDone);
}

void PanelPost::feed(const archive::Batch& batch) {
  feeder_.post([this, batch] {
    const auto fed = desk_.rooms.feed(batch, batch.scanner);
    if (fed) return;
    note(words_.failed_start(fed.error().code));
    const auto noted = desk_.rooms.core.call([&] { return desk_.rooms.flow.abandon(batch.id, fed.error()); });
    if (!noted) log::error(noted.error());
    changed();
  });
}

Result<std::string> PanelPost::pause(Order& order, const Situation& situation, bool for_good) {
  if (situation.name == "paused") {
    MAILROOM_TRY(
        [[maybe_unused]] const auto closed,
        desk_.rooms.flow.close_paused({situation.batch->id, order.person, "panel", {}, order.record}));
    return std::string(kDone);
  }
  MAILROOM_TRY(const auto outcome, only_record(order, kDone));
  end_feed(situation.batch->scanner, for_good);
  return outcome;
}

/// A feed that was asked for a moment ago may not have begun: it is waited for, elsewhere.
void PanelPost::end_feed(const std::string& scanner, bool for_good) {
  const auto try_once = [this, scanner, for_good] {
    const auto& rooms = desk_.rooms;
    return bool(for_good ? rooms.stop(scanner) : rooms.pause(scanner));
  };
  if (try_once()) return;
  ending_ = std::jthread([try_once](const std::stop_token& stop) {
    for (int i = 0; i < kFeedTries && !stop.stop_requested(); ++i) {
      std::this_thread::sleep_for(kFeedPause);
      if (try_once()) return;
    }
  });
}

Result<std::string> PanelPost::edit(Order& order, const Situation& situation, assembly::Edit edit) {
  intake::EditOrder wanted{
      situation.batch->id, situation.batch->version, {std::move(edit)}, order.person, order.record};
  MAILROOM_TRY_VOID(desk_.rooms.flow.edit(wanted));
  return std::string(kDone);
}

Result<std::string> PanelPost::mark(Order& order, const Situation& situation, const std::string& name,
                                    const std::string& value) {
  if (situation.batch) {
    return edit(order, situation,
                edit_of("mark_next", {{"sheet", situation.batch->sheets + 1}, {name, value}}, order.person));
  }
  if (name == "class") order.record.after.next_class = value;
  if (name == "priority") order.record.after.next_urgent = value == "urgent";
  return only_record(order, kDone);
}

std::string PanelPost::class_beside(const Order& order, const Situation& situation, int step) const {
  const Profile* with = profile();
  std::vector<std::string> ids;
  for (const auto& [id, each] : desk_.rooms.configuration.classes) {
    const std::string department = with != nullptr ? with->department : std::string();
    const bool offered = is_offered_at_stations(desk_.rooms.configuration, id);
    if (offered && order.rights.may(Action::scan, {id, department, place_.station})) ids.push_back(id);
  }
  const std::string now =
      !situation.next_class.empty() || with == nullptr ? situation.next_class : with->document_class;
  if (ids.empty()) return now;
  const auto found = std::find(ids.begin(), ids.end(), now);
  const auto at = found == ids.end() ? 0 : int(found - ids.begin());
  const int count = int(ids.size());
  return ids[std::size_t((at + step + count) % count)];
}

}  // namespace mailroom::station
