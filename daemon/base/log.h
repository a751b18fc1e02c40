#pragma once

#include <string>
#include <string_view>

#include "daemon/base/error.h"

namespace mailroom::log {

/// What a record is about. Every part that is known is written as a journal field (BATCH, DEVICE,
/// PAGE, DOCUMENT) so that `journalctl BATCH=...` finds it. Never put names, text of pages or
/// secrets in a record: ids only.
struct About {
  std::string batch = {};
  std::string device = {};
  std::string page = {};
  std::string document = {};
};

/// Level meanings: error = a person must act; warning = something unusual was survived;
/// notice = a step of the work (batch closed, document receipted); info = detail for the
/// administrator; debug = for us. All functions are thread-safe.
void error(std::string_view text, const About& about = {});
void error(const Error& error);
void warning(std::string_view text, const About& about = {});
void notice(std::string_view text, const About& about = {});
void info(std::string_view text, const About& about = {});
void debug(std::string_view text, const About& about = {});

/// Names this process in the records ("mailroomd"). Call once, before the first record. Records
/// go to the journal when it is our stderr (JOURNAL_STREAM), else to stderr as text; debug records
/// only when the environment variable MAILROOM_DEBUG is set.
void open(std::string_view program);

}  // namespace mailroom::log
