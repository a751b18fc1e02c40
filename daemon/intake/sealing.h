#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/archive/batches.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/documents.h"
#include "daemon/archive/pages.h"
#include "daemon/archive/transfer_note.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/manifest.h"
#include "daemon/intake/spool.h"

namespace mailroom::intake {

/// Everything a seal is made from, as the catalogue has it.
struct SealOrder {
  archive::Batch batch;
  archive::DocumentRow document;
  std::vector<archive::Page> pages;  ///< those of the document, in its order
  std::vector<archive::NotedAnomaly> anomalies;
  std::string invoice = {};    ///< the invoice as JSON (docs/formats/invoice.md), or empty
  std::string file_name = {};  ///< of a received file, as it was called
  int batch_sides = 0;
  std::string counted_by_person;  ///< who confirmed the number of sheets, if a person did
  Timestamp sealed_at{};
};

/// One content of a sealed document; its bytes are durable in the content store.
struct SealedContent {
  archive::ContentRow row;
  delivery::ManifestContent manifest;
};

struct SealedDocument {
  std::string document;
  Timestamp sealed_at{};
  std::vector<SealedContent> contents;
};

/// The certificates of the recipients that get their contents encrypted.
using RecipientCertificates = std::map<std::string, Certificate>;

/// Turns a released document into its contents: the PDF, the signed transfer note, and for
/// recipients that want it their encrypted forms. Same order, same plain bytes: sealing again
/// after a crash changes nothing. Thread-bound.
class Sealing {
 public:
  Sealing(const Configuration& configuration, const Identity& appliance,
          const RecipientCertificates& certificates, const Spool& spool, archive::ContentStore& contents)
      : configuration_(configuration),
        appliance_(appliance),
        certificates_(certificates),
        spool_(spool),
        contents_(contents) {}

  /// Errc::corrupt when a captured side is not what was captured; nothing is sealed then.
  Result<SealedDocument> seal(const SealOrder& order);

 private:
  struct PlainContent {
    std::string name;
    std::string role;
    std::string media_type;
    Bytes bytes;
  };
  Result<Bytes> make_pdf(const SealOrder& order) const;
  Result<Bytes> make_readable_pdf(const SealOrder& order) const;
  Result<void> add_original(const SealOrder& order, std::vector<PlainContent>& contents) const;
  [[nodiscard]] archive::TransferNote make_note(const SealOrder& order, ByteView pdf) const;
  Result<std::vector<PlainContent>> plain_contents(const SealOrder& order) const;
  Result<SealedContent> keep(const SealOrder& order, const PlainContent& content);
  Result<SealedContent> keep_encrypted(const SealOrder& order, const PlainContent& content,
                                       const std::string& recipient);

  const Configuration& configuration_;
  const Identity& appliance_;
  const RecipientCertificates& certificates_;
  const Spool& spool_;
  archive::ContentStore& contents_;
};

}  // namespace mailroom::intake
