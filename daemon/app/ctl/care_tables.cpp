#include "daemon/app/ctl/care_tables.h"

#include <fmt/format.h>

#include <string>

namespace mailroom::app::ctl {
namespace {

using nlohmann::json;

std::string word(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// The recipients that had got an erased document: somebody has to ask them.
std::string holders(const json& tombstone) {
  std::string text;
  for (const json& delivery : tombstone.value("deliveries", json::array())) {
    if (word(delivery, "state") != "stored") continue;
    text += fmt::format("{}{} has it as {}", text.empty() ? "" : ", ", word(delivery, "recipient"),
                        word(delivery, "record"));
  }
  return text;
}

}  // namespace

void print_erasure(std::ostream& out, const json& erasure) {
  out << fmt::format("{}  {:<10} {:<9} {}  asked for by {}", word(erasure, "id"), word(erasure, "state"),
                     word(erasure, "scope"), word(erasure, "reason"), word(erasure, "requested_by"));
  if (!word(erasure, "decided_by").empty()) out << ", decided by " << word(erasure, "decided_by");
  out << '\n';
  if (const auto told = holders(erasure.value("tombstone", json::object())); !told.empty())
    out << "    ! " << told << ": ask them to remove it\n";
}

void print_erasures(std::ostream& out, const json& answer) {
  for (const json& erasure : answer.value("erasures", json::array())) print_erasure(out, erasure);
  if (answer.value("erasures", json::array()).empty()) out << "nothing was erased or is to be\n";
}

void print_deliveries(std::ostream& out, const json& answer) {
  for (const json& row : answer.value("deliveries", json::array())) {
    out << fmt::format("{}  {:<14} {:<10} {:<9} {:>4} attempts, last {}\n", word(row, "id"),
                       word(row, "document"), word(row, "recipient"), word(row, "state"),
                       word(row, "attempts"), word(row, "last_attempt"));
  }
  if (answer.value("deliveries", json::array()).empty()) out << "there is no such delivery\n";
}

void print_dead_letters(std::ostream& out, const json& answer) {
  for (const json& row : answer.value("dead_letters", json::array())) {
    out << fmt::format("{}  {:<10} {:>7} bytes  {}\n    {}\n", word(row, "at"), word(row, "recipient"),
                       word(row, "size"), word(row, "reason"), word(row, "topic"));
  }
  if (answer.value("dead_letters", json::array()).empty()) out << "there is no dead letter\n";
}

void print_lost(std::ostream& out, const json& answer) {
  for (const json& row : answer.value("lost", json::array())) {
    out << fmt::format("{}  {:<10} holds it as {}{}\n", word(row, "id"), word(row, "recipient"),
                       word(row, "record"),
                       word(row, "settled_by").empty() ? "" : ", settled by " + word(row, "settled_by"));
  }
  if (answer.value("lost", json::array()).empty())
    out << "no recipient holds anything that is not known here\n";
}

}  // namespace mailroom::app::ctl
