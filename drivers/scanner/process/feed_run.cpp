#include "drivers/scanner/process/feed_run.h"

#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "drivers/scanner/messages/messages.h"
#include "ocr/codec/encode.h"

namespace mailroom::drivers {
namespace {

constexpr auto kReportEvery = std::chrono::milliseconds(200);

}  // namespace

/// Says that the scanner is alive. A daemon that is gone is noticed at the next image.
void FeedRun::report(const char* state) {
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < kReportEvery) return;
  reported_ = now;
  static_cast<void>(channel_.send({"progress", {{"state", state}, {"sheet", sheet_}}}));
}

Result<void> FeedRun::send_side(const ScannedSide& side) {
  const ocr::RawImage raw{side.width, side.height, side.dpi,   side.channels,
                          side.bits,  side.stride, side.pixels};
  MAILROOM_TRY(CapturedImage image, ocr::encode_capture(raw, settings_.jpeg_quality));
  image.sheet = side.sheet;
  image.side = side.side;
  back_next_ = settings_.source == Source::feeder_duplex && side.side == Side::front;
  sheet_ = back_next_ ? side.sheet : side.sheet + 1;
  kill_point("scan.side_encoded");
  MAILROOM_TRY_VOID(channel_.send(messages::image_frame(std::move(image))));
  kill_point("scan.side_sent");
  return {};
}

/// Takes one side; how the feed ended when it did.
Result<std::optional<FeedRun::End>> FeedRun::feed_one() {
  if (!back_next_ && orders_.stop_asked()) return std::optional<End>{{"stopped"}};
  if (!orders_.take_room([this] { report("waiting"); })) return std::optional<End>{{"stopped"}};
  auto side = scanner_.next_side([this] { report("paper"); });
  if (!side) return std::optional<End>{{"fault", std::move(side).error()}};
  if (!*side) return std::optional<End>{{"feeder_empty"}};
  auto sent = send_side(**side);
  if (sent) return std::optional<End>{};
  if (sent.error().code == Errc::crashed) return fail(std::move(sent).error());
  const Side which = (*side)->side;
  return std::optional<End>{{"fault", FeedFault{FaultKind::damaged_image, (*side)->sheet, which,
                                                PaperAt::tray, std::move(sent).error()}}};
}

Result<FeedRun::End> FeedRun::feed_all() {
  for (;;) {
    MAILROOM_TRY(auto end, feed_one());
    if (end) return *std::move(end);
  }
}

/// What the device's counters say. A device that does not tell leaves the count empty: the daemon must
/// then find its proof elsewhere.
DeviceCount FeedRun::ask_count() {
  auto count = scanner_.count();
  if (count) return *count;
  log::warning(count.error().message(), {.device = scanner_.info().name});
  return {};
}

Result<void> FeedRun::run() {
  MAILROOM_TRY_VOID(channel_.send({"started", {{"device", messages::to_json(scanner_.info())}}}));
  MAILROOM_TRY(const End end, feed_all());
  scanner_.cancel();
  Frame frame{"end", {{"reason", end.reason}, {"count", messages::to_json(ask_count())}}};
  if (end.fault) frame.body["fault"] = messages::to_json(*end.fault);
  kill_point("scan.before_end");
  return channel_.send(frame);
}

}  // namespace mailroom::drivers
