#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/assembly/assemble.h"

/// What persons changed at the station (docs/formats/edits.md). Edits are input to the assembly, which
/// runs again and again; they never touch what was captured.
namespace mailroom::assembly {

/// Whether `edit` is well formed: kind and arguments known, complete, of the right type and in the
/// configuration. Says nothing about whether its pages exist. Errc::invalid_input says what is wrong.
Result<void> check_edit(const Edit& edit, const Configuration& configuration);

/// A batch while edits are applied to it. Thread-bound.
class EditedBatch {
 public:
  /// `pages` in feed order.
  EditedBatch(const BatchFacts& batch, const std::vector<const PageFacts*>& pages, const Profile& profile,
              std::vector<AssembledDocument> documents, std::vector<SetAside> set_aside);

  /// Applies one; false when what it names is not there any more: then nothing has changed. Edits of
  /// kind "confirm" change nothing here.
  bool apply(const Edit& edit);

  std::vector<AssembledDocument> take_documents();
  std::vector<SetAside> take_set_aside();  ///< in feed order
  [[nodiscard]] const std::map<std::string, int>& turns() const { return turns_; }

 private:
  struct Spot {
    std::size_t document = 0;
    std::size_t part = 0;
  };
  using Pages = std::vector<std::string>;

  [[nodiscard]] const Spot* spot_of(const std::string& page) const;
  [[nodiscard]] std::size_t document_at(const std::string& key) const;
  void tidy();
  bool split(const std::string& page);
  bool begin_at(int sheet);
  bool mark_next(int sheet, const nlohmann::json& arguments);
  bool merge(const std::string& key);
  bool move(const std::string& page, const std::string& target, bool behind);
  bool turn(const Pages& pages, int degrees);
  bool put_aside(const Pages& pages, PageRole role);
  bool bring_back(const Pages& pages);
  bool set_role(const Pages& pages, PageRole role);
  bool place_rescan(const std::string& page, bool instead, int from, int to);
  bool change(const std::string& kind, AssembledDocument& document, const nlohmann::json& arguments);
  void insert_at_its_place(const std::string& page);

  const BatchFacts& batch_;
  const Profile& profile_;
  std::map<std::string, int> order_;  // place in the feed
  std::map<std::string, int> sheet_;
  std::vector<std::string> feed_;
  std::vector<AssembledDocument> documents_;
  std::vector<SetAside> aside_;
  std::map<std::string, Spot> spots_;
  std::map<std::string, int> turns_;
};

/// True when `confirmation` (of kind "confirm") was given for exactly this document as it is now.
bool confirms(const Edit& confirmation, const AssembledDocument& document);

/// The arguments of a confirmation of `document` as it is now.
nlohmann::json confirmation_of(const AssembledDocument& document);

}  // namespace mailroom::assembly
