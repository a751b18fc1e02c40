#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "daemon/app/backup.h"
#include "daemon/app/backup_files.h"
#include "daemon/app/care.h"
#include "daemon/app/control_server.h"
#include "daemon/app/ctl/care_commands.h"
#include "daemon/app/ctl/care_tables.h"
#include "daemon/app/foundation.h"
#include "daemon/archive/backup_lock.h"

namespace mailroom::app::ctl {
namespace {

using nlohmann::json;
using Print = void (*)(std::ostream&, const json&);

int complain(const Error& error) {
  std::cerr << "mailroomctl: " << error.message() << '\n';
  return kFailed;
}

Result<json> ask(const Folders& folders, const std::string& command, const json& arguments = json::object()) {
  return send_command(folders.control_socket(), command, arguments, [](const json&) {});
}

int tell(const Folders& folders, const std::string& command, const json& arguments, bool as_json,
         Print print) {
  const auto answer = ask(folders, command, arguments);
  if (!answer) return complain(answer.error());
  if (as_json) {
    std::cout << answer->dump(2) << '\n';
  } else {
    print(std::cout, *answer);
  }
  return kDone;
}

void print_nothing(std::ostream&, const json&) {}

/// A command with words that are all texts, sent to the daemon as they are.
struct Words {
  std::map<std::string, std::string> values;
  bool as_json = false;

  [[nodiscard]] json arguments() const {
    json given = json::object();
    for (const auto& [name, value] : values) {
      if (!value.empty()) given[name] = value;
    }
    return given;
  }
};

struct Wanted {
  const char* name;     ///< as it is typed
  const char* command;  ///< as the daemon knows it
  const char* text;
  Print print;
};

std::shared_ptr<Words> add_command(CLI::App& parser, Chosen& chosen, const Wanted& wanted, CLI::App** added) {
  auto* command = parser.add_subcommand(wanted.name, wanted.text);
  auto words = std::make_shared<Words>();
  command->add_flag("--json", words->as_json, "print the answer as JSON");
  command->callback([&chosen, words, wanted] {
    chosen.run = [&chosen, words, wanted] {
      return tell(chosen.folders, wanted.command, words->arguments(), words->as_json, wanted.print);
    };
  });
  *added = command;
  return words;
}

void add_person(CLI::App& command, Words& words, const char* text) {
  command.add_option("--operator", words.values["operator"], text)->required();
}

void add_erase(CLI::App& parser, Chosen& chosen) {
  auto* erase = parser.add_subcommand("erase", "take out for good what must not be here; two persons");
  erase->require_subcommand(1);
  CLI::App* command = nullptr;
  auto words =
      add_command(*erase, chosen, {"request", "erase_request", "ask for it", print_erasure}, &command);
  command->add_option("subject", words->values["subject"], "a document, or a discarded batch: id or number")
      ->required();
  command
      ->add_option("--reason", words->values["reason"],
                   "private_mail, wrong_authority, data_subject_request or unlawful")
      ->required();
  add_person(*command, *words, "who asks for it");
  for (const Wanted& wanted : {Wanted{"confirm", "erase_confirm", "erase it now", print_erasure},
                               Wanted{"refuse", "erase_refuse", "do not erase it", print_erasure}}) {
    words = add_command(*erase, chosen, wanted, &command);
    command->add_option("id", words->values["id"], "of the erasure")->required();
    add_person(*command, *words, "another person than the one who asked");
  }
  add_command(*erase, chosen, {"list", "erasures", "what was asked for and done", print_erasures}, &command);
}

void add_paper(CLI::App& parser, Chosen& chosen) {
  CLI::App* command = nullptr;
  auto words = add_command(
      parser, chosen,
      {"release-originals", "release_originals", "the paper of a finished batch may go", print_nothing},
      &command);
  command->add_option("batch", words->values["batch"], "id or number")->required();
  add_person(*command, *words, "who has seen to it");
}

void add_deliveries(CLI::App& parser, Chosen& chosen) {
  CLI::App* command = nullptr;
  auto words = add_command(parser, chosen,
                           {"deliveries", "deliveries",
                            "deliveries in one state, the dead ones first to look at", print_deliveries},
                           &command);
  command->add_option("--state", words->values["state"],
                      "dead, owed, stored, rejected, returned, withdrawn; else dead");
  words = add_command(parser, chosen,
                      {"resend", "resend", "send a delivery again under its id", print_nothing}, &command);
  command->add_option("id", words->values["id"], "of the delivery")->required();
  add_person(*command, *words, "who decides");
  add_command(
      parser, chosen,
      {"dead-letters", "dead_letters", "messages of recipients that make no sense", print_dead_letters},
      &command);
  add_command(parser, chosen,
              {"lost", "lost", "what recipients hold and a restored mailroom does not know", print_lost},
              &command);
  words = add_command(parser, chosen,
                      {"settle-lost", "settle_lost", "a lost delivery has been seen to", print_nothing},
                      &command);
  command->add_option("id", words->values["id"], "of the delivery")->required();
  add_person(*command, *words, "who has seen to it");
}

void print_payments(std::ostream& out, const json& answer) {
  for (const auto& one : answer.at("payments")) {
    out << one.value("id", "") << "  " << one.value("kiosk", "") << "  " << one.value("cents", 0) << " cents  "
        << one.value("kassenzeichen", "") << "  since " << one.value("begun_at", "") << '\n';
  }
  if (answer.at("payments").empty()) out << "no payment is open\n";
}

void print_lines(std::ostream& out, const json& answer) {
  if (answer.contains("outcome")) out << answer.value("outcome", "") << ' ' << answer.value("text", "") << '\n';
  for (const auto& line : answer.at("lines")) out << line.get<std::string>() << '\n';
}

void add_tills(CLI::App& parser, Chosen& chosen) {
  CLI::App* command = nullptr;
  add_command(parser, chosen,
              {"payments", "payments", "payments at kiosks of which nobody knows what became", print_payments}, &command);
  auto words = add_command(parser, chosen,
                           {"settle-payment", "settle_payment",
                            "say what the terminal's journal says of such a payment", print_nothing},
                           &command);
  command->add_option("id", words->values["id"], "of the payment")->required();
  command->add_option("--receipt", words->values["receipt"], "it was booked under this receipt number; else it was not");
  add_person(*command, *words, "who has compared with the journal");
  words = add_command(parser, chosen, {"end-day", "end_day", "close the day of a kiosk's card terminal", print_lines},
                      &command);
  command->add_option("kiosk", words->values["kiosk"], "its id")->required();
  add_person(*command, *words, "who closes it");
  words = add_command(parser, chosen,
                      {"reverse-payment", "reverse_payment", "take a booking of a kiosk's terminal back", print_lines},
                      &command);
  command->add_option("kiosk", words->values["kiosk"], "its id")->required();
  command->add_option("--receipt", words->values["receipt"], "number of the terminal's receipt")->required();
  add_person(*command, *words, "who decides");
}

/// Tells how far it is, once a second.
Progress progress_on(std::ostream& out) {
  auto told = std::make_shared<std::chrono::steady_clock::time_point>(std::chrono::steady_clock::now());
  return [told, &out](std::int64_t done, std::int64_t of) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *told < std::chrono::seconds(1)) return;
    *told = now;
    out << "  " << done << " of " << of << " files\n";
  };
}

int told_backup(const BackupReport& report, const std::filesystem::path& target) {
  std::cout << "backup of " << report.at << " in " << target.string() << ": " << report.contents
            << " contents, " << report.sides << " sides; " << report.copied << " new, " << report.removed
            << " removed\n";
  for (const auto& damaged : report.damaged)
    std::cout << "  ! damaged, not in the backup: " << damaged << '\n';
  return report.damaged.empty() ? kDone : kFound;
}

Result<BackupReport> back_up_running(const Folders& folders, const json& snapshot,
                                     const std::filesystem::path& target) {
  MAILROOM_TRY(auto report, write_backup(folders,
                                         {snapshot.at("snapshot").get<std::string>(), snapshot.at("site"),
                                          snapshot.at("at")},
                                         target, progress_on(std::cerr)));
  if (!report.damaged.empty()) return report;
  MAILROOM_TRY_VOID(ask(folders, "backup_finished",
                        {{"at", report.at}, {"contents", report.contents}, {"sides", report.sides}}));
  return report;
}

Result<BackupReport> back_up_stopped(const Folders& folders, const std::filesystem::path& target) {
  MAILROOM_TRY(auto base, lay_foundation(folders));
  const SystemClock clock;
  const std::string at = to_rfc3339(clock.now());
  MAILROOM_TRY_VOID(copy_catalogue(base.catalogue, folders));
  MAILROOM_TRY(auto report, write_backup(folders, {snapshot_in(folders), base.configuration.site, at}, target,
                                         progress_on(std::cerr)));
  if (report.damaged.empty())
    MAILROOM_TRY_VOID(note_backup(base.catalogue, at, report.contents, report.sides, "mailroomctl", clock));
  return report;
}

int back_up(const Folders& folders, const std::filesystem::path& target) {
  // Held to the end: nothing that the snapshot names may go meanwhile.
  const auto calm = archive::BackupLock::take(folders.data);
  if (!calm) return complain(calm.error());
  const auto snapshot = ask(folders, "backup_snapshot");
  const bool stopped = !snapshot && snapshot.error().code == Errc::unreachable;
  if (!snapshot && !stopped) return complain(snapshot.error());
  const auto report =
      stopped ? back_up_stopped(folders, target) : back_up_running(folders, *snapshot, target);
  return report ? told_backup(*report, target) : complain(report.error());
}

int restore(const Folders& folders, const std::filesystem::path& source) {
  const auto report = restore_backup(folders, source, SystemClock(), progress_on(std::cerr));
  if (!report) return complain(report.error());
  std::cout << "restored from the backup of " << report->at << ": " << report->contents << " contents, "
            << report->sides << " sides; generation " << report->restoration.generation << '\n'
            << "  " << report->restoration.owed << " deliveries are sent again, "
            << report->restoration.doubtful << " questions wait for a person\n";
  if (!report->configuration) std::cout << "  the configuration that is here was kept\n";
  for (const auto& missing : report->missing) std::cout << "  ! not in the backup: " << missing << '\n';
  std::cout
      << "now: mailroomctl verify, start mailroomd, then: mailroomctl clarifications and mailroomctl lost\n";
  return report->missing.empty() ? kDone : kFound;
}

void add_backup(CLI::App& parser, Chosen& chosen) {
  auto folder = std::make_shared<std::filesystem::path>();
  auto* backup =
      parser.add_subcommand("backup", "make or bring up to date a backup, also while the daemon works");
  backup->add_option("folder", *folder, "an empty folder or the last backup")->required();
  backup->callback(
      [&chosen, folder] { chosen.run = [&chosen, folder] { return back_up(chosen.folders, *folder); }; });
  auto* back = parser.add_subcommand("restore", "fill an empty data folder from a backup");
  back->add_option("folder", *folder, "the backup")->required();
  back->callback(
      [&chosen, folder] { chosen.run = [&chosen, folder] { return restore(chosen.folders, *folder); }; });
}

}  // namespace

void add_care_commands(CLI::App& parser, Chosen& chosen) {
  add_erase(parser, chosen);
  add_paper(parser, chosen);
  add_deliveries(parser, chosen);
  add_tills(parser, chosen);
  add_backup(parser, chosen);
}

}  // namespace mailroom::app::ctl
