#pragma once

#include <nlohmann/json.hpp>

#include "daemon/archive/transfer_note.h"

/// The JSON form of a transfer note (docs/formats/transfer-note.md and .schema.json).
namespace mailroom::archive {

nlohmann::json to_json(const TransferNote& note);

/// Errc::unsupported for another format version, Errc::corrupt for anything that is no note.
Result<TransferNote> transfer_note_from(const nlohmann::json& json);

}  // namespace mailroom::archive
