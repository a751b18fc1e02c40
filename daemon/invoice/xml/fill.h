#pragma once

#include <string>
#include <string_view>

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/xml/xml_document.h"

namespace mailroom::invoice::xml {

/// Where a term's attributes come from.
struct Attributes {
  const char* scheme = nullptr;
  const char* version = nullptr;
};

/// Copies elements below `source` into terms of `group`. Every element at a path becomes a term, an empty one
/// too: what the norm has once but the file has twice must stay visible.
class Fill {
 public:
  Fill(Group& group, const Element& source) : group_(group), source_(source) {}

  Fill& term(int bt, std::string_view path, Attributes attributes = {}, std::string_view version = {});
  /// Text whose line ends mean something: white space round it is kept.
  Fill& verbatim(int bt, std::string_view path);
  Fill& amount(int bt, std::string_view path) { return term(bt, path, {"currencyID", nullptr}); }
  /// The attribute `name` of the first element at `path`, if it is there.
  Fill& attribute(int bt, std::string_view path, const char* name);
  /// A date of the CII: `path` leads to the element round DateTimeString or DateString.
  Fill& cii_date(int bt, std::string_view path);

 private:
  Group& group_;
  const Element& source_;
};

/// `element` as a term.
Term term_of(int bt, const Element& element, Attributes attributes = {});

/// `text` without white space around it.
std::string trimmed(std::string_view text);

/// `text` with its ASCII letters large.
std::string upper(std::string text);

/// The trimmed text of the first element at `path` below `element`, empty when there is none.
std::string text_at(const Element& element, std::string_view path);

/// A group added to `parent` that tells the line of `element`.
Group& open(Group& parent, int bg, const Element& element);

}  // namespace mailroom::invoice::xml
