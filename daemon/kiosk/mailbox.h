#pragma once

#include <string>

#include "daemon/archive/matters.h"
#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"

/// The mailbox of a matter (docs/formats/matter.md): what recipients answer is kept so that only the same
/// identity card opens it. All functions are reentrant.
namespace mailroom::kiosk {

/// The two halves of a fresh mailbox as they are kept.
struct MailboxKeys {
  std::string certificate;  ///< PEM
  Bytes key;                ///< shut away with the pseudonym
};

/// An answer that was opened.
struct OpenedReply {
  int number = 0;
  std::string at;
  std::string title;
  Bytes pdf;
  int pages = 0;  ///< as far as they were counted
};

Result<MailboxKeys> make_mailbox(const std::string& matter, const std::string& pseudonym, Timestamp now);

/// Errc::illegal_state for a matter without a mailbox, which was handed in without a pseudonym.
Result<Bytes> seal_reply(const archive::MatterRow& matter, const std::string& title, ByteView pdf);

/// Errc::refused for another person's pseudonym.
Result<OpenedReply> open_reply(const archive::MatterRow& matter, const archive::MatterReplyRow& reply,
                               const std::string& pseudonym);

}  // namespace mailroom::kiosk
