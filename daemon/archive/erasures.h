#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// States of a row of `erasure`; persistent.
inline constexpr std::string_view kErasureRequested = "requested";
inline constexpr std::string_view kErasureRefused = "refused";
inline constexpr std::string_view kErasing = "erasing";  ///< rows are gone, files are being removed
inline constexpr std::string_view kErased = "erased";

/// A row of `erasure`: the wish, and from its confirmation on the tombstone
/// (docs/formats/catalogue.md).
struct Erasure {
  std::string id;
  std::string scope;    ///< "document", "batch"
  std::string subject;  ///< id of the document or the batch
  std::string batch;
  std::string reason;  ///< one of erasure_reasons()
  std::string state = std::string(kErasureRequested);
  std::string requested_by;
  std::string requested_at;
  std::string decided_by;
  std::string decided_at;
  std::string finished_at;
  nlohmann::json tombstone = nlohmann::json::object();
};

/// Why something may be erased: persistent words, so that no free text can hold what was erased.
const std::vector<std::string>& erasure_reasons();

/// The tables `erasure` and `erased`, and taking out of the others what could tell about a person.
/// Thread-bound to the database. The blank_*() keep ids, states and digests.
class Erasures {
 public:
  explicit Erasures(Database& database) : database_(database) {}

  /// Errc::conflict when one for this subject is at work.
  Result<void> insert(const Erasure& erasure, Timestamp now);
  [[nodiscard]] Result<Erasure> get(const std::string& id) const;
  [[nodiscard]] Result<std::vector<Erasure>> all() const;  ///< newest first
  [[nodiscard]] Result<std::vector<Erasure>> in_state(std::string_view state) const;

  Result<void> refuse(const std::string& id, const std::string& person, Timestamp now);
  Result<void> confirm(const std::string& id, const std::string& person, const nlohmann::json& tombstone,
                       Timestamp now);
  Result<void> finish(const std::string& id, Timestamp now);

  Result<void> mark(const std::string& subject, const std::string& erasure);  ///< a document or a page
  [[nodiscard]] Result<bool> is_erased(const std::string& subject) const;
  [[nodiscard]] Result<int> confirmed() const;  ///< how many there have been

  Result<void> blank_page(const std::string& id);
  /// The document's fields, reference and remarks, its rows of `content`.
  Result<void> blank_document(const std::string& id);
  /// Manifest (`remainder` stays in its place), the recipient's words, its progress, its dead letters.
  Result<void> blank_delivery(const std::string& id, const std::string& remainder);
  /// Words of the clarifications that name `subject`, and what persons wrote as answers to them.
  Result<void> blank_clarifications(const std::string& batch, const std::string& subject);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
