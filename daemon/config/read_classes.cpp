#include <algorithm>

#include "daemon/config/read_files.h"
#include "daemon/config/toml_reader.h"

namespace mailroom::config {
namespace {

template <typename Item>
std::string ids_of(const std::map<std::string, Item>& items) {
  std::string text;
  for (const auto& [id, item] : items) text += (text.empty() ? "" : ", ") + id;
  return text;
}

/// The code on routing sheets, which no other entry of the file may have.
template <typename Item>
std::string read_code(TomlTable& table, const std::map<std::string, Item>& others, const char* pattern,
                      const char* meaning) {
  const auto code = table.matching("code", pattern, meaning);
  for (const auto& [id, other] : others) {
    if (other.code == code)
      table.reject("code", "is \"" + code + "\", which `" + id + "` has already",
                   "give each a code of its own");
  }
  return code;
}

void read_handling(TomlTable& table, DocumentClass& into) {
  into.confidentiality = *confidentiality_from(table.choice("confidentiality", {"normal", "high"}, "normal"));
  into.gate = *gate_from(table.choice("gate", {"none", "review", "quality_control"}, "none"));
  into.reading = *reading_from(
      table.choice("reading", {"none", "invoice", "outgoing_invoice", "order", "asset"}, "none"));
  into.originals =
      *originals_from(table.choice("originals", {"destroy", "keep", "forward", "return"}, "destroy"));
  into.retention_years = table.integer("retention_years", 0, 120, into.retention_years);
  into.working_copy_days = table.integer("working_copy_days", 0, 3650, into.working_copy_days);
  into.quality_percent = table.integer("quality_percent", 0, 100, into.quality_percent);
  into.quality_other_person = table.flag("quality_other_person", true);
}

}  // namespace

Result<void> read_classes(const std::filesystem::path& file, Configuration& into) {
  return read_toml_file(file, [&](TomlTable& root) {
    root.each_table([&](const std::string& id, TomlTable& table) {
      DocumentClass item{.id = id};
      item.code = read_code(table, into.classes, "[A-Z0-9]{3}", "three of A-Z 0-9");
      item.name_de = table.text("name_de");
      item.name_en = table.text("name_en");
      read_handling(table, item);
      item.recipients = table.texts("recipients", {});
      if (item.recipients.empty()) table.reject("recipients", "is missing", "name at least one recipient");
      for (const auto& recipient : item.recipients) {
        if (!into.recipients.contains(recipient))
          table.reject("recipients", "names \"" + recipient + "\"",
                       "mailroom.toml knows: " + ids_of(into.recipients));
      }
      into.classes.emplace(id, std::move(item));
    });
    if (into.classes.empty()) root.reject("letter", "is missing", "the file must name at least one class");
  });
}

Result<void> read_departments(const std::filesystem::path& file, Configuration& into) {
  return read_toml_file(file, [&](TomlTable& root) {
    root.each_table([&](const std::string& id, TomlTable& table) {
      Department item{.id = id};
      item.code = read_code(table, into.departments, "[A-Z0-9]{4}", "four of A-Z 0-9");
      item.name_de = table.text("name_de");
      item.name_en = table.text("name_en");
      into.departments.emplace(id, std::move(item));
    });
    if (into.departments.empty())
      root.reject("poststelle", "is missing", "the file must name at least one department");
  });
}

}  // namespace mailroom::config
