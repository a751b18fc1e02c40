#include <regex>

#include "daemon/base/clock.h"
#include "daemon/config/read_files.h"
#include "daemon/config/toml_reader.h"

namespace mailroom::config {
namespace {

void read_limits(TomlTable& table, Limits& limits) {
  limits.page_seconds = table.integer("page_seconds", 1, 3600, limits.page_seconds);
  limits.page_memory_mib = table.integer("page_memory_mib", 256, 65536, limits.page_memory_mib);
  limits.scanner_progress_ms = table.integer("scanner_progress_ms", 1000, 600000, limits.scanner_progress_ms);
  limits.capture_queue = table.integer("capture_queue", 2, 1024, limits.capture_queue);
  limits.disk_reserve_mib = table.integer("disk_reserve_mib", 16, 10000000, limits.disk_reserve_mib);
  limits.workers = table.integer("workers", 0, 256, limits.workers);
  limits.box_waiting_days = table.integer("box_waiting_days", 0, 3650, limits.box_waiting_days);
}

std::string file_name(TomlTable& table, const char* key) {
  const auto name = table.text(key, "");
  if (name.find('/') != std::string::npos)
    table.reject(key, "holds a path", "give the name of a file in the identities folder");
  return name;
}

void read_web(TomlTable& table, WebSettings& web) {
  const auto listen = table.text("listen", web.address + ":" + std::to_string(web.port));
  const auto colon = listen.rfind(':');
  const auto port = colon == std::string::npos ? std::string() : listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(port) > 65535) {
    table.reject("listen", "is \"" + listen + "\"", "give address and port, for example 127.0.0.1:8450");
  } else {
    web.address = listen.substr(0, colon);
    web.port = std::stoi(port);
  }
  web.certificate = file_name(table, "certificate");
  web.key = file_name(table, "key");
  if (web.certificate.empty() != web.key.empty())
    table.reject("certificate", "goes with `key`", "give both or none");
  web.names = table.texts("names", {});
  web.contents = table.text("contents", "");
  if (!web.contents.empty() && (!web.contents.starts_with("https://") || web.contents.ends_with("/")))
    table.reject("contents", "is \"" + web.contents + "\"", "give it as https://HOST:PORT");
  if (!web.contents.empty() && web.certificate.empty())
    table.reject("contents", "needs TLS", "give `certificate` and `key` too");
  web.lock_minutes = table.integer("lock_minutes", 1, 240, web.lock_minutes);
  web.session_hours = table.integer("session_hours", 1, 24, web.session_hours);
}

StationPlace read_station(const std::string& id, TomlTable& table) {
  StationPlace station{.id = id};
  station.name_de = table.text("name_de");
  station.name_en = table.text("name_en");
  station.scanner = table.text("scanner");
  station.profile = table.text("profile", "");
  const auto start = table.choice("start", {"nothing", "button", "paper"}, "nothing");
  if (start != "nothing") station.start = start == "button" ? StartOn::button : StartOn::paper;
  return station;
}

FolderPlace read_folder(const std::string& id, TomlTable& table) {
  FolderPlace folder{.id = id};
  folder.path = table.text("path");
  folder.profile = table.text("profile");
  folder.settle_seconds = table.integer("settle_seconds", 1, 3600, folder.settle_seconds);
  if (!folder.path.is_absolute()) table.reject("path", "is not absolute", "give it from the root on");
  return folder;
}

/// A regular expression (ECMAScript); empty: none.
std::string read_pattern(TomlTable& table, std::string_view key) {
  auto pattern = table.text(key, "");
  try {
    if (const std::regex expression(pattern); !pattern.empty() && std::regex_match("", expression))
      table.reject(key, "fits nothing at all", "it must ask for at least one character");
  } catch (const std::regex_error&) {
    table.reject(key, "is no regular expression", "write it like \"B-[0-9]{4}-[0-9]{5}\"");
  }
  return pattern;
}

void read_invoices(TomlTable& table, Configuration& into) {
  into.order_numbers = read_pattern(table, "order_numbers");
  into.asset_numbers = read_pattern(table, "asset_numbers");
  into.invoice_buyers = table.texts("buyers", {into.organisation});
  into.voucher_check = table.choice("voucher_check", {"none", "mod10", "mod11", "mod97"}, into.voucher_check);
  into.holidays = table.texts("holidays", {});
  into.deadline_days = table.integer("deadline_days", 0, 30, into.deadline_days);
  for (const auto& day : into.holidays) {
    const auto read = from_rfc3339(day + "T00:00:00.000Z");
    if (!read || to_iso_date(*read) != day)
      table.reject("holidays", "names \"" + day + "\"", "give dates such as \"2026-12-25\"");
  }
}

Recipient read_recipient(const std::string& id, TomlTable& table) {
  Recipient recipient{.id = id};
  recipient.encrypt = table.flag("encrypt", false);
  recipient.certificate = table.text("certificate", "");
  recipient.window = table.integer("window", 1, 100, recipient.window);
  recipient.https = table.flag("https", false);
  recipient.deadlines = table.flag("deadlines", false);
  if (recipient.encrypt && recipient.certificate.empty())
    table.reject("certificate", "is missing",
                 "encryption needs the recipient's certificate, a file in the identities folder");
  if (recipient.certificate.find('/') != std::string::npos)
    table.reject("certificate", "holds a path", "give the name of a file in the identities folder");
  return recipient;
}

}  // namespace

Result<void> read_mailroom(const std::filesystem::path& file, Configuration& into) {
  return read_toml_file(file, [&](TomlTable& root) {
    into.site =
        root.matching("site", "[a-z][a-z0-9-]{0,31}", "1 to 32 of a-z 0-9 -, beginning with a letter");
    into.organisation = root.text("organisation");
    into.default_profile = root.text("default_profile", "post");
    root.table("broker", [&](TomlTable& broker) {
      into.broker.host = broker.text("host", into.broker.host);
      into.broker.port = broker.integer("port", 1, 65535, into.broker.port);
    });
    root.table("limits", [&](TomlTable& limits) { read_limits(limits, into.limits); });
    root.table("invoices", [&](TomlTable& invoices) { read_invoices(invoices, into); });
    root.table("folders", [&](TomlTable& folders) {
      folders.each_table(
          [&](const std::string& id, TomlTable& table) { into.folders.emplace(id, read_folder(id, table)); });
    });
    root.table("web", [&](TomlTable& web) { read_web(web, into.web); });
    root.table("stations", [&](TomlTable& stations) {
      stations.each_table([&](const std::string& id, TomlTable& table) {
        into.stations.emplace(id, read_station(id, table));
      });
    });
    root.table("recipients", [&](TomlTable& recipients) {
      recipients.each_table([&](const std::string& id, TomlTable& table) {
        into.recipients.emplace(id, read_recipient(id, table));
      });
    });
    if (into.recipients.empty()) root.reject("recipients", "names nobody", "name at least [recipients.ecm]");
  });
}

}  // namespace mailroom::config
