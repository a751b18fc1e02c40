#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/archive/users.h"
#include "daemon/base/result.h"

namespace mailroom::station {

/// What a person may do. Names are persistent: they may stand in stored rights in place of a role.
enum class Action {
  read,               ///< see pages, documents and their ways
  scan,               ///< feed batches
  edit,               ///< change how a batch is put together, confirm documents
  clarify,            ///< answer clarifications
  check_quality,      ///< quality control
  put_in_boxes,       ///< boxes of originals
  destroy_originals,  ///< record that a box was destroyed
  erase,              ///< ask for or confirm an erasure
  resend,             ///< dead letters, deliveries once more
  administer,         ///< devices, users, configuration; no content
  audit,              ///< read the audit log
  see_figures         ///< throughput and economics, never per person
};
std::string_view name_of(Action action);
const std::vector<Action>& all_actions();

/// The presets: "operator", "quality_control", "administrator", "auditor".
const std::vector<std::string>& all_roles();

/// What protects a thing: what it is, whose it is, where it was scanned. Until a document is
/// classified these are those of its profile.
struct Protection {
  std::string document_class;
  std::string department;
  std::string station;
};

/// Rights = action x class x department x station. Reentrant.
class Rights {
 public:
  Rights() = default;
  explicit Rights(std::vector<archive::UserRight> rights) : rights_(std::move(rights)) {}

  [[nodiscard]] bool may(Action action, const Protection& protection) const;
  [[nodiscard]] bool may_somewhere(Action action) const;
  [[nodiscard]] bool may_at(Action action, const std::string& station) const;  ///< some class there
  [[nodiscard]] std::vector<std::string> roles() const;
  [[nodiscard]] const std::vector<archive::UserRight>& rows() const { return rights_; }

 private:
  std::vector<archive::UserRight> rights_;
};

/// Errc::invalid_input unless `role` is a preset or an action.
Result<void> check_role(std::string_view role);

}  // namespace mailroom::station
