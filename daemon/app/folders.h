#pragma once

#include <filesystem>

namespace mailroom::app {

/// Where an installation lives (FHS); every program takes --config, --data and --runtime.
struct Folders {
  std::filesystem::path config = "/etc/mailroom";
  std::filesystem::path data = "/var/lib/mailroom";
  std::filesystem::path runtime = "/run/mailroom";

  [[nodiscard]] std::filesystem::path identities() const { return data / "identities"; }
  [[nodiscard]] std::filesystem::path broker() const { return data / "broker"; }
  [[nodiscard]] std::filesystem::path spool() const { return data / "spool"; }
  [[nodiscard]] std::filesystem::path content() const { return data / "content"; }
  [[nodiscard]] std::filesystem::path kiosk() const { return data / "kiosk"; }
  [[nodiscard]] std::filesystem::path unowned() const { return data / "unowned"; }
  [[nodiscard]] std::filesystem::path catalogue() const { return data / "catalogue.db"; }
  [[nodiscard]] std::filesystem::path routing_key() const { return identities() / "routing.key"; }
  /// Where the screens are served, as text; written at each start.
  [[nodiscard]] std::filesystem::path station_address() const { return runtime / "station.url"; }
  [[nodiscard]] std::filesystem::path kiosk_address() const { return runtime / "kiosk.url"; }
  [[nodiscard]] std::filesystem::path control_socket() const { return runtime / "control.sock"; }
};

/// A program that comes with this one: from MAILROOM_LIBEXEC, from the folder of the running
/// program (a build tree), else from the libexec folder of the prefix it is installed under.
std::filesystem::path companion_program(const char* name);

/// A folder of files that never change while we run: from MAILROOM_SHARE, else share/mailroom beside
/// the folder of the running program, in a build tree as in an installation.
std::filesystem::path shared_folder(const char* name);

}  // namespace mailroom::app
