// mailroom-scan: drives one scanner for mailroomd, which started it with a channel at descriptor 3
// (docs/formats/helper-protocol.md). It may hang or crash in a driver at any time; its supervisor expects
// that.

#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "daemon/base/log.h"
#include "drivers/scanner/escl/escl_witness.h"
#include "drivers/scanner/messages/messages.h"
#include "drivers/scanner/process/feed_run.h"
#include "drivers/scanner/process/orders.h"
#include "drivers/scanner/recording/recorder.h"
#include "drivers/scanner/sane/sane_library.h"

namespace {

using namespace mailroom;
using namespace mailroom::drivers;

Result<void> refuse(FrameChannel& channel, const Error& error) {
  return channel.send({"error", messages::to_json(error)});
}

// SANE is started anew for each command: a scanner that was plugged in since is found, and nothing that a
// backend broke in the last feed lives on.

Result<void> list_devices(FrameChannel& channel) {
  const auto devices = []() -> Result<std::vector<DeviceInfo>> {
    MAILROOM_TRY(SaneLibrary sane, SaneLibrary::open());
    return sane.devices();
  }();
  if (!devices) return refuse(channel, devices.error());
  auto list = nlohmann::json::array();
  for (const auto& device : *devices) list.push_back(messages::to_json(device));
  return channel.send({"devices", {{"devices", std::move(list)}}});
}

/// A scanner on the network comes with a witness: its driver hides too much.
Result<std::unique_ptr<Scanner>> open_scanner(SaneLibrary& sane, const std::string& device) {
  MAILROOM_TRY(auto scanner, sane.open_scanner(device));
  auto address = escl_address_of(device);
  if (!address) return scanner;
  return std::make_unique<EsclWitness>(std::move(scanner), *std::move(address));
}

Result<void> tell_capabilities(const Frame& command, FrameChannel& channel) {
  const auto offered = [&]() -> Result<Capabilities> {
    MAILROOM_TRY(SaneLibrary sane, SaneLibrary::open());
    MAILROOM_TRY(const auto scanner, open_scanner(sane, command.body.value("device", "")));
    return scanner->capabilities();
  }();
  if (!offered) return refuse(channel, offered.error());
  return channel.send({"capabilities", messages::to_json(*offered)});
}

Result<void> tell_sense(const Frame& command, FrameChannel& channel) {
  const auto sensed = [&]() -> Result<FeederSense> {
    MAILROOM_TRY(SaneLibrary sane, SaneLibrary::open());
    MAILROOM_TRY(const auto scanner, open_scanner(sane, command.body.value("device", "")));
    return scanner->sense();
  }();
  if (!sensed) return refuse(channel, sensed.error());
  return channel.send({"sense", messages::to_json(*sensed)});
}

/// Begins the recording a command asks for, if it does.
Result<void> record_if_asked(const Frame& command, SaneLibrary& sane) {
  const auto order = command.body.find("record");
  if (order == command.body.end()) return {};
  if (!order->is_object()) return fail(Errc::invalid_input, "a recording is ordered by file and pictures");
  DeviceInfo info{command.body.value("device", ""), "", "", ""};
  MAILROOM_TRY(const auto known, sane.devices());
  for (const auto& device : known) {
    if (device.name == info.name) info = device;
  }
  return begin_recording(order->value("file", ""), info, order->value("pictures", false));
}

/// Ends it, whatever came of the feed; what went wrong with the recording only is no fault of the feed.
void end_record() {
  const auto ended = end_recording();
  if (!ended) log::warning(ended.error().message());
}

Result<void> feed(const Frame& command, FrameChannel& channel, Orders& orders) {
  auto settings = messages::settings_from(command.body.value("settings", nlohmann::json::object()));
  if (!settings) return refuse(channel, settings.error());
  auto sane = SaneLibrary::open();
  if (!sane) return refuse(channel, sane.error());
  auto recorded = record_if_asked(command, *sane);
  if (!recorded) return refuse(channel, recorded.error());
  auto scanner = open_scanner(*sane, command.body.value("device", ""));
  if (!scanner) return refuse(channel, scanner.error());
  auto begun = (*scanner)->begin_feed(*settings);
  if (!begun) return refuse(channel, begun.error());
  return FeedRun(**scanner, *settings, orders, channel).run();
}

Result<void> obey(const Frame& command, FrameChannel& channel, Orders& orders) {
  if (command.type == "list") return list_devices(channel);
  if (command.type == "capabilities") return tell_capabilities(command, channel);
  if (command.type == "sense") return tell_sense(command, channel);
  if (command.type == "feed") {
    auto fed = feed(command, channel, orders);
    end_record();
    return fed;
  }
  return refuse(channel,
                {Errc::invalid_input, "mailroom-scan does not know the command '" + command.type + "'"});
}

int run() {
  FrameChannel channel{UniqueFd(kHelperChannelFd)};
  Orders orders(channel);
  while (const auto command = orders.next_command()) {
    const auto done = obey(*command, channel, orders);
    if (!done) return 1;  // nobody is left to tell
  }
  return 0;
}

bool has_channel() {
  struct stat status {};
  return ::fstat(kHelperChannelFd, &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

int main() {
  // Several backends raise SIGPIPE from a reader thread when the device reports a fault.
  std::signal(SIGPIPE, SIG_IGN);
  if (!has_channel()) {
    std::cerr
        << "mailroom-scan is started by mailroomd, one for each scanner; there is nothing to run by hand.\n";
    return 2;
  }
  log::open("mailroom-scan");
  try {
    return run();
  } catch (const std::exception& problem) {
    log::error(std::string("mailroom-scan ends: ") + problem.what());
    return 1;
  }
}
