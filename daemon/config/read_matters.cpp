#include "daemon/config/read_matters.h"

#include <algorithm>
#include <regex>

#include "daemon/config/toml_reader.h"

namespace mailroom::config {
namespace {

/// Things of a list are tables named by their id; `order` says which comes first.
template <typename T, typename Read>
std::vector<T> in_order(TomlTable& table, std::string_view key, Read read) {
  std::vector<std::pair<int, T>> found;
  table.table(key, [&](TomlTable& list) {
    list.each_table([&](const std::string& id, TomlTable& item) {
      const int order = item.integer("order", 0, 1000, 0);
      found.emplace_back(order, read(id, item));
    });
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<T> things;
  for (auto& [order, thing] : found) things.push_back(std::move(thing));
  return things;
}

void check_pattern(TomlTable& table, const std::string& pattern) {
  try {
    const std::regex compiled(pattern);
  } catch (const std::regex_error&) {
    table.reject("pattern", "is no regular expression", "ECMAScript's are allowed");
  }
}

MatterDetail read_detail(const std::string& id, TomlTable& table) {
  MatterDetail detail;
  detail.id = id;
  detail.title = table.words("title");
  detail.hint = table.words("hint");
  detail.example = table.text("example", "");
  detail.pattern = table.text("pattern", "");
  check_pattern(table, detail.pattern);
  detail.needed = table.flag("needed", true);
  detail.digits = table.flag("digits", false);
  return detail;
}

MatterProof read_proof(const std::string& id, TomlTable& table) {
  MatterProof proof;
  proof.id = id;
  proof.title = table.words("title");
  proof.hint = table.words("hint");
  proof.needed = table.flag("needed", true);
  proof.sides = table.integer("sides", 1, 200, proof.sides);
  proof.valid_months = table.integer("valid_months", 0, 120, proof.valid_months);
  return proof;
}

std::string files_profile(TomlTable& table, const Configuration& configuration) {
  auto profile = table.text("profile");
  const auto known = configuration.profiles.find(profile);
  if (known == configuration.profiles.end() || known->second.source != kFilesSource)
    table.reject("profile", "is \"" + profile + "\"", "a profile of profiles.toml with the source \"files\"");
  return profile;
}

void read_fee(TomlTable& table, Matter& matter) {
  matter.fee_cents = table.integer("fee_cents", 0, 100'000'00, 0);
  if (matter.fee_cents == 0) return;
  matter.ways_to_pay = table.texts("ways_to_pay", {"card", "later"});
  for (const auto& way : matter.ways_to_pay) {
    if (way != "card" && way != "later")
      table.reject("ways_to_pay", "has \"" + way + "\"", "allowed are: card, later");
  }
  matter.account = table.matching("account", "[0-9]{4,8}", "the 4 to 8 digits its Kassenzeichen begin with");
}

}  // namespace

Matter read_matter(const std::string& id, TomlTable& table, const Configuration& configuration) {
  Matter matter;
  matter.id = id;
  matter.title = table.words("title");
  matter.text = table.words("text");
  matter.profile = files_profile(table, configuration);
  matter.reads = in_order<MatterDatum>(table, "reads", [](const std::string& group, TomlTable& datum) {
    return MatterDatum{group, datum.words("why")};
  });
  matter.min_age = table.integer("min_age", 0, 120, 0);
  matter.community = table.text("community", "");
  matter.details = in_order<MatterDetail>(table, "details", read_detail);
  matter.proofs = in_order<MatterProof>(table, "proofs", read_proof);
  read_fee(table, matter);
  return matter;
}

}  // namespace mailroom::config
