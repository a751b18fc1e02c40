#pragma once

#include <string_view>

#include "daemon/base/result.h"

namespace mailroom {

/// The life of a batch (docs/formats/catalogue.md has the picture). Names are persistent.
enum class BatchState {
  feeding,     ///< sheets are coming in
  interrupted, ///< the feed stopped on a fault; feeding may resume, or a person closes the batch
  closed,      ///< every sheet is accounted for; pages are being read
  held,        ///< at least one clarification is open
  released,    ///< all documents of the batch may be sealed
  finished,    ///< all its documents are receipted or withdrawn
  discarded,   ///< given up by a person; nothing was released from it
};

/// The life of a document. Names are persistent and part of the wire contract.
enum class DocumentState {
  open,        ///< being put together
  held,        ///< waits for a person: clarification or gate
  released,    ///< may be sealed
  sealed,      ///< PDF and transfer note exist and are signed
  owed,        ///< in the outbox, not receipted by every recipient yet
  receipted,   ///< every recipient has confirmed the digests
  superseded,  ///< replaced by a corrected document
  withdrawn,   ///< taken back by a person
};

std::string_view name_of(BatchState state);
std::string_view name_of(DocumentState state);
Result<BatchState> batch_state_from(std::string_view name);
Result<DocumentState> document_state_from(std::string_view name);

/// Errc::illegal_state naming both states when `from` may not become `to`. The only place that
/// knows which steps are legal.
Result<void> check_step(BatchState from, BatchState to);
Result<void> check_step(DocumentState from, DocumentState to);

}  // namespace mailroom
