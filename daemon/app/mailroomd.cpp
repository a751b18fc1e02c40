#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <thread>

#include "daemon/app/appliance.h"
#include "daemon/app/control_server.h"
#include "daemon/app/folders.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/log.h"
#include "daemon/base/service_state.h"
#include "daemon/base/unique_fd.h"

namespace {

using namespace mailroom;

constexpr int kStartFailed = 1;
constexpr std::uintmax_t kRoomToStart = 8U << 20U;  // bytes; recovery writes little
constexpr int kDiskLost = 74;  // EX_IOERR: a failed fsync; the service manager starts us anew to verify

/// SIGTERM and SIGINT as a descriptor. Blocked before any thread exists, so that all inherit it.
UniqueFd termination_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC));
}

/// Waits for a termination signal; meanwhile proves to the service manager, by a round through the
/// core thread, that the daemon still does its work.
void watch_until_terminated(app::Appliance& appliance, const UniqueFd& signals) {
  const auto interval = service::watchdog_interval().value_or(std::chrono::seconds(30)) / 3;
  const auto wait = std::min<std::chrono::milliseconds>(
      std::chrono::seconds(2), std::chrono::duration_cast<std::chrono::milliseconds>(interval));
  std::optional<std::chrono::steady_clock::time_point> tidied;
  for (;;) {
    if (const auto now = std::chrono::steady_clock::now(); !tidied || now - *tidied >= std::chrono::hours(1)) {
      appliance.tidy();
      tidied = now;
    }
    appliance.go_on();
    service::status(appliance.status_line());
    service::alive();
    pollfd wanted{signals.get(), POLLIN, 0};
    if (::poll(&wanted, 1, int(wait.count())) > 0) return;
  }
}

/// Without room nothing can be mended or recorded: waits, and goes on by itself when there is some.
/// False when the service manager wants us to end instead.
bool wait_for_room(const app::Folders& folders, const UniqueFd& signals) {
  bool told = false;
  for (;;) {
    std::error_code error;
    const auto space = std::filesystem::space(folders.data, error);
    if (error || space.available >= kRoomToStart) return true;  // what is wrong then, the start will say
    if (!std::exchange(told, true)) log::warning("the data disk is full: waiting until there is room");
    service::starting("waiting for room on the data disk");
    pollfd wanted{signals.get(), POLLIN, 0};
    if (::poll(&wanted, 1, 2000) > 0) return false;
  }
}

int serve(const app::Folders& folders) {
  const UniqueFd signals = termination_signals();
  if (!wait_for_room(folders, signals)) return 0;
  auto appliance = app::Appliance::open(folders);
  if (!appliance) {
    log::error(appliance.error());
    return kStartFailed;
  }
  auto control = app::ControlServer::listen(folders.control_socket());
  if (!control) {
    log::error(control.error());
    return kStartFailed;
  }
  const auto commands = (*appliance)->commands();
  std::jthread answering([&](const std::stop_token& stop) { control->run(commands, stop); });
  service::ready();
  log::notice("ready");
  watch_until_terminated(**appliance, signals);
  service::stopping();
  log::notice("stopping: the sheet in the feeder is finished, nothing new is begun");
  answering.request_stop();
  (*appliance)->drain();
  return 0;
}

/// A failed fsync or a bug of ours on any thread: say so and go; what is durable is what counts.
[[noreturn]] void end_badly() {
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const FsyncFailed& error) {
    log::error(std::string(error.what()) + ": ending, to verify what is on the disk at the next start");
    std::_Exit(kDiskLost);
  } catch (const std::exception& error) {
    log::error(std::string("ending on an error of our own: ") + error.what());
  } catch (...) {
    log::error("ending on an unknown error of our own");
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  log::open("mailroomd");
  std::set_terminate(end_badly);
  CLI::App parser("The daemon of the digital mailroom.", "mailroomd");
  parser.set_version_flag("--version", std::string("mailroomd " MAILROOM_VERSION));
  app::Folders folders;
  parser.add_option("--config", folders.config, "folder of the configuration")->capture_default_str();
  parser.add_option("--data", folders.data, "folder of the data")->capture_default_str();
  parser.add_option("--runtime", folders.runtime, "folder of the control socket")->capture_default_str();
  CLI11_PARSE(parser, argc, argv);
  return serve(folders);
}
