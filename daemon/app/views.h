#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "daemon/archive/catalogue.h"
#include "daemon/intake/verification.h"

/// What the control socket tells about the catalogue. All functions run on the core thread.
namespace mailroom::app {

nlohmann::json batch_view(const archive::Batch& batch);
nlohmann::json clarification_view(const archive::ClarificationRow& row);

/// docs/formats/control-protocol.md, "follow": counts while a batch moves.
Result<nlohmann::json> progress_view(archive::Catalogue& catalogue, const archive::Batch& batch);

/// config/contract/schemas/summary.json.
Result<nlohmann::json> summary_view(archive::Catalogue& catalogue, const archive::Batch& batch);

/// Everything about the batch, document or clarification with this id or number.
Result<nlohmann::json> details_view(archive::Catalogue& catalogue, const std::string& id);

/// The answer of `verify`.
nlohmann::json verification_view(const intake::VerificationReport& report);

/// True when nothing more will happen to the batch without a person or a new feed.
Result<bool> is_settled(archive::Catalogue& catalogue, const archive::Batch& batch);

}  // namespace mailroom::app
