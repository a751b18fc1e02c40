#include "daemon/station/station.h"

#include <algorithm>

#include "daemon/archive/erasures.h"
#include "daemon/base/log.h"
#include "daemon/station/routes.h"
#include "daemon/station/views.h"

namespace mailroom::station {
namespace {

using nlohmann::json;
constexpr std::chrono::milliseconds kGather{200};  ///< changes that come together make one event

}  // namespace

Station::Station(StationRooms rooms)
    : desk_(std::move(rooms)),
      pictures_(desk_.rooms.spool, desk_.rooms.drawing),
      files_(pictures_, desk_.rooms.spool) {
  use_badges({}, {});
  watching_ = std::thread([this] { watch(); });
}

void Station::attend(const std::vector<PanelPlace>& panels) {
  std::map<std::string, std::unique_ptr<PanelPost>> posts;
  for (const auto& place : panels) {
    if (!desk_.rooms.configuration.stations.contains(place.station))
      throw std::runtime_error("panels.toml: there is no station '" + place.station + "' in mailroom.toml");
    posts.emplace(place.station, std::make_unique<PanelPost>(desk_, *badges_, place));
  }
  const std::scoped_lock lock(mutex_);
  panels_ = std::move(posts);
  desk_.panel = [this](const std::string& station) {
    const auto found = panels_.find(station);
    return found == panels_.end() ? nlohmann::json(nullptr) : found->second->status();
  };
}

Station::~Station() {
  stop();
}

void Station::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  badges_->stop();
  desk_.events.end_all();
  watching_.join();
  for (const auto& [station, panel] : panels_) panel->stop();
}

void Station::use_badges(const std::filesystem::path& program, const std::vector<BadgeReaderPlace>& places) {
  badges_ = std::make_unique<Badges>(desk_, program, places);
}

std::vector<web::Route> Station::routes() {
  std::vector<web::Route> all;
  for (auto& group :
       {session_routes(desk_), batch_routes(desk_), page_routes(desk_, pictures_, files_), file_routes(desk_),
        kiosk_call_routes(desk_), clarification_routes(desk_), document_routes(desk_), invoice_routes(desk_),
        delivery_routes(desk_), erasure_routes(desk_), box_routes(desk_), administration_routes(desk_)}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  for (auto& route : badge_routes(desk_, *badges_)) all.push_back(std::move(route));
  return all;
}

void Station::scanner_told(const std::string& scanner, std::string_view news) {
  for (const auto& [id, place] : desk_.rooms.configuration.stations) {
    if (place.scanner != scanner) continue;
    desk_.events.publish({"scanner", {{"station", id}, {"news", news}}, {}, true, true});
  }
}

void Station::kiosk_told(const std::string& kiosk, const std::string& station, std::string_view help) {
  desk_.events.publish({"kiosk", {{"kiosk", kiosk}, {"station", station}, {"help", help}}, {}, true, true});
}

void Station::changed() {
  {
    const std::scoped_lock lock(mutex_);
    changed_ = true;
    for (const auto& [station, panel] : panels_) panel->changed();
  }
  wake_.notify_all();
}

void Station::watch() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return changed_ || stopping_; });
      wake_.wait_for(lock, kGather, [&] { return stopping_; });
      if (stopping_) return;
      changed_ = false;
    }
    desk_.rooms.core.call([&] { look_around(); });
  }
}

/// On the core thread: compares what is stored with what was told before.
void Station::look_around() {
  const auto erasures = archive::Erasures(desk_.rooms.catalogue.database()).confirmed();
  if (!erasures) return log::error(erasures.error());
  if (std::exchange(erasures_, *erasures) != *erasures) pictures_.forget();
  std::set<std::string> at_work;
  for (const BatchState state : {BatchState::feeding, BatchState::interrupted, BatchState::closed,
                                 BatchState::held, BatchState::released}) {
    const auto batches = desk_.rooms.catalogue.batches().in_state(state);
    if (!batches) return log::error(batches.error());
    for (const auto& batch : *batches) {
      at_work.insert(batch.id);
      look_at(batch);
    }
  }
  std::vector<std::string> done;
  for (const auto& [id, seen] : seen_) {
    if (!at_work.contains(id)) done.push_back(id);
  }
  for (const auto& id : done) {
    if (const auto batch = desk_.rooms.catalogue.batches().get(id)) look_at(*batch);
    seen_.erase(id);
  }
  const auto open = desk_.rooms.catalogue.clarifications().open();
  if (!open || int(open->size()) == open_questions_) return;
  open_questions_ = int(open->size());
  desk_.events.publish({"clarifications", json::object(), {}, true});
}

void Station::tell_pages(const archive::Batch& batch, Seen& seen) {
  const auto sides = desk_.rooms.catalogue.pages().sides_of(batch.id);
  if (!sides) return log::error(sides.error());
  for (const auto& side : *sides) {
    if (!seen.pages.insert(side.id).second) continue;
    desk_.events.publish(
        {"page",
         {{"batch", batch.id}, {"page", side.id}, {"sheet", side.sheet}, {"side", name_of(side.side)}},
         seen.protection});
  }
}

void Station::look_at(const archive::Batch& batch) {
  Seen& seen = seen_[batch.id];
  seen.protection = desk_.protection_of(batch);
  if (batch.state == BatchState::feeding || batch.state == BatchState::closed ||
      batch.state == BatchState::interrupted)
    tell_pages(batch, seen);
  const auto view = batch_json(desk_, batch, "");
  if (!view) return log::error(view.error());
  std::string text = view->dump();
  if (text == seen.view) return;
  seen.view = std::move(text);
  desk_.events.publish({"batch", *view, seen.protection});
}

}  // namespace mailroom::station
