#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace toml {
inline namespace v3 {
class table;
class node;
}  // namespace v3
}  // namespace toml

namespace mailroom::config {

/// One table of a TOML file, read key by key. The first thing that is wrong is kept as the problem of
/// the whole file; reading goes on with defaults, so that callers check once, with TomlFile::problem().
/// Lives no longer than its file. Thread-bound.
class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string path, const std::string& file,
            std::optional<Error>& problem)
      : table_(table), path_(std::move(path)), file_(file), problem_(problem) {}

  std::string text(std::string_view key);  ///< must be there and not empty
  std::string text(std::string_view key, std::string_view otherwise);
  /// One of `allowed`; `otherwise` when missing or wrong.
  std::string choice(std::string_view key, const std::vector<std::string>& allowed,
                     std::string_view otherwise);
  std::string matching(std::string_view key, std::string_view pattern, std::string_view meaning);
  int integer(std::string_view key, int low, int high, int otherwise);
  double number(std::string_view key, double low, double high, double otherwise);
  bool flag(std::string_view key, bool otherwise);
  std::vector<std::string> texts(std::string_view key, const std::vector<std::string>& otherwise);
  /// The same words by language: a table of texts that has at least `de` and `en`.
  std::map<std::string, std::string> words(std::string_view key);

  /// A table below this one; an empty one when it is missing.
  void table(std::string_view key, const std::function<void(TomlTable&)>& read);
  /// Every key is a name a person chose and its value a table; names are lower case a-z 0-9 - _.
  void each_table(const std::function<void(const std::string& id, TomlTable&)>& read);

  /// Reports a key that is none of those asked for. Call it last.
  void finish();

  /// Keeps what is wrong with the value of `key`.
  void reject(std::string_view key, const std::string& what, const std::string& allowed);

 private:
  const toml::node* find(std::string_view key);
  void reject(const toml::node* node, std::string_view key, const std::string& what,
              const std::string& allowed);
  [[nodiscard]] std::string full_name(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  const std::string& file_;
  std::optional<Error>& problem_;
  std::vector<std::string> known_;
};

/// Reads one file: `read` sees the root table. The error names file and line.
Result<void> read_toml_file(const std::filesystem::path& file, const std::function<void(TomlTable&)>& read);

}  // namespace mailroom::config
