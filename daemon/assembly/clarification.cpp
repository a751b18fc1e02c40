#include "daemon/assembly/clarification.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/assembly/wording.h"
#include "daemon/crypto/digest.h"
#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::assembly {
namespace {

using nlohmann::json;

std::string filled_in(std::string_view text, const std::map<std::string, std::string>& values,
                      std::string (*in_words)(std::string_view)) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = text.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += text.substr(0, open);
    const auto value = values.find(std::string(text.substr(open + 1, close - open - 1)));
    out += value != values.end() ? in_words(value->second) : "?";
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

std::string key_of(const Reason& reason, const std::vector<std::string>& subjects) {
  std::string joined;
  for (const auto& subject : subjects) joined += subject + "\n";
  return std::string(name_of(reason.scope)) + "/" + std::string(reason.name) + "/" +
         sha256_hex(as_bytes(joined)).substr(0, 16);
}

std::string known_arguments(const ResolutionKind& kind) {
  std::string text;
  for (const auto& rule : kind.arguments) text += (text.empty() ? "" : ", ") + std::string(rule.name);
  return text;
}

tl::unexpected<Error> wrong(std::string_view argument, const std::string& allowed) {
  return fail(Errc::invalid_input, "the argument `" + std::string(argument) + "` is wrong or missing", {},
              allowed);
}

Result<void> check_sheets(const Clarification& clarification, const json& value) {
  if (!value.is_number_integer() || value < 0 || value > 99999) return wrong("sheets", "give a whole number");
  const auto fed = clarification.values.find("fed");
  if (fed != clarification.values.end() && fed->second != std::to_string(value.get<long>()))
    return fail(Errc::refused, fed->second + " sheets were fed, the number counted differs", {},
                "discard the batch and feed it anew, or count again");
  return {};
}

Result<void> check_argument(const ArgumentRule& rule, const json& value, const Clarification& clarification,
                            const Configuration& configuration) {
  using Type = ArgumentRule::Type;
  if (rule.type == Type::sheets) return check_sheets(clarification, value);
  if (!value.is_string() || value.get_ref<const std::string&>().size() > 500)
    return wrong(rule.name, "give it as text of at most 500 bytes");
  const auto& text = value.get_ref<const std::string&>();
  const auto& pages = clarification.subjects;
  if (rule.type == Type::class_id && !configuration.classes.contains(text))
    return wrong(rule.name, "give the id of a class of classes.toml");
  if (rule.type == Type::department_id && !configuration.departments.contains(text))
    return wrong(rule.name, "give the id of a department of departments.toml");
  if (rule.type == Type::page_id && std::find(pages.begin(), pages.end(), text) == pages.end())
    return wrong(rule.name, "give the id of a page of this clarification");
  if (rule.type == Type::back && text != "blank" && text != "content")
    return wrong(rule.name, "allowed are: blank, content");
  if (rule.type == Type::invoice_field) return invoice::check_field(std::string(rule.name), text);
  if (rule.required && text.empty()) return wrong(rule.name, "it must not be empty");
  return {};
}

/// Amounts that a person gives together must add up.
Result<void> check_fields_together(const json& arguments) {
  if (arguments.empty() || (arguments.size() == 1 && arguments.contains("note")))
    return fail(Errc::invalid_input, "no field is given", {}, "give each checked field as NAME=VALUE");
  const auto cents = [&](const char* name) {
    return arguments.contains(name) ? invoice::cents_from(arguments.at(name).get<std::string>())
                                    : std::nullopt;
  };
  const auto net = cents("net_amount"), vat = cents("vat_amount"), gross = cents("gross_amount");
  if (net && vat && gross && *net + *vat != *gross)
    return fail(Errc::refused, "net and VAT do not add up to the gross amount", {},
                "compare them with the paper; an invoice whose sums are wrong goes back to its sender");
  return {};
}

/// What no single argument can tell.
Result<void> check_together(const Clarification& clarification, const Resolution& resolution) {
  const auto& arguments = resolution.arguments;
  if (resolution.kind == "set_routing" && !arguments.contains("class") && !arguments.contains("department"))
    return wrong("class", "give a class, a department or both");
  if (resolution.kind == "set_fields") return check_fields_together(arguments);
  if (clarification.reason == "separator_with_content_back" && resolution.kind == "treat_as_separator" &&
      !arguments.contains("back"))
    return wrong("back", "say what the other side is: blank, content");
  if (clarification.scope == Scope::document && resolution.kind == "split_here" &&
      (!arguments.contains("page") || arguments.at("page") == clarification.subjects.front()))
    return wrong("page", "give the page that the new document begins with, not the first one");
  return {};
}

}  // namespace

std::string_view name_of(Scope scope) {
  return scope == Scope::batch ? "batch" : scope == Scope::document ? "document" : "page";
}

Clarification make_clarification(std::string_view reason, std::vector<std::string> subjects,
                                 std::vector<Evidence> evidence, std::map<std::string, std::string> values) {
  const auto* entry = find_reason(reason);
  if (entry == nullptr) throw std::logic_error("no such reason of a clarification: " + std::string(reason));
  Clarification made;
  made.key = key_of(*entry, subjects);
  made.scope = entry->scope;
  made.reason = reason;
  made.subjects = std::move(subjects);
  made.evidence = std::move(evidence);
  made.text_de = filled_in(entry->text_de, values, german);
  made.text_en = filled_in(entry->text_en, values, english);
  made.values = std::move(values);
  made.resolutions.assign(entry->resolutions.begin(), entry->resolutions.end());
  return made;
}

json to_json(const Clarification& c) {
  json evidence = json::array();
  for (const auto& e : c.evidence) {
    json place = {{"page", e.page}, {"box", {e.box.x, e.box.y, e.box.width, e.box.height}}};
    if (!e.field.empty()) place["field"] = e.field;
    if (e.part > 0) place["part"] = e.part;
    evidence.push_back(std::move(place));
  }
  return {{"key", c.key},           {"scope", name_of(c.scope)}, {"reason", c.reason},
          {"subjects", c.subjects}, {"evidence", evidence},      {"values", c.values},
          {"text_de", c.text_de},   {"text_en", c.text_en},      {"resolutions", c.resolutions}};
}

Result<Clarification> clarification_from(const json& j) {
  try {
    const auto* reason = find_reason(j.at("reason").get<std::string>());
    if (reason == nullptr) return fail(Errc::corrupt, "the clarification has a reason that is not known");
    Clarification c;
    c.scope = reason->scope;
    c.reason = reason->name;
    j.at("key").get_to(c.key);
    j.at("subjects").get_to(c.subjects);
    for (const auto& e : j.at("evidence"))
      c.evidence.push_back({e.at("page"),
                            {e.at("box").at(0), e.at("box").at(1), e.at("box").at(2), e.at("box").at(3)},
                            e.value("field", ""),
                            e.value("part", 0)});
    j.at("values").get_to(c.values);
    j.at("text_de").get_to(c.text_de);
    j.at("text_en").get_to(c.text_en);
    j.at("resolutions").get_to(c.resolutions);
    return c;
  } catch (const json::exception&) {
    return fail(Errc::corrupt, "the stored clarification is not of the form of its format page");
  }
}

Result<void> check_resolution(const Clarification& clarification, const Resolution& resolution,
                              const Configuration& configuration) {
  const auto& permitted = clarification.resolutions;
  const auto* kind = find_resolution_kind(resolution.kind);
  if (resolution.clarification != clarification.key || kind == nullptr ||
      std::find(permitted.begin(), permitted.end(), resolution.kind) == permitted.end()) {
    std::string allowed;
    for (const auto& name : permitted) allowed += (allowed.empty() ? "" : ", ") + name;
    return fail(Errc::refused, "this clarification cannot be answered with \"" + resolution.kind + "\"", {},
                "allowed are: " + allowed);
  }
  if (resolution.person.empty()) return fail(Errc::invalid_input, "an answer needs a person");
  if (!resolution.arguments.is_object()) return fail(Errc::invalid_input, "the arguments are no JSON object");
  for (const auto& [name, value] : resolution.arguments.items()) {
    const bool known = std::any_of(kind->arguments.begin(), kind->arguments.end(),
                                   [&n = name](const ArgumentRule& rule) { return rule.name == n; });
    if (!known) return wrong(name, "known are: " + known_arguments(*kind));
  }
  for (const auto& rule : kind->arguments) {
    const auto value = resolution.arguments.find(rule.name);
    if (value != resolution.arguments.end()) {
      MAILROOM_TRY_VOID(check_argument(rule, *value, clarification, configuration));
    } else if (rule.required) {
      return wrong(rule.name, "this answer needs it");
    }
  }
  return check_together(clarification, resolution);
}

}  // namespace mailroom::assembly
