#pragma once

#include <string>

namespace mailroom::delivery {

/// A deadline of payment that a recipient is told of.
struct DeadlineFacts {
  std::string id;    ///< UUIDv7; the same each time it is told
  std::string site;
  std::string node;
  std::string time;            ///< RFC 3339, when it was told first
  std::string delivery;        ///< id of the manifest that brought the invoice
  std::string number;          ///< of the document
  std::string invoice_number;
  std::string payable;         ///< decimal, or empty
  std::string kind;            ///< "skonto", "due"
  std::string urgency;         ///< "soon", "passed"
  std::string date;            ///< ISO
  std::string pay_by;          ///< ISO
};

/// The CloudEvent `mailroom.invoice-deadline.v1` (schema deadline.json). Reentrant.
std::string deadline_event(const DeadlineFacts& facts);

}  // namespace mailroom::delivery
