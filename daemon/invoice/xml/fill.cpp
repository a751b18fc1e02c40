#include "daemon/invoice/xml/fill.h"

#include <algorithm>
#include <cctype>

namespace mailroom::invoice::xml {
namespace {

bool is_day(const std::string& text) {
  return text.size() == 8 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The bytes of an attachment stay in the original.
bool is_embedded_file(int bt) {
  return bt == 125;
}

}  // namespace

std::string trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1));
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::toupper(c)); });
  return text;
}

std::string text_at(const Element& element, std::string_view path) {
  const auto found = element.first(path);
  return found ? trimmed(found->text()) : std::string();
}

Group& open(Group& parent, int bg, const Element& element) {
  Group& group = parent.open(bg);
  group.line = element.line();
  return group;
}

Term term_of(int bt, const Element& element, Attributes attributes) {
  Term term{.number = bt};
  const std::string written = element.text();
  term.value = trimmed(written);
  term.spaced = term.value.size() != written.size();
  term.line = element.line();
  if (is_embedded_file(bt)) term.value.clear();
  if (attributes.scheme != nullptr) {
    const auto scheme = element.attribute(attributes.scheme);
    term.scheme =
        scheme && scheme->empty() ? " " : scheme.value_or("");  // an empty one is a scheme, a wrong one
  }
  if (attributes.version != nullptr) term.version = element.attribute(attributes.version).value_or("");
  return term;
}

Fill& Fill::term(int bt, std::string_view path, Attributes attributes, std::string_view version) {
  for (const Element& element : source_.all(path)) {
    group_.terms.push_back(term_of(bt, element, attributes));
    if (!version.empty()) group_.terms.back().version = version;
  }
  return *this;
}

Fill& Fill::verbatim(int bt, std::string_view path) {
  for (const Element& element : source_.all(path)) {
    group_.terms.push_back(term_of(bt, element));
    group_.terms.back().value = element.text();
  }
  return *this;
}

Fill& Fill::attribute(int bt, std::string_view path, const char* name) {
  const auto element = source_.first(path);
  if (!element) return *this;
  if (const auto value = element->attribute(name)) {
    Term& added = group_.add(bt, trimmed(*value));
    added.line = element->line();
  }
  return *this;
}

Fill& Fill::cii_date(int bt, std::string_view path) {
  for (const Element& around : source_.all(path)) {
    auto inner = around.first("DateTimeString");
    if (!inner) inner = around.first("DateString");
    if (!inner) {
      group_.add(bt, "").line = around.line();
      continue;
    }
    Term date = term_of(bt, *inner, {nullptr, "format"});
    if (is_day(date.value))
      date.value = date.value.substr(0, 4) + "-" + date.value.substr(4, 2) + "-" + date.value.substr(6);
    group_.terms.push_back(std::move(date));
  }
  return *this;
}

}  // namespace mailroom::invoice::xml
