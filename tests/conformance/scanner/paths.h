#pragma once

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/child_process.h"
#include "drivers/virtual/escl/escl_device.h"
#include "tests/drivers/scanner/virtual_station.h"

/// The ways from paper to the daemon. Each is made from a station whose virtual scanners are configured, and
/// offers
///   missing()      why it cannot run on this machine, if so
///   device(name)   what SANE calls the virtual scanner `name` at this end
///   program()      the helper that mailroomd starts to reach it, and
///   options()      how
///   recover()      what a person does after a driver hung or crashed
///   outcome(kind)  what a fault of the virtual scanner looks like at this end
///   reads_ahead()  whether the driver pulls sheets before it is asked for them
namespace mailroom::test {

/// What the other end of a path can tell of a fault.
struct Outcome {
  Errc code = Errc::io;
  bool through = false;              ///< the sheet has left the feeder
  bool survived = false;             ///< the driver overcomes it, the feed goes on
  std::optional<Errc> or_code = {};  ///< seen as well
};

/// The fault `kind` where nothing lies between the scanner's driver and us.
Outcome outcome_of_driver(const std::string& kind);

/// Our own backend, loaded by libsane.
class VirtualFeeder {
 public:
  static std::optional<std::string> missing() { return std::nullopt; }
  [[nodiscard]] static std::string program() { return build_path("bin/mailroom-scan"); }
  explicit VirtualFeeder(const VirtualStation& station) : station_(station) {}
  [[nodiscard]] std::string device(const std::string& name) const { return "mailroomfeeder:" + name; }
  [[nodiscard]] drivers::ScanOptions options() const { return station_.options(); }
  void recover() {}
  static bool reads_ahead() { return false; }
  static std::optional<Outcome> outcome(const std::string& kind) { return outcome_of_driver(kind); }

 private:
  const VirtualStation& station_;
};

/// SANE's network protocol: `one` hangs on the machine 127.0.0.1, every other scanner on 127.0.0.2.
class TwoSaned {
 public:
  static std::optional<std::string> missing();
  [[nodiscard]] static std::string program() { return build_path("bin/mailroom-scan"); }
  explicit TwoSaned(const VirtualStation& station);
  [[nodiscard]] std::string device(const std::string& name) const;
  [[nodiscard]] drivers::ScanOptions options() const;
  void recover();
  static bool reads_ahead() { return false; }
  static std::optional<Outcome> outcome(const std::string& kind);

 private:
  void start();
  [[nodiscard]] ChildProcess started(const char* address) const;

  const VirtualStation& station_;
  TemporaryFolder client_;
  std::vector<ChildProcess> servers_;
};

/// eSCL through sane-airscan; each scanner is a device of its own on loopback.
class EsclNetwork {
 public:
  static std::optional<std::string> missing();
  [[nodiscard]] static std::string program() { return build_path("bin/mailroom-scan"); }
  explicit EsclNetwork(const VirtualStation& station);
  [[nodiscard]] std::string device(const std::string& name) const;
  [[nodiscard]] drivers::ScanOptions options() const;
  void recover() {}
  static bool reads_ahead() { return true; }
  static std::optional<Outcome> outcome(const std::string& kind);

 private:
  TemporaryFolder client_;
  std::vector<std::pair<std::string, std::unique_ptr<drivers::escl::EsclDevice>>> devices_;
};

/// A computer of the station's own: mailroom-scan there, and its frames over mutual TLS.
class StationComputer {
 public:
  static std::optional<std::string> missing();
  explicit StationComputer(const VirtualStation& station);
  [[nodiscard]] std::string device(const std::string& name) const { return "mailroomfeeder:" + name; }
  [[nodiscard]] drivers::ScanOptions options() const;
  [[nodiscard]] static std::string program() { return build_path("bin/mailroom-scan-link"); }
  void recover();
  static bool reads_ahead() { return false; }
  static std::optional<Outcome> outcome(const std::string& kind) { return outcome_of_driver(kind); }

 private:
  TemporaryFolder identities_;
  ChildProcess server_;
};

/// The one table of paths: the suite runs on each of them.
#define MAILROOM_SCANNER_PATHS VirtualFeeder, TwoSaned, EsclNetwork, StationComputer

/// Starts the helper of a path.
template <typename Path>
drivers::ScanProcess start_on(const Path& path, drivers::ScanOptions options) {
  return drivers::ScanProcess::start(path.program(), std::move(options)).value();
}
template <typename Path>
drivers::ScanProcess start_on(const Path& path) {
  return start_on(path, path.options());
}

/// True when `Path` can run on this machine; else says why not.
template <typename Path>
bool runs_here() {
  const auto missing = Path::missing();
  if (missing) std::cout << "[skipped] " << *missing << '\n';
  return !missing;
}

/// A network of the calling process alone, with a loopback that is up: ports of the outside do not clash with
/// it and nothing leaves it. False where the machine does not allow one.
bool enter_own_network();

}  // namespace mailroom::test
