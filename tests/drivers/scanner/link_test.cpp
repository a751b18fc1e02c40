#include <catch2/catch.hpp>
#include <iostream>
#include <thread>

#include "daemon/base/child_process.h"
#include "daemon/crypto/identity.h"
#include "tests/drivers/scanner/virtual_station.h"
#include "tests/support/shell.h"

// mailroom-scan at a computer of its own: two network namespaces joined by a cable that can be pulled.

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kDesk = "10.77.0.2";
constexpr const char* kPort = "6570";

/// Two computers: `daemon` (10.77.0.1) and `desk` (10.77.0.2). Needs root.
class TwoComputers {
 public:
  TwoComputers() {
    const std::string script =
        "ip netns add " + daemon() + " && ip netns add " + desk() + " && ip link add veth0 netns " +
        daemon() + " type veth peer name veth0 netns " + desk() + " && " +
        in(daemon(), "ip addr add 10.77.0.1/24 dev veth0 && ") +
        in(desk(), "ip addr add 10.77.0.2/24 dev veth0 && ") + in(daemon(), "ip link set veth0 up && ") +
        in(desk(), "ip link set veth0 up && ") + in(desk(), "ip link set lo up");
    const auto outcome = shell(script);
    up_ = outcome.code == 0;
    if (!up_) std::cout << "[skipped] no right to make network namespaces: " << outcome.output << '\n';
  }
  TwoComputers(const TwoComputers&) = delete;
  TwoComputers& operator=(const TwoComputers&) = delete;
  ~TwoComputers() {
    shell("ip netns del " + daemon());
    shell("ip netns del " + desk());
  }
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] std::string daemon() const { return "mailroom-a" + number_; }
  [[nodiscard]] std::string desk() const { return "mailroom-b" + number_; }
  void pull_cable() const { shell(in(desk(), "ip link set veth0 down")); }
  void plug_cable() const { shell(in(desk(), "ip link set veth0 up")); }

  static std::string in(const std::string& computer, const std::string& command) {
    return "ip netns exec " + computer + " " + command;
  }

 private:
  std::string number_ = std::to_string(::getpid());
  bool up_ = false;
};

/// The link between them, with identities of one authority.
class Link {
 public:
  explicit Link(const TwoComputers& computers, const VirtualStation& station) : computers_(computers) {
    make_identities(identities_.path());
    std::vector<std::string> arguments = {"netns",
                                          "exec",
                                          computers.desk(),
                                          build_path("bin/mailroom-scan-link"),
                                          "serve",
                                          "--program",
                                          build_path("bin/mailroom-scan"),
                                          "--scanners",
                                          source_path("config/scanners")};
    add_common(arguments, "scan-desk", identities_.path());
    server_ = ChildProcess::start({"/usr/sbin/ip", arguments, station.options().environment}).value();
  }

  static void make_identities(const std::filesystem::path& folder) {
    const IdentityPlan plan{"Test", "test", {}, "mailroomd", {}, {{"desk", kDesk}}};
    set_up_identities(folder, plan).value();
  }

  [[nodiscard]] ScanProcess start(const std::filesystem::path& identities,
                                  const std::string& as = "node") const {
    ScanOptions options;
    options.progress_limit = 20s;
    options.queue = 4;
    options.arguments = {"netns", "exec", computers_.daemon(), build_path("bin/mailroom-scan-link"),
                         "connect"};
    add_common(options.arguments, as, identities);
    return ScanProcess::start("/usr/sbin/ip", options).value();
  }
  [[nodiscard]] ScanProcess start() const { return start(identities_.path()); }

  /// Waits until the other computer answers.
  void wait_until_up() const {
    for (int attempt = 0; attempt < 100; attempt++) {
      if (start().list_devices()) return;
      std::this_thread::sleep_for(100ms);
    }
    FAIL("the other computer does not come up");
  }

  [[nodiscard]] const std::filesystem::path& identities() const { return identities_.path(); }

 private:
  static void add_common(std::vector<std::string>& arguments, const std::string& as,
                         const std::filesystem::path& identities) {
    arguments.insert(arguments.end(),
                     {"--host", kDesk, "--port", kPort, "--as", as, "--identities", identities.string()});
  }

  const TwoComputers& computers_;
  TemporaryFolder identities_;
  ChildProcess server_;
};

}  // namespace

TEST_CASE(
    "a cable that is pulled in the middle of a feed is a lost connection, and the batch is whole after it") {
  const TwoComputers computers;
  if (!computers.up()) return;
  VirtualStation station;
  station.add_scanner("one", 24, "pace = 600");
  const Link link(computers, station);
  link.wait_until_up();
  auto process = link.start();
  Pile pile;
  const OnImage pull_at_third = [&](CapturedImage&& image) -> Result<void> {
    if (image.sheet == 3 && image.side == Side::front) computers.pull_cable();
    return pile.taker()(std::move(image));
  };
  const auto summary = process.feed(request("one"), pull_at_third).value();
  REQUIRE(summary.fault);
  CHECK(name_of(summary.fault->kind) == "device_lost");
  CHECK(summary.fault->error.what.find("connection") != std::string::npos);
  REQUIRE(summary.sheets >= 3);
  computers.plug_cable();
  // The operator takes from the tray what is not in the spool, and feeds on from the sheet named.
  const int whole = summary.half_sheet ? summary.sheets - 1 : summary.sheets;
  CHECK(summary.fault->error.place.page.substr(0, summary.fault->error.place.page.find(' ')) ==
        std::to_string(whole + 1));
  std::filesystem::remove(station.stack("one").parent_path() / "one.feeder");
  for (int page = 1; page <= 2 * whole; page++)
    std::filesystem::remove(station.stack("one") / (std::to_string(1000 + page) + ".pgm"));
  Pile rest;
  link.wait_until_up();
  CHECK(process.feed(request("one"), rest.taker()).value().end == FeedEnd::feeder_empty);
  auto pages = pile.pages();
  pages.resize(std::size_t(2 * whole));
  const auto more = rest.pages();
  pages.insert(pages.end(), more.begin(), more.end());
  REQUIRE(pages.size() == 24);
  for (int i = 0; i < 24; i++) CHECK(pages[std::size_t(i)] == i + 1);
}

TEST_CASE("nobody but the daemon of the same authority reaches the scanner") {
  const TwoComputers computers;
  if (!computers.up()) return;
  VirtualStation station;
  station.add_scanner("one", 2);
  const Link link(computers, station);
  link.wait_until_up();
  const TemporaryFolder foreign;
  Link::make_identities(foreign.path());
  CHECK(link.start(foreign.path()).list_devices().error().code == Errc::refused);
  // A certificate of the authority that is not the daemon's: the scan computer's own, a recipient's.
  CHECK_FALSE(link.start(link.identities(), "scan-desk").list_devices());
  CHECK_FALSE(link.start(link.identities(), "appliance").list_devices());
  CHECK(link.start().list_devices().value().size() == 1);
}

TEST_CASE("a computer that is switched off is told as that") {
  const TwoComputers computers;
  if (!computers.up()) return;
  VirtualStation station;
  station.add_scanner("one", 2);
  const Link link(computers, station);
  computers.pull_cable();
  CHECK(link.start().list_devices().error().code == Errc::unreachable);
}
