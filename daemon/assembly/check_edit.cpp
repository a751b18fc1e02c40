#include <algorithm>
#include <regex>

#include "daemon/assembly/edits.h"

namespace mailroom::assembly {
namespace {

using nlohmann::json;

/// An argument of a kind of edit; docs/formats/edits.md has the same table.
struct EditRule {
  std::string_view kind;
  std::vector<std::string_view> needed;
  std::vector<std::string_view> optional = {};
};

const std::vector<EditRule>& rules() {
  static const std::vector<EditRule> all = {
      {"split", {"page"}},
      {"merge", {"document"}},
      {"move", {"page"}, {"after", "before"}},
      {"rotate", {"pages", "degrees"}},
      {"set_aside", {"pages", "role"}},
      {"bring_back", {"pages"}},
      {"set_role", {"pages", "role"}},
      {"set_class", {"document", "class"}},
      {"set_department", {"document", "department"}},
      {"set_priority", {"document", "priority"}},
      {"set_received", {"document", "date", "channel"}},
      {"set_field", {"document", "name", "value"}, {"page", "box"}},
      {"confirm", {"document"}},
      {"begin_document", {"sheet"}},
      {"mark_next", {"sheet"}, {"class", "priority"}},
  };
  return all;
}

tl::unexpected<Error> wrong(std::string_view what, const std::string& allowed) {
  return fail(Errc::invalid_input, "the edit's `" + std::string(what) + "` is wrong or missing", {}, allowed);
}

bool is_one_of(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text(const json& value, std::size_t most) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= most;
}

bool is_box(const json& value) {
  return value.is_array() && value.size() == 4 &&
         std::all_of(value.begin(), value.end(), [](const json& number) {
           return number.is_number_integer() && number >= 0 && number <= 100'000;
         });
}

bool is_page_list(const json& value) {
  return value.is_array() && !value.empty() && value.size() <= 2000 &&
         std::all_of(value.begin(), value.end(), [](const json& id) { return is_text(id, 64); });
}

Result<void> check_role(const std::string& kind, const json& value) {
  static const std::vector<std::string_view> aside = {"copy", "blank", "separator", "envelope"};
  static const std::vector<std::string_view> inside = {"content", "attachment", "note"};
  const auto& allowed = kind == "set_aside" ? aside : inside;
  if (value.is_string() && is_one_of(allowed, value.get_ref<const std::string&>())) return {};
  return wrong("role", kind == "set_aside" ? "allowed are: copy, blank, separator, envelope"
                                           : "allowed are: content, attachment, note");
}

Result<void> check_argument(const std::string& kind, std::string_view name, const json& value,
                            const Configuration& configuration) {
  static const std::regex date("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");
  const auto text = value.is_string() ? value.get<std::string>() : std::string();
  if (name == "role") return check_role(kind, value);
  if (name == "pages") return is_page_list(value) ? Result<void>() : wrong(name, "give ids of pages");
  if (name == "degrees") {
    const bool right = value == 90 || value == 180 || value == 270;
    return right ? Result<void>() : wrong(name, "allowed are: 90, 180, 270");
  }
  if (name == "sheet") {
    const bool right = value.is_number_integer() && value >= 1 && value <= 1'000'000;
    return right ? Result<void>() : wrong(name, "give the number of a sheet");
  }
  if (name == "box") return is_box(value) ? Result<void>() : wrong(name, "give x, y, width, height");
  if (!is_text(value, 500)) return wrong(name, "give it as text of at most 500 bytes");
  if (name == "class" && !configuration.classes.contains(text)) return wrong(name, "give the id of a class");
  if (name == "department" && !configuration.departments.contains(text))
    return wrong(name, "give the id of a department");
  if (name == "priority" && !priority_from(text))
    return wrong(name, "allowed are: ordinary, urgent, deadline");
  if (name == "channel" && !channel_from(text)) return wrong(name, "give the name of a channel");
  if (name == "date" && !std::regex_match(text, date)) return wrong(name, "give it as 2026-11-23");
  if (name == "name" && (text.empty() || text.size() > 60 || text == "class" || text == "department"))
    return wrong(name, "give the name of a field; class and department have edits of their own");
  if (name != "value" && name != "page" && text.empty()) return wrong(name, "it must not be empty");
  return {};
}

}  // namespace

Result<void> check_edit(const Edit& edit, const Configuration& configuration) {
  const auto rule = std::find_if(rules().begin(), rules().end(),
                                 [&](const EditRule& known) { return known.kind == edit.kind; });
  if (rule == rules().end()) return wrong("kind", "see docs/formats/edits.md");
  if (!edit.arguments.is_object()) return wrong("kind", "the arguments are no object");
  for (const auto& [name, value] : edit.arguments.items()) {
    if (!is_one_of(rule->needed, name) && !is_one_of(rule->optional, name))
      return wrong(name, "this kind of edit does not know it");
    MAILROOM_TRY_VOID(check_argument(edit.kind, name, value, configuration));
  }
  for (const auto name : rule->needed) {
    if (!edit.arguments.contains(name)) return wrong(name, "this kind of edit needs it");
  }
  if (edit.kind == "move" && edit.arguments.contains("after") == edit.arguments.contains("before"))
    return wrong("after", "give `after` or `before`");
  return {};
}

}  // namespace mailroom::assembly
