#pragma once

#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/routing_key.h"

namespace mailroom::app {

/// Which routing sheets to print; empty means all.
struct SeparatorWish {
  std::string document_class;  ///< id
  std::string department;      ///< id
  std::string kind;            ///< as in docs/formats/routing-sheet.md, or "patch_t"
  std::string reference;       ///< free text in the QR code
  int count = 0;               ///< of sheets, needed for kind "count"
};

/// Routing sheets as one A4 PDF: a document sheet for every class and department, then one of each
/// kind that carries neither, then PATCHT. Errc::not_found for an id the configuration lacks,
/// Errc::invalid_input for a kind that does not exist. Reentrant.
Result<Bytes> separators_pdf(const Configuration& configuration, const RoutingKey& key,
                             const SeparatorWish& wish);

}  // namespace mailroom::app
