#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "daemon/base/error.h"

/// What the display of a panel says, German or English: short, for a display of 21 characters a line.
namespace mailroom::station {

class PanelWords {
 public:
  explicit PanelWords(const std::string& language) : german_(language != "en") {}

  [[nodiscard]] std::string headline(const std::string& situation) const;  ///< "ready", "feeding", ...
  [[nodiscard]] std::string hint(const std::string& situation) const;      ///< what to do then
  [[nodiscard]] std::string new_document(int sheet) const;
  [[nodiscard]] std::string fault(const nlohmann::json& fault) const;  ///< of fault_json()
  [[nodiscard]] std::string refusal(const std::string& outcome) const;
  [[nodiscard]] std::string badge(const std::string& outcome) const;  ///< what came of a login with one
  [[nodiscard]] std::string failed_start(Errc code) const;
  [[nodiscard]] const std::string& name(const std::string& de, const std::string& en) const {
    return german_ ? de : en;
  }

 private:
  bool german_;
};

}  // namespace mailroom::station
