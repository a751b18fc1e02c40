#include "daemon/config/toml_reader.h"

#include <toml++/toml.h>
#include <algorithm>
#include <regex>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"

namespace mailroom::config {
namespace {

constexpr std::size_t kLargestFile = 1U << 20U;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Place place_of(const std::string& file, const toml::source_region& source) {
  auto place = Place::in_file(file);
  if (source.begin.line > 0) place.line = source.begin.line;
  return place;
}

std::string as_shown(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string TomlTable::full_name(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const toml::node* TomlTable::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

void TomlTable::reject(const toml::node* node, std::string_view key, const std::string& what,
                       const std::string& allowed) {
  if (problem_) return;
  const auto& source = node != nullptr ? node->source() : table_.source();
  problem_ = Error{Errc::invalid_input, "the key `" + full_name(key) + "` " + what, place_of(file_, source),
                   allowed};
}

void TomlTable::reject(std::string_view key, const std::string& what, const std::string& allowed) {
  reject(table_.get(key), key, what, allowed);
}

std::string TomlTable::text(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) {
    reject(node, key, "is missing", "give it as text in quotes");
    return {};
  }
  const auto value = node->value_exact<std::string>();
  if (!value || value->empty()) reject(node, key, "is not a text", "give it as text in quotes, not empty");
  return value.value_or("");
}

std::string TomlTable::text(std::string_view key, std::string_view otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return std::string(otherwise);
  const auto value = node->value_exact<std::string>();
  if (!value) reject(node, key, "is not a text", "give it as text in quotes");
  return value.value_or(std::string(otherwise));
}

std::string TomlTable::choice(std::string_view key, const std::vector<std::string>& allowed,
                              std::string_view otherwise) {
  const auto value = text(key, otherwise);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  reject(key, "is \"" + value + "\"", "allowed are: " + joined(allowed));
  return std::string(otherwise);
}

std::string TomlTable::matching(std::string_view key, std::string_view pattern, std::string_view meaning) {
  auto value = text(key);
  if (!std::regex_match(value, std::regex(pattern.begin(), pattern.end())))
    reject(key, "is \"" + value + "\"", "allowed is: " + std::string(meaning));
  return value;
}

int TomlTable::integer(std::string_view key, int low, int high, int otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= low && *value <= high) return static_cast<int>(*value);
  reject(node, key, value ? "is " + std::to_string(*value) : "is not a whole number",
         "allowed is a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return otherwise;
}

double TomlTable::number(std::string_view key, double low, double high, double otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value<double>();
  if (value && *value >= low && *value <= high) return *value;
  reject(node, key, value ? "is " + as_shown(*value) : "is not a number",
         "allowed is a number from " + as_shown(low) + " to " + as_shown(high));
  return otherwise;
}

bool TomlTable::flag(std::string_view key, bool otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<bool>();
  if (!value) reject(node, key, "is neither true nor false", "allowed are: true, false");
  return value.value_or(otherwise);
}

std::vector<std::string> TomlTable::texts(std::string_view key, const std::vector<std::string>& otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  std::vector<std::string> values;
  const auto* list = node->as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto value = list->get(i)->value_exact<std::string>();
    if (value && !value->empty()) values.push_back(*value);
  }
  if (list == nullptr || values.empty() || values.size() != list->size())
    reject(node, key, "is not a list of texts", "give it as [\"one\", \"two\"], not empty");
  return values;
}

std::map<std::string, std::string> TomlTable::words(std::string_view key) {
  std::map<std::string, std::string> words;
  table(key, [&](TomlTable& languages) {
    for (const auto& [name, node] : languages.table_)
      words[std::string(name.str())] = languages.text(name.str());
    for (const char* needed : {"de", "en"}) {
      if (!words.contains(needed)) languages.reject(needed, "is missing", "give the words in this language");
    }
  });
  return words;
}

void TomlTable::table(std::string_view key, const std::function<void(TomlTable&)>& read) {
  static const toml::table kEmpty;
  const auto* node = find(key);
  if (node != nullptr && node->as_table() == nullptr) {
    reject(node, key, "is not a table", "write it as [" + full_name(key) + "]");
    return;
  }
  TomlTable below(node != nullptr ? *node->as_table() : kEmpty, full_name(key), file_, problem_);
  read(below);
  below.finish();
}

void TomlTable::each_table(const std::function<void(const std::string&, TomlTable&)>& read) {
  static const std::regex kId("[a-z][a-z0-9_-]{0,31}");
  for (const auto& [name, node] : table_) {
    const std::string id(name.str());
    known_.push_back(id);
    if (!std::regex_match(id, kId)) {
      reject(&node, id, "is no name", "names have 1 to 32 of a-z 0-9 - _ and begin with a letter");
    } else if (node.as_table() == nullptr) {
      reject(&node, id, "is not a table", "write it as [" + full_name(id) + "]");
    } else {
      TomlTable below(*node.as_table(), full_name(id), file_, problem_);
      read(id, below);
      below.finish();
    }
  }
}

void TomlTable::finish() {
  for (const auto& [name, node] : table_) {
    if (std::find(known_.begin(), known_.end(), name.str()) == known_.end())
      reject(&node, name.str(), "is unknown", "known here are: " + joined(known_));
  }
}

Result<void> read_toml_file(const std::filesystem::path& file, const std::function<void(TomlTable&)>& read) {
  auto bytes = read_file(file, kLargestFile);
  if (!bytes) return fail(std::move(bytes).error());
  const std::string name = file.string();
  std::optional<Error> problem;
  try {
    const auto root = toml::parse(as_text(*bytes), name);
    TomlTable table(root, "", name, problem);
    read(table);
    table.finish();
  } catch (const toml::parse_error& error) {
    return fail(Errc::invalid_input, "this is no TOML: " + std::string(error.description()),
                place_of(name, error.source()), "correct the line; https://toml.io has the rules");
  }
  if (problem) return fail(*std::move(problem));
  return {};
}

}  // namespace mailroom::config
