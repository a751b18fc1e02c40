#include "tests/conformance/scanner/paths.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <filesystem>
#include <thread>

#include "daemon/crypto/identity.h"

namespace mailroom::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kBackends = "/usr/lib/x86_64-linux-gnu/sane";
constexpr const char* kSaned = "/usr/sbin/saned";
constexpr int kSanePort = 6566;
constexpr int kLinkPort = 6570;

bool has_backend(const std::string& name) {
  return fs::exists(fs::path(kBackends) / ("libsane-" + name + ".so.1"));
}

bool answers(const char* address, int port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(std::uint16_t(port));
  ::inet_pton(AF_INET, address, &place.sin_addr);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
}

bool answers_within(std::chrono::milliseconds patience, const char* address, int port) {
  for (auto left = patience; left > 0ms && !answers(address, port); left -= 50ms)
    std::this_thread::sleep_for(50ms);
  return answers(address, port);
}

void wait_until_answers(const char* address, int port) {
  if (!answers_within(30s, address, port))
    throw std::runtime_error(std::string("no server answers at ") + address);
}

bool make_network() {
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq loopback{};
  std::string("lo").copy(loopback.ifr_name, sizeof loopback.ifr_name - 1);
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(socket.get(), SIOCSIFFLAGS, &loopback) == 0;
}

}  // namespace

bool enter_own_network() {
  static const bool entered = make_network();
  return entered;
}

Outcome outcome_of_driver(const std::string& kind) {
  if (kind == "jam") return {Errc::paper_jam};
  if (kind == "doublefeed") return {Errc::double_feed};
  if (kind == "cover") return {Errc::cover_open};
  if (kind == "io") return {Errc::io};
  if (kind == "busy") return {Errc::busy};
  if (kind == "lost") return {Errc::device_lost};
  if (kind == "start-hang") return {Errc::timed_out};
  if (kind == "read-hang") return {Errc::timed_out, true};
  if (kind == "read-jam" || kind == "back-jam") return {Errc::paper_jam, true};
  if (kind == "short") return {Errc::corrupt, true};
  if (kind == "crash") return {Errc::crashed, true};
  throw std::logic_error("no fault is called " + kind);
}

std::optional<std::string> TwoSaned::missing() {
  if (!fs::exists(kSaned) || !has_backend("net")) return "saned is not installed";
  if (!enter_own_network()) return "no right to make a network namespace";
  return std::nullopt;
}

TwoSaned::TwoSaned(const VirtualStation& station) : station_(station) {
  std::ofstream(station.config() / "saned.conf") << "127.0.0.1\n127.0.0.2\n";
  std::ofstream(client_.path() / "dll.conf") << "net\n";
  std::ofstream(client_.path() / "net.conf") << "connect_timeout = 3\n127.0.0.1\n127.0.0.2\n";
  start();
}

/// Each in a process namespace of its own: a connection that hangs in a driver ends with its server.
void TwoSaned::start() {
  servers_.clear();
  // A server that was killed answers for a moment still: it must not be taken for the new one.
  for (const char* address : {"127.0.0.1", "127.0.0.2"}) {
    for (int look = 0; look < 200 && answers(address, kSanePort); ++look) std::this_thread::sleep_for(25ms);
  }
  for (const char* address : {"127.0.0.1", "127.0.0.2"}) servers_.push_back(started(address));
}

/// One that is started while the port of the one before is not free yet ends at once: tried again.
ChildProcess TwoSaned::started(const char* address) const {
  const std::vector<std::string> arguments = {
      "--pid", "--fork", "--kill-child=KILL", kSaned, "-l", "-b", address, "-p", std::to_string(kSanePort)};
  for (int attempt = 0; attempt < 15; attempt++) {
    auto server = ChildProcess::start({"/usr/bin/unshare", arguments, station_.options().environment}).value();
    if (answers_within(2s, address, kSanePort) && !server.wait(50ms)) return server;
  }
  throw std::runtime_error(std::string("no server answers at ") + address);
}

void TwoSaned::recover() {
  start();
}

std::string TwoSaned::device(const std::string& name) const {
  return (name == "one" ? "net:127.0.0.1:mailroomfeeder:" : "net:127.0.0.2:mailroomfeeder:") + name;
}

drivers::ScanOptions TwoSaned::options() const {
  auto options = station_.options();
  options.environment["SANE_CONFIG_DIR"] = client_.path().string();
  return options;
}

/// The client of a driver that crashed on the other machine waits for ever, or crashes too.
std::optional<Outcome> TwoSaned::outcome(const std::string& kind) {
  if (kind == "crash") return Outcome{Errc::timed_out, true, false, Errc::crashed};
  return outcome_of_driver(kind);
}

std::optional<std::string> EsclNetwork::missing() {
  if (!has_backend("airscan")) return "sane-airscan is not installed";
  return std::nullopt;
}

EsclNetwork::EsclNetwork(const VirtualStation& station) {
  std::ofstream(client_.path() / "dll.conf") << "airscan\n";
  std::ofstream config(client_.path() / "airscan.conf");
  config << "[devices]\n";
  for (const auto& entry : fs::directory_iterator(station.config().parent_path() / "stacks")) {
    const std::string name = entry.path().filename().string();
    auto device = drivers::escl::EsclDevice::start(station.config() / "mailroomfeeder.conf", name).value();
    config << '"' << name << "\" = " << device->url() << ", eSCL\n";
    devices_.emplace_back(name, std::move(device));
  }
  config << "[options]\ndiscovery = disable\nws-discovery = off\n";
}

std::string EsclNetwork::device(const std::string& name) const {
  for (const auto& [known, device] : devices_) {
    if (known == name) return "airscan:escl:" + name + ":" + device->url();
  }
  return "airscan:escl:" + name + ":http://127.0.0.1:1/eSCL";
}

drivers::ScanOptions EsclNetwork::options() const {
  drivers::ScanOptions options;
  options.progress_limit = 15s;
  options.environment = {{"SANE_CONFIG_DIR", client_.path().string()},
                         {drivers::kQuirksVariable, source_path("config/scanners")}};
  return options;
}

std::optional<Outcome> EsclNetwork::outcome(const std::string& kind) {
  if (kind == "busy") return Outcome{Errc::busy, false, true};  // 503: the driver asks again
  if (kind == "crash") return Outcome{Errc::io, true};
  return outcome_of_driver(kind);
}

std::optional<std::string> StationComputer::missing() {
  if (!enter_own_network()) return "no right to make a network namespace";
  return std::nullopt;
}

StationComputer::StationComputer(const VirtualStation& station) {
  const IdentityPlan plan{"Test", "test", {}, "mailroomd", {}, {{"desk", "127.0.0.1"}}};
  set_up_identities(identities_.path(), plan).value();
  const std::vector<std::string> arguments = {"serve",
                                              "--host",
                                              "127.0.0.1",
                                              "--port",
                                              std::to_string(kLinkPort),
                                              "--as",
                                              "scan-desk",
                                              "--identities",
                                              identities_.path(),
                                              "--program",
                                              build_path("bin/mailroom-scan"),
                                              "--scanners",
                                              source_path("config/scanners")};
  server_ = ChildProcess::start({program(), arguments, station.options().environment}).value();
  wait_until_answers("127.0.0.1", kLinkPort);
}

drivers::ScanOptions StationComputer::options() const {
  drivers::ScanOptions options;
  options.progress_limit = 15s;
  options.arguments = {"connect", "--host", "127.0.0.1",    "--port",          std::to_string(kLinkPort),
                       "--as",    "node",   "--identities", identities_.path()};
  return options;
}

/// The computer over there ends a driver whose line broke; that takes it less than a person needs to look.
void StationComputer::recover() {
  auto process = start_on(*this);
  for (int looks = 0; looks < 50; ++looks) {
    const auto free = process.capabilities(device("one"));
    if (free || free.error().code != Errc::busy) return;
    std::this_thread::sleep_for(100ms);
  }
}

}  // namespace mailroom::test
