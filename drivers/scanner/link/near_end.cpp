#include "drivers/scanner/link/near_end.h"

#include "daemon/base/log.h"
#include "drivers/link/relay.h"
#include "drivers/scanner/messages/messages.h"

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRemedy =
    "look at the network and at the computer beside the scanner; then feed again from the sheet named, it "
    "may lie in "
    "the output tray";

}  // namespace

void NearEnd::see_order(const Frame& frame) {
  if (frame.type == "taken" || frame.type == "stop") return;
  asked_ = true;
  sheet_ = 1;
  side_ = Side::front;
  const auto settings = frame.body.value("settings", nlohmann::json::object());
  duplex_ = settings.is_object() && settings.value("source", "") == "feeder_duplex";
}

void NearEnd::see_answer(const Frame& frame) {
  if (frame.type == "progress") return;
  if (frame.type == "image") {
    const bool back_next = duplex_ && frame.body.value("side", "") == "front";
    sheet_ = frame.body.value("sheet", sheet_) + (back_next ? 0 : 1);
    side_ = back_next ? Side::back : Side::front;
    return;
  }
  asked_ = false;
  feeding_ = frame.type == "started";
}

/// Answers what is open in the place of the process that cannot be heard any more.
void NearEnd::tell_loss(const Error& error) {
  log::warning(error.message());
  Error words = error;
  if (feeding_) {
    words.code = Errc::device_lost;
    words.what = "the connection to the scanner's computer was lost";
    words.remedy = kRemedy;
    words.place.page = std::to_string(sheet_) + " " + std::string(name_of(side_));
    const FeedFault fault{FaultKind::device_lost, sheet_, side_, PaperAt::unknown, words};
    static_cast<void>(daemon_.send({"end", {{"reason", "fault"}, {"fault", messages::to_json(fault)}}}));
  } else if (asked_) {
    static_cast<void>(daemon_.send({"error", messages::to_json(words)}));
  }
}

Result<void> NearEnd::run(const LinkAddress& address, const TlsParty& us) {
  auto far = RemoteChannel::connect(address, us);
  if (!far) {
    // The daemon hears of it as the answer to its first command.
    const auto command = daemon_.receive(1h);
    asked_ = command && *command;
    tell_loss(far.error());
    return fail(far.error());
  }
  const RelayWatch watch{[this](const Frame& frame) { see_order(frame); },
                         [this](const Frame& frame) { see_answer(frame); }};
  auto passed = relay(daemon_, *far, watch);
  if (!passed) {
    tell_loss(passed.error());
    return passed;
  }
  return {};  // a goodbye in the middle of a feed: the process over there died, silence tells the daemon so
}

}  // namespace mailroom::drivers
