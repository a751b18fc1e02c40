#include "daemon/kiosk/kiosks.h"

#include "daemon/base/log.h"
#include "daemon/kiosk/routes.h"
#include "daemon/kiosk/views.h"

namespace mailroom::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 500ms;
constexpr int kTicksBetweenLooks = 30;

}  // namespace

Kiosks::Kiosks(const KioskRooms& rooms, bool needs_device)
    : hand_in_(rooms.hand_in), needs_device_(needs_device) {
  KioskRooms each = rooms;
  each.help_wanted = [this, told = rooms.help_wanted](const std::string& kiosk, Help help) {
    {
      const std::scoped_lock lock(mutex_);
      help_[kiosk] = help;
    }
    told(kiosk, help);
  };
  for (const auto& [id, place] : rooms.configuration.places)
    kiosks_.emplace(id, std::make_unique<Kiosk>(each, place));
}

void Kiosks::begin() {
  if (!kiosks_.empty()) running_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Kiosks::stop() {
  if (running_.joinable()) {
    running_.request_stop();
    running_.join();
  }
  kiosks_.clear();
}

void Kiosks::run(const std::stop_token& stop) {
  for (int ticks = 0; !stop.stop_requested(); ++ticks) {
    for (const auto& [id, kiosk] : kiosks_) kiosk->tick();
    if (ticks % kTicksBetweenLooks == 0) {
      for (const auto& [id, kiosk] : kiosks_) kiosk->look_at_devices();
      if (const auto handed = hand_in_.hand_on(); !handed) log::error(handed.error());
    }
    std::this_thread::sleep_for(kTick);
  }
}

std::vector<web::Route> Kiosks::routes() {
  return kiosk_routes([this](const web::Request& request) -> Result<Kiosk*> {
    const auto id = request.parameter("kiosk");
    const auto found = kiosks_.find(id);
    const bool its_own = !needs_device_ || request.device == "kiosk-" + id;
    if (found == kiosks_.end() || !its_own) return fail(Errc::refused, "there is no such kiosk here");
    return found->second.get();
  });
}

web::Response Kiosks::answer_unknown(const web::Request& /*request*/) {
  web::Response response;
  response.status = 404;
  response.body = R"({"error":{"code":"not_found","text":"there is nothing here"}})";
  return response;
}

Result<void> Kiosks::answer_help(const std::string& kiosk) {
  const auto found = kiosks_.find(kiosk);
  if (found == kiosks_.end()) return fail(Errc::not_found, "there is no such kiosk");
  found->second->set_help(Help::coming);
  return {};
}

Result<Till*> Kiosks::till_of(const std::string& kiosk) {
  const auto found = kiosks_.find(kiosk);
  if (found == kiosks_.end()) return fail(Errc::not_found, "there is no such kiosk");
  return &found->second->till();
}

nlohmann::json Kiosks::help_wanted() {
  const std::scoped_lock lock(mutex_);
  nlohmann::json calls = nlohmann::json::array();
  for (const auto& [kiosk, help] : help_) {
    if (help == Help::none) continue;
    calls.push_back({{"kiosk", kiosk}, {"station", kiosks_.at(kiosk)->station()}, {"help", name_of(help)}});
  }
  return calls;
}

}  // namespace mailroom::kiosk
