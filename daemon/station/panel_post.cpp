#include "daemon/station/panel_post.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/log.h"
#include "daemon/station/panel_tag.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
using KeyAction = panel::Action;
using panel::Lamp;
using panel::Light;

constexpr std::chrono::milliseconds kLook{200};  // who is logged in changes without the catalogue
constexpr std::chrono::seconds kNoticeFor{5};
constexpr int kBatchesBack = 50;  // where the last batch of the station is looked for

std::uint16_t counted(const json& counters, const char* name) {
  return std::uint16_t(std::clamp(counters.value(name, 0), 0, 0xFFFF));
}

}  // namespace

PanelPost::PanelPost(Desk& desk, Badges& badges, const PanelPlace& place)
    : desk_(desk),
      badges_(badges),
      place_(place),
      station_(desk.rooms.configuration.stations.at(place.station)),
      words_(place.language) {
  drivers::PanelEvents events;
  events.connected = [this](const panel::Hello& hello) {
    {
      const std::scoped_lock lock(mutex_);
      connected_ = true;
      refused_ = false;
      hello_ = hello;
    }
    tell_screens();
  };
  events.lost = [this] {
    {
      const std::scoped_lock lock(mutex_);
      connected_ = false;
    }
    tell_screens();
  };
  events.refused = [this](const panel::Hello& hello) {
    {
      const std::scoped_lock lock(mutex_);
      refused_ = true;
    }
    log::error(
        fmt::format("the panel speaks version {} of the protocol, this mailroom {}; update its firmware",
                    hello.major, panel::kProtocolMajor),
        {.device = place_.line});
    tell_screens();
  };
  events.pressed = [this](const panel::Press& press) {
    const std::scoped_lock lock(mutex_);
    presses_.push_back(press);
    wake_.notify_all();
  };
  line_ = std::make_unique<drivers::PanelLine>(place_.line, std::move(events));
  thread_ = std::thread([this] { run(); });
}

PanelPost::~PanelPost() {
  stop();
}

void PanelPost::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
  login_.stop();
  feeder_.stop();
  line_.reset();
}

void PanelPost::changed() {
  {
    const std::scoped_lock lock(mutex_);
    changed_ = true;
  }
  wake_.notify_all();
}

json PanelPost::status() {
  const std::scoped_lock lock(mutex_);
  json view = {{"state", refused_ ? "refused" : connected_ ? "connected" : "lost"}};
  if (!hello_) return view;
  const auto& version = hello_->version;
  view["board"] = std::string(hello_->board.view());
  view["firmware"] = fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
  view["crc"] = fmt::format("{:08x}", hello_->image_crc);
  view["sound"] = hello_->image_sound;
  view["older"] = version < panel::kFirmwareVersion;
  return view;
}

void PanelPost::tell_screens() {
  const json panel = status();
  if (panel.value("older", false))
    log::warning(
        "the panel runs firmware " + panel.value("firmware", "") + ", an older one than this package brings",
        {.device = place_.line});
  log::notice("panel of " + place_.station + ": " + panel.value("state", ""), {.device = place_.line});
  desk_.events.publish({"panel", {{"station", place_.station}, {"panel", panel}}, {}, true});
}

void PanelPost::run() {
  for (;;) {
    std::deque<panel::Press> presses;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kLook, [&] { return changed_ || stopping_ || !presses_.empty(); });
      if (stopping_) return;
      presses.swap(presses_);
      changed_ = false;
    }
    for (const auto& press : presses) act(press);
    refresh();
  }
}

void PanelPost::refresh() {
  const auto situation = desk_.rooms.core.call([&] { return look(false); });
  if (!situation) return log::error(situation.error());
  line_->show(state_of(*situation));
}

std::string PanelPost::Situation::fault_key() const {
  return batch ? batch->id + ":" + std::to_string(batch->sheets) + ":" + batch->feed_end : std::string();
}

const Profile* PanelPost::profile() const {
  const Configuration& configuration = desk_.rooms.configuration;
  const std::string& id = station_.profile.empty() ? configuration.default_profile : station_.profile;
  const auto found = configuration.profiles.find(id);
  return found == configuration.profiles.end() ? nullptr : &found->second;
}

/// On the core thread.
Result<PanelPost::Situation> PanelPost::look(bool by_person) {
  Situation situation;
  situation.session = desk_.sessions.at(place_.station, by_person);
  MAILROOM_TRY(situation.memo, archive::panel_memo(desk_.rooms.catalogue.database(), place_.station));
  MAILROOM_TRY_VOID(look_at_batches(situation));
  MAILROOM_TRY_VOID(look_at_marks(situation));
  const bool interrupted = situation.batch && situation.batch->state == BatchState::interrupted;
  situation.name = !situation.batch                                       ? "ready"
                   : !interrupted                                         ? "feeding"
                   : situation.batch->feed_end == "paused"                ? "paused"
                   : situation.memo.acknowledged == situation.fault_key() ? "acknowledged"
                                                                          : "fault";
  // A person who sits down is written down: presses on their way over a restart of the daemon are theirs.
  if (situation.session && situation.session->user != situation.memo.person) {
    situation.memo.person = situation.session->user;
    MAILROOM_TRY(auto transaction, desk_.rooms.catalogue.database().begin());
    MAILROOM_TRY_VOID(archive::keep_panel_memo(desk_.rooms.catalogue.database(), situation.memo));
    MAILROOM_TRY_VOID(transaction.commit());
  }
  return situation;
}

Result<void> PanelPost::look_at_batches(Situation& situation) {
  auto batches = desk_.rooms.catalogue.batches();
  for (const BatchState state : {BatchState::interrupted, BatchState::feeding}) {
    MAILROOM_TRY(const auto found, batches.in_state(state));
    for (const auto& batch : found) {
      if (batch.station == place_.station || batch.scanner == station_.scanner) situation.batch = batch;
    }
  }
  std::optional<archive::Batch> last = situation.batch;
  if (!last) {
    MAILROOM_TRY(const auto latest, batches.latest(kBatchesBack));
    const auto found = std::find_if(latest.begin(), latest.end(),
                                    [&](const auto& batch) { return batch.station == place_.station; });
    if (found != latest.end()) last = *found;
  }
  if (!last) return {};
  MAILROOM_TRY(const json view, batch_json(desk_, *last, ""));
  situation.counters = view.at("counters");
  situation.fault = view.at("fault");
  situation.open_questions = situation.counters.value("open_clarifications", 0);
  return {};
}

Result<void> PanelPost::look_at_marks(Situation& situation) {
  situation.next_class = situation.memo.next_class;
  situation.next_urgent = situation.memo.next_urgent;
  if (!situation.batch) return {};
  situation.next_class.clear();
  situation.next_urgent = false;
  MAILROOM_TRY(const auto edits, desk_.rooms.catalogue.persons_work().edits_of(situation.batch->id));
  for (const auto& edit : edits) {
    const bool waits = edit.kind == "mark_next" && edit.undone_by.empty() &&
                       edit.arguments.value("sheet", 0) > situation.batch->sheets;
    if (!waits) continue;
    situation.next_class = edit.arguments.value("class", situation.next_class);
    if (edit.arguments.contains("priority")) situation.next_urgent = edit.arguments["priority"] == "urgent";
  }
  return {};
}

/// Upper half: whose keys they are; lower half: what they act on.
std::uint32_t PanelPost::context_of(const Situation& situation) const {
  const std::string user = situation.session ? situation.session->user : std::string();
  return (panel_tag(user) << 16) | panel_tag(situation.name + situation.fault_key().substr(0, 36));
}

void PanelPost::offer(panel::PanelState& state, const Situation& situation) const {
  auto& [up, down, left, right, select] = state.keys;
  if (!situation.session && badges_.has_reader(place_.station) && !logging_in_)
    select.pressed = KeyAction::start;  // of a login with the badge
  if (!situation.session || !situation.session->rights.may_at(Action::scan, place_.station)) return;
  const std::string& name = situation.name;
  if (name == "fault") {
    select.pressed = KeyAction::acknowledge;
    return;
  }
  select.pressed = name == "ready"     ? KeyAction::start
                   : name == "feeding" ? KeyAction::pause
                                       : KeyAction::resume;
  up.pressed = KeyAction::class_before;
  down.pressed = KeyAction::class_after;
  left.pressed = KeyAction::urgent;
  if (name == "feeding" || name == "paused") left.held = KeyAction::stop;
  if (situation.batch) right.pressed = KeyAction::new_document;
}

void PanelPost::light(panel::PanelState& state, const Situation& situation) const {
  const auto lamp = [&](Lamp which) -> Light& { return state.lamps[std::size_t(which)]; };
  const std::string& name = situation.name;
  if (name == "ready" && situation.session) lamp(Lamp::ready) = Light::on;
  if (name == "feeding") lamp(Lamp::working) = Light::on;
  if (name == "paused") lamp(Lamp::working) = Light::slow;
  if (name == "fault") lamp(Lamp::fault) = Light::fast;
  if (name == "acknowledged") lamp(Lamp::fault) = Light::on;
  if (situation.open_questions > 0) lamp(Lamp::attention) = Light::on;
}

panel::PanelState PanelPost::state_of(const Situation& situation) {
  panel::PanelState state;
  state.context = context_of(situation);
  offer(state, situation);
  light(state, situation);
  state.sheets = counted(situation.counters, "sheets");
  state.documents = counted(situation.counters, "documents");
  state.clarifications = std::uint16_t(situation.open_questions);
  state.urgent = situation.next_urgent;
  state.alarm = situation.name == "fault";
  state.station.assign(words_.name(station_.name_de, station_.name_en));
  const bool idle = !situation.session && situation.name == "ready";
  state.headline.assign(words_.headline(idle ? "nobody" : situation.name));
  const Configuration& configuration = desk_.rooms.configuration;
  const std::string chosen =
      situation.next_class.empty() && profile() != nullptr ? profile()->document_class : situation.next_class;
  if (const auto found = configuration.classes.find(chosen); found != configuration.classes.end())
    state.choice.assign(words_.name(found->second.name_de, found->second.name_en));
  const char* alone = !badges_.has_reader(place_.station) ? "nobody" : logging_in_ ? "typing" : "badge";
  std::string message = words_.hint(situation.session ? situation.name : alone);
  if (situation.batch) message += words_.fault(situation.fault);
  const std::scoped_lock lock(mutex_);
  if (!notice_.empty() && std::chrono::steady_clock::now() < notice_ends_ && situation.name != "fault")
    message = notice_;
  state.message.assign(message);
  return state;
}

void PanelPost::note(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  notice_ = text;
  notice_ends_ = std::chrono::steady_clock::now() + kNoticeFor;
}

}  // namespace mailroom::station
