#include "daemon/app/ctl/invoice_commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "daemon/app/control_server.h"
#include "daemon/base/durable_file.h"

namespace mailroom::app::ctl {
namespace {

using nlohmann::json;
using Print = void (*)(const json&);

constexpr std::size_t kReceiveAtMost = 700U * 1024;  // a line of the control socket holds 1 MiB

int tell(const Folders& folders, const std::string& command, const json& arguments, bool as_json, Print print) {
  const auto answer = send_command(folders.control_socket(), command, arguments, [](const json&) {});
  if (!answer) {
    std::cerr << "mailroomctl: " << answer.error().message() << '\n';
    return kFailed;
  }
  if (as_json) {
    std::cout << answer->dump(2) << '\n';
  } else {
    print(*answer);
  }
  return kDone;
}

std::string text(const json& object, const char* name) {
  return object.value(name, std::string());
}

void print_folders(const json& answer) {
  for (const auto& folder : answer["folders"]) {
    std::cout << fmt::format("{}  {}  {} waiting, {} refused\n", text(folder, "id"), text(folder, "path"),
               folder["waiting"].size(), folder["refused"].size());
    if (!text(folder, "fault").empty()) std::cout << fmt::format("  fault: {}\n", text(folder, "fault"));
    for (const auto& file : folder["refused"])
      std::cout << fmt::format("  refused {}: {}\n", text(file, "name"), text(file, "reason"));
  }
}

void print_batch(const json& batch) {
  std::cout << fmt::format("batch {}\n", text(batch, "number"));
}

void print_invoices(const json& answer) {
  for (const auto& invoice : answer["invoices"]) {
    std::cout << fmt::format("{:<14} {:<20} {:>12}  {:<12} {}\n", text(invoice, "document"), text(invoice, "invoice_number"),
               text(invoice, "gross"), text(invoice, "state"), text(invoice, "state_text"));
    for (const auto& step : invoice.value("timeline", json::array()))
      std::cout << fmt::format("  {}  {:<10} {:<16} {}\n", text(step, "at"), text(step, "who"), text(step, "step"),
                 text(step, "text"));
  }
}

void print_deadlines(const json& answer) {
  for (const auto& deadline : answer["deadlines"]) {
    std::cout << fmt::format("{}  {:<7} {:<7} {:<14} {:<20} {:>12}\n", text(deadline, "pay_by"), text(deadline, "kind"),
               text(deadline, "urgency"), text(deadline, "document"), text(deadline, "invoice_number"),
               text(deadline, "payable"));
  }
}

void add(CLI::App& parser, Chosen& chosen, const char* name, const char* words, Print print) {
  auto* command = parser.add_subcommand(name, words);
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "print the answer as JSON");
  command->callback([&chosen, name, as_json, print] {
    chosen.run = [&chosen, name, as_json, print] {
      return tell(chosen.folders, name, json::object(), *as_json, print);
    };
  });
}

void add_invoices(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("invoices", "where invoices are: the latest, or one with its timeline");
  auto as_json = std::make_shared<bool>(false);
  auto wanted = std::make_shared<std::string>();
  command->add_option("number", *wanted, "of the document or of the invoice");
  command->add_flag("--json", *as_json, "print the answer as JSON");
  command->callback([&chosen, as_json, wanted] {
    chosen.run = [&chosen, as_json, wanted] {
      const json arguments = wanted->empty() ? json::object() : json{{"find", *wanted}};
      return tell(chosen.folders, "invoices", arguments, *as_json, print_invoices);
    };
  });
}

struct Receiving {
  std::filesystem::path file;
  std::string profile;
  std::string person;
};

int receive(const Chosen& chosen, const Receiving& words) {
  const auto bytes = read_file(words.file, kReceiveAtMost);
  if (!bytes) {
    std::cerr << "mailroomctl: " << bytes.error().message() << '\n';
    return kFailed;
  }
  return tell(chosen.folders, "receive",
              {{"profile", words.profile},
               {"name", words.file.filename().string()},
               {"bytes", to_base64(*bytes)},
               {"operator", words.person}},
              false, print_batch);
}

void add_receive(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("receive", "take in a file that was never paper");
  auto words = std::make_shared<Receiving>();
  command->add_option("file", words->file, "XML, PDF or e-mail")->required();
  command->add_option("--profile", words->profile, "with the source files")->required();
  command->add_option("--operator", words->person, "the person who gives it")->required();
  command->callback([&chosen, words] { chosen.run = [&chosen, words] { return receive(chosen, *words); }; });
}

}  // namespace

void add_invoice_commands(CLI::App& parser, Chosen& chosen) {
  add(parser, chosen, "folders", "the folders for files, and what was refused", print_folders);
  add(parser, chosen, "deadlines", "what is to be paid until when", print_deadlines);
  add_invoices(parser, chosen);
  add_receive(parser, chosen);
}

}  // namespace mailroom::app::ctl
