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
}

Recipient read_recipient(const std::string& id, TomlTable& table) {
  Recipient recipient{.id = id};
  recipient.encrypt = table.flag("encrypt", false);
  recipient.certificate = table.text("certificate", "");
  recipient.window = table.integer("window", 1, 100, recipient.window);
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
    root.table("recipients", [&](TomlTable& recipients) {
      recipients.each_table([&](const std::string& id, TomlTable& table) {
        into.recipients.emplace(id, read_recipient(id, table));
      });
    });
    if (into.recipients.empty()) root.reject("recipients", "names nobody", "name at least [recipients.ecm]");
  });
}

}  // namespace mailroom::config
