#include "drivers/scanner/client/scan_process.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <set>
#include <utility>

#include "daemon/base/child_process.h"
#include "daemon/base/frame_channel.h"
#include "daemon/base/log.h"
#include "drivers/scanner/messages/messages.h"

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

/// How long a helper may take to end by itself once its channel is closed: SANE closes the device.
constexpr auto kFarewell = 1s;

/// Makes a stop token visible to poll().
class StopSignal {
 public:
  explicit StopSignal(std::stop_token token)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(std::move(token), Raise{event_.get()}) {}
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  struct Raise {
    int fd;
    void operator()() const noexcept {
      // Cannot fail: the counter of an eventfd is far from its end. Without a reader nothing is lost.
      [[maybe_unused]] const int ignored = ::eventfd_write(fd, 1);
    }
  };
  UniqueFd event_;
  std::stop_callback<Raise> callback_;
};

/// What a feed has brought so far.
struct Tally {
  std::set<int> sheets;
  int images = 0;
  int last_sheet = 0;
  Side last_side = Side::front;

  bool paired = false;  ///< sheets have two sides

  /// The first side that is not accepted.
  [[nodiscard]] std::pair<int, Side> next() const {
    if (images == 0) return {1, Side::front};
    const bool back_next = paired && last_side == Side::front;
    return {back_next ? last_sheet : last_sheet + 1, back_next ? Side::back : Side::front};
  }

  void add(int sheet, Side side) {
    sheets.insert(sheet);
    images++;
    last_sheet = sheet;
    last_side = side;
  }
};

FeedEnd reason_of(const Frame& end) {
  const std::string reason = end.body.value("reason", "fault");
  if (reason == "feeder_empty") return FeedEnd::feeder_empty;
  return reason == "stopped" ? FeedEnd::stopped : FeedEnd::fault;
}

}  // namespace

class ScanProcess::Session {
 public:
  Session(std::filesystem::path program, ScanOptions options)
      : program_(std::move(program)), options_(std::move(options)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { end_gently(); }

  /// Starts the helper unless it runs.
  Result<void> ensure_running();
  Result<std::vector<DeviceInfo>> list_devices();
  Result<Capabilities> capabilities(const std::string& device);
  Result<FeederSense> sense(const std::string& device);
  Result<FeedSummary> feed(const FeedRequest& request, const OnImage& on_image, std::stop_token stop);

 private:
  struct Feed;
  Result<Frame> next_frame(const std::string& device);
  Result<void> send(const Frame& frame);
  Result<Frame> ask(const Frame& command, const std::string& device);
  Result<void> wait_for_frame(Feed& feed);
  Result<bool> take(Frame frame, Feed& feed);
  Result<void> take_image(Frame frame, Feed& feed);
  static FeedFault fault_of(Error error, const Feed& feed);
  FeedSummary summary_of(Feed& feed);
  void end_gently() noexcept;
  Error lost(Error error, const std::string& device);

  std::filesystem::path program_;
  ScanOptions options_;
  std::optional<FrameChannel> channel_;
  ChildProcess child_;
};

struct ScanProcess::Session::Feed {
  const FeedRequest& request;
  const OnImage& on_image;
  StopSignal stop;
  bool stop_sent = false;
  Tally tally = {};
  FeedSummary summary = {};
};

Result<void> ScanProcess::Session::ensure_running() {
  if (child_.running() && !child_.wait(0ms)) return {};
  MAILROOM_TRY(auto ends, FrameChannel::pair());
  channel_.emplace(std::move(ends.first));
  MAILROOM_TRY(child_, ChildProcess::start(
                           {program_, options_.arguments, options_.environment, std::move(ends.second)}));
  return {};
}

void ScanProcess::Session::end_gently() noexcept {
  if (channel_) channel_->close();
  child_.wait(kFarewell);
  child_.kill();
}

/// Ends the helper after an error that leaves nothing to say to it, and puts the error into the
/// operator's words.
Error ScanProcess::Session::lost(Error error, const std::string& device) {
  child_.kill();
  channel_.reset();
  error.place.device = device;
  if (error.code == Errc::timed_out) {
    error.what = "the scanner showed no progress for " + std::to_string(options_.progress_limit.count()) +
                 " ms; its driver was ended";
    error.remedy = "check the scanner, switch it off and on, then feed the sheets that were not taken";
  } else if (error.code == Errc::crashed) {
    error.what = "the scanner's driver crashed";
    error.remedy =
        "feed the sheets that were not taken; if it happens again, report it with the scanner's model";
  }
  return error;
}

Result<void> ScanProcess::Session::send(const Frame& frame) {
  return channel_->send(frame);
}

/// The next frame of the helper; any error has ended the helper.
Result<Frame> ScanProcess::Session::next_frame(const std::string& device) {
  auto received = channel_->receive(options_.progress_limit);
  if (!received) return fail(lost(std::move(received).error(), device));
  if (!*received) return fail(lost({Errc::crashed, ""}, device));
  return **std::move(received);
}

Result<Frame> ScanProcess::Session::ask(const Frame& command, const std::string& device) {
  MAILROOM_TRY_VOID(ensure_running());
  auto sent = send(command);
  if (!sent) return fail(lost(std::move(sent).error(), device));
  MAILROOM_TRY(Frame answer, next_frame(device));
  if (answer.type == "error") return fail(messages::error_from(answer.body));
  return answer;
}

Result<std::vector<DeviceInfo>> ScanProcess::Session::list_devices() {
  MAILROOM_TRY(const Frame answer, ask({"list"}, ""));
  std::vector<DeviceInfo> devices;
  if (answer.type != "devices" || !answer.body.contains("devices")) {
    return fail(lost({Errc::corrupt, "the scan process gave a wrong answer to a list command"}, ""));
  }
  for (const auto& entry : answer.body["devices"]) {
    MAILROOM_TRY(devices.emplace_back(), messages::device_from(entry));
  }
  return devices;
}

Result<Capabilities> ScanProcess::Session::capabilities(const std::string& device) {
  MAILROOM_TRY(const Frame answer, ask({"capabilities", {{"device", device}}}, device));
  if (answer.type == "capabilities") return messages::capabilities_from(answer.body);
  return fail(lost({Errc::corrupt, "the scan process gave a wrong answer to a command"}, device));
}

Result<FeederSense> ScanProcess::Session::sense(const std::string& device) {
  MAILROOM_TRY(const Frame answer, ask({"sense", {{"device", device}}}, device));
  if (answer.type == "sense") return messages::sense_from(answer.body);
  return fail(lost({Errc::corrupt, "the scan process gave a wrong answer to a command"}, device));
}

/// Waits until the helper says something; a request to stop is passed on meanwhile. Hearing nothing
/// at all for the progress limit is Errc::timed_out.
Result<void> ScanProcess::Session::wait_for_frame(Feed& feed) {
  const auto deadline = std::chrono::steady_clock::now() + options_.progress_limit;
  for (;;) {
    pollfd wanted[] = {{channel_->fd(), POLLIN, 0}, {feed.stop_sent ? -1 : feed.stop.fd(), POLLIN, 0}};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    const int ready = left > 0 ? ::poll(wanted, 2, int(left)) : 0;
    if (ready == 0) return fail(Errc::timed_out, "no progress");
    if (ready < 0) continue;
    if (wanted[1].revents != 0) {
      feed.stop_sent = true;
      MAILROOM_TRY_VOID(send({"stop", {{"now", false}}}));
    }
    if (wanted[0].revents != 0) return {};
  }
}

Result<void> ScanProcess::Session::take_image(Frame frame, Feed& feed) {
  if (feed.summary.fault) return {};
  MAILROOM_TRY(CapturedImage image, messages::image_from(std::move(frame)));
  const int sheet = image.sheet;
  const Side side = image.side;
  auto taken = feed.on_image(std::move(image));
  if (!taken) {
    feed.summary.fault =
        FeedFault{FaultKind::not_stored, sheet, side, PaperAt::tray, std::move(taken).error()};
    return send({"stop", {{"now", true}}});
  }
  feed.tally.add(sheet, side);
  // A helper that died after it sent this image cannot be thanked any more. What else it sent is read
  // all the same; that it is gone shows at the end of its frames.
  static_cast<void>(send({"taken"}));
  return {};
}

/// Acts on one frame of a running feed; false when it was the last one.
Result<bool> ScanProcess::Session::take(Frame frame, Feed& feed) {
  if (frame.type == "progress") return true;
  if (frame.type == "image") {
    MAILROOM_TRY_VOID(take_image(std::move(frame), feed));
    return true;
  }
  if (frame.type != "end")
    return fail(Errc::corrupt, "the scan process sent '" + frame.type + "' during a feed");
  MAILROOM_TRY(feed.summary.count, messages::count_from(frame.body.value("count", nlohmann::json::object())));
  feed.summary.end = reason_of(frame);
  if (feed.summary.end == FeedEnd::fault && !feed.summary.fault) {
    feed.summary.fault = messages::fault_from(frame.body.value("fault", nlohmann::json::object()));
  }
  return false;
}

/// The helper is gone and nobody can ask the device: the sheet after the last one taken may be anywhere.
FeedFault ScanProcess::Session::fault_of(Error error, const Feed& feed) {
  const auto [sheet, side] = feed.tally.next();
  error.place.page = std::to_string(sheet) + " " + std::string(name_of(side));
  return {fault_kind_of(error.code), sheet, side, PaperAt::unknown, std::move(error)};
}

FeedSummary ScanProcess::Session::summary_of(Feed& feed) {
  FeedSummary summary = std::move(feed.summary);
  if (summary.fault) summary.end = FeedEnd::fault;
  summary.sheets = int(feed.tally.sheets.size());
  summary.images = feed.tally.images;
  if (feed.tally.paired && summary.images > 0 && feed.tally.last_side == Side::front)
    summary.half_sheet = feed.tally.last_sheet;
  return summary;
}

Result<FeedSummary> ScanProcess::Session::feed(const FeedRequest& request, const OnImage& on_image,
                                               std::stop_token stop) {
  Frame command{"feed",
                {{"device", request.device},
                 {"queue", options_.queue},
                 {"settings", messages::to_json(request.settings)}}};
  if (request.record)
    command.body["record"] = {{"file", request.record->file.string()},
                              {"pictures", request.record->pictures}};
  MAILROOM_TRY(const Frame started, ask(command, request.device));
  if (started.type != "started") {
    return fail(
        lost({Errc::corrupt, "the scan process gave a wrong answer to a feed command"}, request.device));
  }
  Feed feed{request, on_image, StopSignal(std::move(stop))};
  feed.tally.paired = request.settings.source == Source::feeder_duplex;
  MAILROOM_TRY(feed.summary.device,
               messages::device_from(started.body.value("device", nlohmann::json::object())));
  for (;;) {
    auto step = [&]() -> Result<bool> {
      MAILROOM_TRY_VOID(wait_for_frame(feed));
      MAILROOM_TRY(Frame frame, next_frame(request.device));
      return take(std::move(frame), feed);
    }();
    if (step && *step) continue;
    if (!step) {
      Error error =
          child_.running() ? lost(std::move(step).error(), request.device) : std::move(step).error();
      if (!feed.summary.fault) feed.summary.fault = fault_of(std::move(error), feed);
    }
    return summary_of(feed);
  }
}

ScanProcess::ScanProcess(std::unique_ptr<Session> session) : session_(std::move(session)) {}
ScanProcess::ScanProcess(ScanProcess&&) noexcept = default;
ScanProcess& ScanProcess::operator=(ScanProcess&&) noexcept = default;
ScanProcess::~ScanProcess() = default;

Result<ScanProcess> ScanProcess::start(std::filesystem::path program, ScanOptions options) {
  if (options.queue < 1) return fail(Errc::invalid_input, "the capture queue must hold at least one image");
  auto session = std::make_unique<Session>(std::move(program), std::move(options));
  MAILROOM_TRY_VOID(session->ensure_running());
  return ScanProcess(std::move(session));
}

Result<std::vector<DeviceInfo>> ScanProcess::list_devices() {
  return session_->list_devices();
}

Result<Capabilities> ScanProcess::capabilities(const std::string& device) {
  return session_->capabilities(device);
}

Result<FeederSense> ScanProcess::sense(const std::string& device) {
  return session_->sense(device);
}

Result<FeedSummary> ScanProcess::feed(const FeedRequest& request, const OnImage& on_image,
                                      std::stop_token stop) {
  return session_->feed(request, on_image, std::move(stop));
}

}  // namespace mailroom::drivers
