#include "daemon/app/ctl/tables.h"

#include <fmt/format.h>

#include <string>

namespace mailroom::app::ctl {
namespace {

using nlohmann::json;

/// The member as a person reads it: text without quotes, nothing for null.
std::string word(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void print_held(std::ostream& out, const json& held) {
  for (const json& item : held) {
    out << fmt::format("  ? {}  {} ({})\n      {}\n", word(item, "clarification"), word(item, "reason"),
                       word(item, "scope"), word(item, "text"));
    std::string choices;
    for (const json& choice : item.value("resolutions", json::array())) {
      choices +=
          (choices.empty() ? "" : " | ") + (choice.is_string() ? choice.get<std::string>() : choice.dump());
    }
    if (!choices.empty()) out << "      resolve with: " << choices << '\n';
  }
}

std::string deliveries_of(const json& document) {
  std::string text;
  for (const json& delivery : document.value("deliveries", json::array())) {
    text +=
        fmt::format("{}{}:{}", text.empty() ? "" : " ", word(delivery, "recipient"), word(delivery, "state"));
  }
  return text;
}

}  // namespace

void print_status(std::ostream& out, const json& status) {
  for (const auto& [name, value] : status.items()) {
    out << fmt::format("{:<20} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void print_scanners(std::ostream& out, const json& answer) {
  for (const json& scanner : answer.value("scanners", json::array())) {
    out << fmt::format("{}  {} {} ({})\n", word(scanner, "name"), word(scanner, "vendor"),
                       word(scanner, "model"), word(scanner, "type"));
  }
  if (answer.value("scanners", json::array()).empty()) {
    out << "no scanner answers: is it switched on, and is its SANE backend in dll.conf?\n";
  }
}

void print_batches(std::ostream& out, const json& answer) {
  for (const json& batch : answer.value("batches", json::array())) {
    out << fmt::format("{:<10} {:<12} {:>5} sheets  {:<12} {:<10} {}\n", word(batch, "number"),
                       word(batch, "state"), word(batch, "sheets"), word(batch, "profile"),
                       word(batch, "operator"), word(batch, "opened_at"));
  }
}

void print_clarifications(std::ostream& out, const json& answer) {
  print_held(out, answer.value("clarifications", json::array()));
  if (answer.value("clarifications", json::array()).empty()) out << "nothing waits for a person\n";
}

void print_details(std::ostream& out, const json& details) {
  out << details.dump(2) << '\n';
}

void print_creditors(std::ostream& out, const json& answer) {
  for (const auto& creditor : answer.at("creditors")) {
    out << word(creditor, "id") << '\t' << word(creditor, "name") << '\t' << word(creditor, "city") << '\t'
        << word(creditor, "vat_id");
    for (const auto& iban : creditor.at("ibans")) out << '\t' << iban.get<std::string>();
    out << '\n';
  }
}

void print_batch_state(std::ostream& out, const json& batch) {
  out << fmt::format("batch {} is {}\n", word(batch, "number"), word(batch, "state"));
}

void print_verification(std::ostream& out, const json& answer) {
  out << fmt::format("{} audit entries, {} documents, {} contents, {} captured sides\n",
                     word(answer, "audit_entries"), word(answer, "documents"), word(answer, "contents"),
                     word(answer, "pages"));
  for (const json& finding : answer.at("findings")) {
    out << fmt::format("  ! {} {}: {}\n", word(finding, "what"), word(finding, "where"),
                       word(finding, "text"));
  }
  out << (answer.at("findings").empty() ? "all of it is proven\n" : "");
}

void print_summary(std::ostream& out, const json& summary) {
  const json& batch = summary.at("batch");
  out << fmt::format("batch {}: {}, {} sheets\n", word(batch, "number"), word(batch, "state"),
                     word(batch.at("sheets"), "fed"));
  for (const json& document : summary.at("documents")) {
    out << fmt::format("  {:<14} {:<12} {:<16} {:>3} pages  {:<9} {:<10} {}\n", word(document, "number"),
                       word(document, "class"), word(document, "department"), word(document, "pages"),
                       word(document, "priority"), word(document, "state"), deliveries_of(document));
  }
  print_held(out, summary.at("held"));
}

void print_progress(std::ostream& out, const json& event) {
  out << fmt::format("  {} sheets in, {} of {} pages read, {} of {} deliveries receipted\n",
                     word(event, "sheets"), word(event, "read"), word(event, "pages"),
                     word(event, "receipted"), word(event, "deliveries"));
}

}  // namespace mailroom::app::ctl
