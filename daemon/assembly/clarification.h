#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/config/configuration.h"
#include "daemon/document/page_report.h"

namespace mailroom::assembly {

enum class Scope { batch, document, page };
std::string_view name_of(Scope scope);

/// Why a person is needed: one line of the catalogue (docs/formats/clarifications.md). `name` is
/// persistent. `{sheet}` and the like in the texts stand for Clarification::values.
struct Reason {
  std::string_view name;
  Scope scope;
  std::string_view text_de;
  std::string_view text_en;
  std::vector<std::string_view> resolutions;  ///< kinds permitted as answers, the usual one first
};

std::span<const Reason> all_reasons();
const Reason* find_reason(std::string_view name);  ///< nullptr when there is none

/// An argument of a kind of resolution.
struct ArgumentRule {
  enum class Type { class_id, department_id, sheets, page_id, text, back, invoice_field };
  std::string_view name;
  Type type;
  bool required = false;
};

/// A way to answer (docs/formats/clarifications.md). `name` is persistent.
struct ResolutionKind {
  std::string_view name;
  std::string_view text_de;
  std::string_view text_en;
  std::vector<ArgumentRule> arguments;
};

std::span<const ResolutionKind> all_resolution_kinds();
const ResolutionKind* find_resolution_kind(std::string_view name);

/// What the person should look at.
struct Evidence {
  std::string page;        ///< page id
  Box box = {};            ///< pixels of the captured image; empty: the whole page
  std::string field = {};  ///< of an invoice whose value stands there, or empty
  int part = 0;  ///< of a received file, from 1: `box` is in pixels of that page as it was read; 0: not told
};

/// Something that needs a person. `key` is made of scope, reason and subjects only, so it is the same
/// whenever the same question is raised again within a batch.
struct Clarification {
  std::string key;
  Scope scope = Scope::page;
  std::string reason;
  std::vector<std::string> subjects;  ///< page ids in feed order, or "sheet 7", or "batch"
  std::vector<Evidence> evidence;
  std::map<std::string, std::string> values;  ///< what fills the texts: sheet, side, fed, ...
  std::string text_de;
  std::string text_en;
  std::vector<std::string> resolutions;  ///< kinds permitted, the usual one first
};

/// Builds the clarification of a reason of the catalogue; an unknown reason throws
/// std::logic_error.
Clarification make_clarification(std::string_view reason, std::vector<std::string> subjects,
                                 std::vector<Evidence> evidence, std::map<std::string, std::string> values);

nlohmann::json to_json(const Clarification& clarification);
Result<Clarification> clarification_from(const nlohmann::json& json);

/// A person's answer. Of several for one key the last one counts.
struct Resolution {
  std::string clarification;  ///< key
  std::string kind;
  nlohmann::json arguments = nlohmann::json::object();
  std::string person;
  std::string at;  ///< RFC 3339
};

/// Whether `resolution` may answer `clarification`: kind permitted, arguments known, complete, of the
/// right type and in the configuration. Errc::invalid_input or Errc::refused, with what is allowed.
Result<void> check_resolution(const Clarification& clarification, const Resolution& resolution,
                              const Configuration& configuration);

}  // namespace mailroom::assembly
