#include "drivers/virtual/payment/terminal_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/base/unique_fd.h"

namespace mailroom::payment {
namespace {

using nlohmann::json;

constexpr unsigned kReceipts = 9'999;
constexpr unsigned kTraces = 999'999;

std::string to_line(const JournalEntry& entry) {
  json line{{"kind", entry.kind},   {"receipt", entry.receipt}, {"trace", entry.trace},
            {"cents", entry.cents}, {"result", entry.result},   {"at", entry.at}};
  if (entry.reverses != 0) line["reverses"] = entry.reverses;
  return line.dump() + "\n";
}

Result<JournalEntry> from_line(const std::string& line, const std::filesystem::path& file,
                               unsigned long long number) {
  const auto value = json::parse(line, nullptr, false);
  try {
    return JournalEntry{value.at("kind"),   value.at("receipt"),         value.at("trace"), value.at("cents"),
                        value.at("result"), value.value("reverses", 0U), value.at("at")};
  } catch (const json::exception&) {
    auto place = Place::in_file(file.string());
    place.line = number;
    return fail(Errc::corrupt, "a line of the terminal's journal cannot be read", place);
  }
}

Result<void> append(const std::filesystem::path& file, const std::string& line) {
  const auto place = Place::in_file(file.string());
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!fd.valid()) return fail_errno("the terminal's journal cannot be opened", errno, place);
  if (::write(fd.get(), line.data(), line.size()) != ssize_t(line.size()))
    return fail_errno("the terminal's journal cannot be written", errno, place);
  return {};
}

}  // namespace

Result<TerminalJournal> TerminalJournal::open(std::filesystem::path file) {
  TerminalJournal journal(std::move(file));
  std::ifstream lines(journal.file_);
  unsigned long long number = 0;
  for (std::string line; std::getline(lines, line);) {
    MAILROOM_TRY(auto entry, from_line(line, journal.file_, ++number));
    journal.entries_.push_back(std::move(entry));
  }
  return journal;
}

Result<JournalEntry> TerminalJournal::book(JournalEntry entry) {
  entry.receipt = entries_.empty() ? 1 : entries_.back().receipt % kReceipts + 1;
  entry.trace = entries_.empty() ? 1 : entries_.back().trace % kTraces + 1;
  MAILROOM_TRY_VOID(append(file_, to_line(entry)));
  entries_.push_back(entry);
  return entry;
}

const JournalEntry* TerminalJournal::find_payment(unsigned receipt) const {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const JournalEntry& entry) {
    return entry.kind == "payment" && entry.receipt == receipt;
  });
  return found == entries_.rend() ? nullptr : &*found;
}

bool TerminalJournal::is_reversed(unsigned receipt) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const JournalEntry& entry) {
    return entry.kind == "reversal" && entry.reverses == receipt;
  });
}

std::vector<JournalEntry> TerminalJournal::standing() const {
  std::vector<JournalEntry> payments;
  for (const auto& entry : entries_) {
    if (entry.kind == "payment" && !is_reversed(entry.receipt)) payments.push_back(entry);
  }
  return payments;
}

}  // namespace mailroom::payment
