#include "daemon/app/file_intake.h"

#include <condition_variable>
#include <mutex>

#include "daemon/app/arguments.h"
#include "daemon/app/views.h"
#include "daemon/base/uuid.h"

namespace mailroom::app {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kBetweenLooks{1};

/// False when `stop` came first.
bool pause(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, length, [] { return false; });
  return !stop.stop_requested();
}

Result<json> folder_view(const intake::HotFolder& folder) {
  MAILROOM_TRY(const auto waiting, folder.waiting());
  MAILROOM_TRY(const auto refused, folder.refused());
  json view = {{"id", folder.settings().id},
               {"path", folder.settings().path.string()},
               {"profile", folder.settings().profile},
               {"fault", folder.fault()},
               {"waiting", waiting},
               {"refused", json::array()}};
  for (const auto& file : refused) view["refused"].push_back({{"name", file.name}, {"reason", file.reason}});
  return view;
}

}  // namespace

FileIntake::FileIntake(WorkThread& core, intake::BatchFlow& flow, const intake::Spool& spool,
                       const Configuration& configuration, const Clock& clock, std::function<bool()> has_room)
    : core_(core), flow_(flow), spool_(spool), clock_(clock), has_room_(std::move(has_room)) {
  for (const auto& [id, place] : configuration.folders) {
    const auto take = [this, place = place](const std::string& name, const Bytes& bytes,
                                            const std::string& origin) -> Result<std::string> {
      intake::ReceivedFile file;
      file.profile = place.profile;
      file.name = name;
      file.bytes = bytes;
      file.origin = origin;
      file.operator_id = "folder:" + place.id;
      MAILROOM_TRY(const auto batch, receive(file));
      return batch.number;
    };
    folders_.push_back(std::make_unique<intake::HotFolder>(place, take, clock));
  }
}

Result<archive::Batch> FileIntake::receive(const intake::ReceivedFile& file) {
  if (!has_room_())
    return fail(Errc::disk_full, "there is too little room on the data disk", {}, "it goes on by itself");
  MAILROOM_TRY(const auto image, intake::side_of(file));
  MAILROOM_TRY(const auto batch, core_.call([&] { return flow_.open_for_file(file, image); }));
  if (batch.state != BatchState::feeding) return batch;  // it came before
  // As with a scanned side: the file is durable before a row names it.
  const auto stored = spool_.store({batch.id, 1, Side::front, image.format}, file.bytes);
  return core_.call([&]() -> Result<archive::Batch> {
    auto taken = stored ? flow_.take_file(batch, file, image) : Result<archive::Batch>(fail(stored.error()));
    if (!taken) MAILROOM_TRY_VOID(flow_.abandon(batch.id, taken.error()));
    return taken;
  });
}

void FileIntake::begin() {
  if (folders_.empty()) return;
  watching_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void FileIntake::stop() {
  if (!watching_.joinable()) return;
  watching_.request_stop();
  watching_.join();
}

void FileIntake::watch(const std::stop_token& stop) {
  while (pause(stop, kBetweenLooks)) {
    for (const auto& folder : folders_) {
      if (!stop.stop_requested()) folder->look();
    }
  }
}

Result<json> FileIntake::list() const {
  json list = json::array();
  for (const auto& folder : folders_) {
    auto view = folder_view(*folder);
    list.push_back(view ? std::move(*view)
                        : json{{"id", folder->settings().id},
                               {"path", folder->settings().path.string()},
                               {"profile", folder->settings().profile},
                               {"fault", view.error().message()},
                               {"waiting", json::array()},
                               {"refused", json::array()}});
  }
  return json{{"folders", list}};
}

Result<json> FileIntake::receive(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"profile", "name", "bytes", "operator"}));
  intake::ReceivedFile file;
  MAILROOM_TRY(file.profile, needed(arguments, "profile"));
  MAILROOM_TRY(file.name, needed(arguments, "name"));
  MAILROOM_TRY(file.operator_id, needed(arguments, "operator"));
  MAILROOM_TRY(const std::string bytes, needed(arguments, "bytes"));
  MAILROOM_TRY(file.bytes, from_base64(bytes));
  file.origin = new_uuid(clock_);  // whoever gives it again means it
  file.caller = caller.name();
  MAILROOM_TRY(const auto batch, receive(file));
  return batch_view(batch);
}

std::map<std::string, Command> FileIntake::commands() {
  return {{"folders", [this](const json&, const CommandContext&) { return list(); }},
          {"receive", [this](const json& words, const CommandContext& context) {
             return receive(words, context.caller);
           }}};
}

}  // namespace mailroom::app
