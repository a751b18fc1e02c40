#include "daemon/base/log.h"

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace mailroom::log {
namespace {

std::string program = "mailroom";  // NOLINT: set once before threads start

/// True when stderr is the journal's own stream (systemd.exec(5), JOURNAL_STREAM).
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream;
}

std::vector<std::string> fields_of(int level, std::string_view text, const About& about) {
  std::vector<std::string> fields = {"MESSAGE=" + std::string(text), "PRIORITY=" + std::to_string(level),
                                     "SYSLOG_IDENTIFIER=" + program};
  const std::array<std::pair<const char*, const std::string*>, 4> ids = {
      {{"BATCH=", &about.batch}, {"DEVICE=", &about.device}, {"PAGE=", &about.page}, {"DOCUMENT=", &about.document}}};
  for (const auto& [name, value] : ids) {
    if (!value->empty()) fields.push_back(name + *value);
  }
  return fields;
}

void write_to_journal(const std::vector<std::string>& fields) {
  std::vector<iovec> parts;
  for (const auto& field : fields) parts.push_back({const_cast<char*>(field.data()), field.size()});
  ::sd_journal_sendv(parts.data(), int(parts.size()));
}

void write_to_stderr(int level, const std::vector<std::string>& fields) {
  static constexpr std::array<const char*, 8> kNames = {"", "", "", "error", "warning", "notice", "info", "debug"};
  std::string line = program + " " + kNames.at(std::size_t(level)) + ": " + fields[0].substr(8);
  for (std::size_t i = 3; i < fields.size(); ++i) line += " " + fields[i];
  line += "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void write(int level, std::string_view text, const About& about) {
  static const bool journal = stderr_is_journal();
  static const bool debugging = std::getenv("MAILROOM_DEBUG") != nullptr;
  if (level == LOG_DEBUG && !debugging) return;
  const auto fields = fields_of(level, text, about);
  if (journal) return write_to_journal(fields);
  write_to_stderr(level, fields);
}

}  // namespace

void open(std::string_view name) { program = name; }
void error(std::string_view text, const About& about) { write(LOG_ERR, text, about); }
void error(const Error& e) {
  write(LOG_ERR, e.message(), {.batch = e.place.batch, .device = e.place.device, .page = e.place.page});
}
void warning(std::string_view text, const About& about) { write(LOG_WARNING, text, about); }
void notice(std::string_view text, const About& about) { write(LOG_NOTICE, text, about); }
void info(std::string_view text, const About& about) { write(LOG_INFO, text, about); }
void debug(std::string_view text, const About& about) { write(LOG_DEBUG, text, about); }

}  // namespace mailroom::log
