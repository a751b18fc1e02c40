#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

struct _xmlDoc;
struct _xmlNode;

namespace mailroom::invoice::xml {

/// A view of an element; lives as long as its document. Reentrant.
class Element {
 public:
  explicit Element(const _xmlNode* node) : node_(node) {}

  [[nodiscard]] std::string_view name() const;           ///< without prefix
  [[nodiscard]] std::string_view namespace_uri() const;  ///< empty when there is none
  [[nodiscard]] std::string text() const;                ///< all text inside, as written
  [[nodiscard]] int line() const;                        ///< 1-based
  [[nodiscard]] std::optional<std::string> attribute(const char* name) const;

  /// The elements at the end of `path` ("Party/PostalAddress"), by their names without prefix. Elements of
  /// namespaces other than those of the invoice's syntax are not seen.
  [[nodiscard]] std::vector<Element> all(std::string_view path) const;
  [[nodiscard]] std::optional<Element> first(std::string_view path) const;
  [[nodiscard]] bool has(std::string_view path) const { return first(path).has_value(); }
  [[nodiscard]] bool has_children() const;

 private:
  void collect(std::string_view path, bool only_first, std::vector<Element>& found) const;

  const _xmlNode* node_;
};

/// A parsed XML file. Move-only.
class Document {
 public:
  /// Parses without network, external entities and document type declarations: whoever sends one is refused.
  /// Errc::invalid_input with the line when it is not well-formed; Errc::refused for what is over the limits:
  /// 32 MiB, 100 levels, 10 MB in one text.
  static Result<Document> parse(ByteView bytes);

  [[nodiscard]] Element root() const;

 private:
  struct Free {
    void operator()(_xmlDoc* document) const;
  };
  explicit Document(std::unique_ptr<_xmlDoc, Free> document) : document_(std::move(document)) {}

  std::unique_ptr<_xmlDoc, Free> document_;
};

}  // namespace mailroom::invoice::xml
