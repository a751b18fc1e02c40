#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/app/control_server.h"
#include "daemon/app/ctl/commands.h"
#include "daemon/app/ctl/tables.h"
#include "daemon/base/durable_file.h"

namespace mailroom::app::ctl {
namespace {

using nlohmann::json;

int complain(const Error& error) {
  std::cerr << "mailroomctl: " << error.message() << '\n';
  return kFailed;
}

Result<json> ask(
    const Chosen& chosen, const std::string& command, const json& arguments,
    const std::function<void(const json&)>& on_event = [](const json&) {}) {
  return send_command(chosen.folders.control_socket(), command, arguments, on_event);
}

/// Runs `command` and prints its result with `print`.
int show_result(const Chosen& chosen, const std::string& command, const json& arguments, bool as_json,
                void (*print)(std::ostream&, const json&)) {
  const auto result = ask(chosen, command, arguments);
  if (!result) return complain(result.error());
  if (as_json) {
    std::cout << result->dump(2) << '\n';
  } else {
    print(std::cout, *result);
  }
  return kDone;
}

void add_listing(CLI::App& parser, Chosen& chosen, const std::string& name, const std::string& text,
                 void (*print)(std::ostream&, const json&)) {
  auto* command = parser.add_subcommand(name, text);
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "print the answer as JSON");
  command->callback([&chosen, name, as_json, print] {
    chosen.run = [=, &chosen] { return show_result(chosen, name, json::object(), *as_json, print); };
  });
}

struct ScanWords {
  std::string scanner;
  std::string profile = "post";
  std::string operator_id;
  std::string received;
  std::string channel;
  std::string batch;
  std::string summary;
  std::string record;
  int declared = -1;
  int from = 0;
  int wait = 0;

  [[nodiscard]] json arguments() const {
    json words = {{"scanner", scanner}, {"operator", operator_id}};
    if (batch.empty()) words["profile"] = profile;
    if (!batch.empty()) words["batch"] = batch;
    if (!received.empty()) words["received"] = received;
    if (!channel.empty()) words["channel"] = channel;
    if (declared >= 0) words["declared"] = declared;
    if (from > 0) words["from"] = from;
    if (!record.empty()) words["record"] = record;
    return words;
  }
};

int follow(const Chosen& chosen, const std::string& batch, int seconds, const std::string& summary_file) {
  auto told = std::chrono::steady_clock::time_point();
  const auto summary =
      ask(chosen, "follow", {{"batch", batch}, {"seconds", seconds}}, [&](const json& event) {
        const auto now = std::chrono::steady_clock::now();
        if (now - told < std::chrono::seconds(1)) return;
        told = now;
        print_progress(std::cerr, event);
      });
  if (!summary) return complain(summary.error());
  if (!summary_file.empty()) {
    std::ofstream file(summary_file);
    file << summary->dump(2) << '\n';
    if (!file.flush())
      return complain({Errc::io, "the summary cannot be written", Place::in_file(summary_file)});
  }
  print_summary(std::cout, *summary);
  return summary->value("exit", kFailed);
}

int scan(const Chosen& chosen, const ScanWords& words) {
  const auto begun = ask(chosen, "scan", words.arguments());
  if (!begun) return complain(begun.error());
  std::cout << "batch " << (*begun)["number"].get<std::string>() << '\n';
  if (words.wait == 0) return kDone;
  return follow(chosen, (*begun)["batch"], words.wait, words.summary);
}

void add_scan(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("scan", "feed the scanner's stack as a batch");
  auto words = std::make_shared<ScanWords>();
  command->add_option("--scanner", words->scanner, "name, see: scanners")->required();
  command->add_option("--profile", words->profile, "from profiles.toml")->capture_default_str();
  command->add_option("--operator", words->operator_id, "the person at the scanner")->required();
  command->add_option("--declared", words->declared, "number of sheets the person counted");
  command->add_option("--received", words->received, "day of receipt, ISO; else today");
  command->add_option("--channel", words->channel,
                      "letter, deadline_letterbox, hand_in, ...; else the profile's");
  command->add_option("--batch", words->batch, "go on with this interrupted batch");
  command->add_option("--from", words->from,
                      "with --batch: the sheet that lies on top, when sheets that are safe go in again");
  command->add_option("--record", words->record,
                      "record what the driver says: digests, or pictures (people's letters) too");
  command->add_option("--wait", words->wait,
                      "wait up to so many seconds until all is receipted or something is held");
  command->add_option("--summary", words->summary, "write the summary there (with --wait)");
  command->callback([&chosen, words] { chosen.run = [&chosen, words] { return scan(chosen, *words); }; });
}

void add_follow(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("follow", "wait until a batch is receipted or held");
  struct Words {
    std::string batch;
    std::string summary;
    int seconds = 600;
  };
  auto words = std::make_shared<Words>();
  command->add_option("batch", words->batch, "id or number")->required();
  command->add_option("--seconds", words->seconds, "at most so long")->capture_default_str();
  command->add_option("--summary", words->summary, "write the summary there");
  command->callback([&chosen, words] {
    chosen.run = [&chosen, words] { return follow(chosen, words->batch, words->seconds, words->summary); };
  });
}

void add_show(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("show", "all about a batch, document or clarification");
  auto id = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  command->add_option("id", *id, "id or number")->required();
  command->add_flag("--json", *as_json, "print the answer as JSON");
  command->callback([&chosen, id, as_json] {
    chosen.run = [&chosen, id, as_json] {
      return show_result(chosen, "show", {{"id", *id}}, *as_json, print_details);
    };
  });
}

Result<json> key_value_pairs(const std::vector<std::string>& pairs) {
  json arguments = json::object();
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) {
      return fail(Errc::invalid_input, "'" + pair + "' is not NAME=VALUE", {}, "see: mailroomctl show ID");
    }
    const std::string name = pair.substr(0, equals);
    const std::string value = pair.substr(equals + 1);
    const bool is_number =
        !value.empty() && value.size() < 7 && value.find_first_not_of("0123456789") == value.npos;
    // The only argument that is a number, see docs/formats/clarifications.md.
    arguments[name] = name == "sheets" && is_number ? json(std::stoi(value)) : json(value);
  }
  return arguments;
}

void add_clarify(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("clarify", "answer a clarification");
  struct Words {
    std::string id;
    std::string resolution;
    std::vector<std::string> arguments;
    std::string operator_id;
    int version = 0;
  };
  auto words = std::make_shared<Words>();
  command->add_option("id", words->id, "id of the clarification")->required();
  command->add_option("--resolve", words->resolution, "one of its permitted resolutions")->required();
  command->add_option("arguments", words->arguments, "what the resolution needs, as NAME=VALUE");
  command->add_option("--operator", words->operator_id, "who answers")->required();
  command->add_option("--version", words->version, "refuse when somebody was faster");
  command->callback([&chosen, words] {
    chosen.run = [&chosen, words] {
      const auto arguments = key_value_pairs(words->arguments);
      if (!arguments) return complain(arguments.error());
      json request = {{"id", words->id},
                      {"resolution", words->resolution},
                      {"arguments", *arguments},
                      {"operator", words->operator_id}};
      if (words->version > 0) request["version"] = words->version;
      return show_result(chosen, "clarify", request, false, print_batch_state);
    };
  });
}

void add_discard(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("discard", "give a batch up; its pages stay, nothing is delivered");
  struct Words {
    std::string batch;
    std::string operator_id;
    std::string reason;
  };
  auto words = std::make_shared<Words>();
  command->add_option("batch", words->batch, "id or number")->required();
  command->add_option("--operator", words->operator_id, "who decides")->required();
  command->add_option("--reason", words->reason, "why")->required();
  command->callback([&chosen, words] {
    chosen.run = [&chosen, words] {
      return show_result(
          chosen, "discard",
          {{"batch", words->batch}, {"operator", words->operator_id}, {"reason", words->reason}}, false,
          print_batch_state);
    };
  });
}

int import_creditors(const Chosen& chosen, const std::string& file, const std::string& person) {
  const auto bytes = read_file(file, std::size_t{64} << 20U);
  if (!bytes) return complain(bytes.error());
  return show_result(chosen, "import-creditors",
                     {{"csv", std::string(as_text(*bytes))}, {"operator", person}}, false,
                     [](std::ostream& out, const json& answer) {
                       out << answer.at("creditors").get<std::size_t>() << " creditors imported\n";
                     });
}

void add_creditors(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("creditors", "list the creditors, or import them from a CSV file");
  struct Words {
    std::string file;
    std::string operator_id;
  };
  auto words = std::make_shared<Words>();
  auto as_json = std::make_shared<bool>(false);
  auto* file = command->add_option("--import", words->file, "CSV file, see docs/formats/creditors.md");
  command->add_option("--operator", words->operator_id, "who imports")->needs(file);
  command->add_flag("--json", *as_json, "print the answer as JSON");
  command->callback([&chosen, words, as_json] {
    chosen.run = [=, &chosen] {
      if (!words->file.empty()) return import_creditors(chosen, words->file, words->operator_id);
      return show_result(chosen, "creditors", json::object(), *as_json, print_creditors);
    };
  });
}

void add_stop(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("stop", "end a feed after the sheet that is moving");
  auto scanner = std::make_shared<std::string>();
  command->add_option("scanner", *scanner, "name, see: scanners")->required();
  command->callback([&chosen, scanner] {
    chosen.run = [&chosen, scanner] {
      return show_result(chosen, "stop", {{"scanner", *scanner}}, false, [](std::ostream&, const json&) {});
    };
  });
}

struct UserWords {
  std::string user;
  std::string name;
  std::vector<std::string> roles;
  std::string document_class = "*";
  std::string department = "*";
  std::string station = "*";
  bool password_from_input = false;
};

int add_user(const Chosen& chosen, const UserWords& words) {
  json rights = json::array();
  for (const auto& role : words.roles) {
    rights.push_back({{"role", role},
                      {"class", words.document_class},
                      {"department", words.department},
                      {"station", words.station}});
  }
  json request = {{"user", words.user}, {"name", words.name}, {"rights", rights}};
  if (words.password_from_input) {
    std::string password;
    std::getline(std::cin, password);
    request["password"] = password;
  }
  return show_result(chosen, "user_add", request, false, [](std::ostream& out, const json& user) {
    out << "user " << user.value("user", "") << '\n';
    if (user.contains("password")) out << "first password " << user.value("password", "") << '\n';
  });
}

struct BadgeWords {
  std::string user;
  std::filesystem::path certificate;
};

int enrol_badge(const Chosen& chosen, const BadgeWords& words) {
  const auto pem = read_file(words.certificate, 64UL * 1024);
  if (!pem) return complain(pem.error());
  const json request = {{"user", words.user}, {"certificate", std::string(as_text(*pem))}};
  return show_result(chosen, "badge_add", request, false, [](std::ostream& out, const json& badge) {
    out << "badge of " << badge.value("user", "") << ", certificate " << badge.value("certificate", "")
        << '\n';
  });
}

void add_badge_commands(CLI::App& group, Chosen& chosen) {
  auto* add = group.add_subcommand("badge", "a staff badge that may log a person in");
  auto words = std::make_shared<BadgeWords>();
  add->add_option("user", words->user, "name for the login")->required();
  add->add_option("--certificate", words->certificate, "the badge's certificate for signing in, PEM")
      ->required();
  add->callback([&chosen, words] { chosen.run = [&chosen, words] { return enrol_badge(chosen, *words); }; });
  auto* withdraw = group.add_subcommand("withdraw-badge", "takes a badge out of use");
  auto fingerprint = std::make_shared<std::string>();
  withdraw->add_option("certificate", *fingerprint, "its fingerprint, SHA-256")->required();
  withdraw->callback([&chosen, fingerprint] {
    chosen.run = [&chosen, fingerprint] {
      return show_result(chosen, "badge_withdraw", {{"certificate", *fingerprint}}, false,
                         [](std::ostream& out, const json&) { out << "withdrawn\n"; });
    };
  });
}

void add_user_commands(CLI::App& parser, Chosen& chosen) {
  auto* group = parser.add_subcommand("user", "the people of the stations");
  group->require_subcommand(1);
  add_badge_commands(*group, chosen);
  auto* command = group->add_subcommand("add", "a person who may log in; prints the first password");
  auto words = std::make_shared<UserWords>();
  command->add_option("user", words->user, "name for the login, a-z 0-9 . _ -")->required();
  command->add_option("--name", words->name, "name that colleagues read")->required();
  command
      ->add_option("--role", words->roles,
                   "operator, quality_control, administrator, auditor; may be repeated")
      ->required();
  command->add_option("--class", words->document_class, "only for this class of documents");
  command->add_option("--department", words->department, "only for this department");
  command->add_option("--station", words->station, "only at this station");
  command->add_flag("--password-stdin", words->password_from_input,
                    "read the password from the input instead of making one");
  command->callback([&chosen, words] { chosen.run = [&chosen, words] { return add_user(chosen, *words); }; });
}

}  // namespace

void add_daemon_commands(CLI::App& parser, Chosen& chosen) {
  add_listing(parser, chosen, "status", "how the mailroom is", print_status);
  add_listing(parser, chosen, "scanners", "the scanners that can be reached", print_scanners);
  add_listing(parser, chosen, "batches", "the latest batches", print_batches);
  add_listing(parser, chosen, "clarifications", "what waits for a person", print_clarifications);
  add_scan(parser, chosen);
  add_stop(parser, chosen);
  add_follow(parser, chosen);
  add_show(parser, chosen);
  add_clarify(parser, chosen);
  add_creditors(parser, chosen);
  add_discard(parser, chosen);
  add_user_commands(parser, chosen);
}

}  // namespace mailroom::app::ctl
