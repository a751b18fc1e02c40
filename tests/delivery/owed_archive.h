#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/catalogue_outbox.h"
#include "tests/delivery/sending.h"

namespace mailroom::test {

/// A real catalogue that owes letters, without the way of a batch before it.
class OwedArchive {
 public:
  explicit OwedArchive(const std::filesystem::path& folder, const Clock& clock)
      : contents(archive::ContentStore::open(folder / "content").value()),
        catalogue(archive::Catalogue::open(folder / "catalogue.db").value()),
        outbox(
            core, catalogue, contents, clock, count_answers(), [] {}, count_dead()),
        clock_(clock),
        signer_(read_identity(identities(), "appliance").value()) {
    run("INSERT INTO config_snapshot VALUES ('d', '{}', '')");
    run("INSERT INTO batch (id, number, state, scanner, operator, profile, config_digest, received_date, "
        "channel, "
        "opened_at) VALUES ('b', '26-00001', 'released', 's', 'mm', 'post', 'd', '2026-11-25', 'letter', "
        "'')");
  }

  /// Owes `count` letters to `recipient`; gives their ids in the order in which they are owed.
  std::vector<std::string> owe(int count, const std::string& recipient = "ecm") {
    std::vector<std::string> ids;
    core.call([&] {
      auto transaction = catalogue.database().begin().value();
      for (int i = 0; i < count; ++i) ids.push_back(owe_one(recipient));
      if (!transaction.commit()) throw std::runtime_error("commit");
    });
    return ids;
  }
  int count(const std::string& state) {
    return core.call([&] {
      auto row = catalogue.database().query("SELECT count(*) FROM outbox WHERE state = ?1", state).value();
      if (!row.next()) throw std::runtime_error("count");
      return int(row.integer(0));
    });
  }

  WorkThread core;
  archive::ContentStore contents;
  archive::Catalogue catalogue;
  intake::CatalogueOutbox outbox;
  std::atomic<int> answers = 0;  ///< recorded
  std::atomic<int> dead = 0;

 private:
  intake::OnAnswer count_answers() {
    return [this](auto&, const auto&, const auto&) {
      ++answers;
      return Result<void>();
    };
  }
  intake::OnDead count_dead() {
    return [this](auto&, const auto&) {
      ++dead;
      return Result<void>();
    };
  }
  void run(const std::string& sql) {
    core.call([&] {
      if (!catalogue.database().run(sql)) throw std::runtime_error(sql);
    });
  }
  std::string owe_one(const std::string& recipient) {
    const std::string number = "26-00001-" + std::to_string(++documents_);
    const std::string document = new_uuid(clock_);
    const Bytes pdf = random_bytes(64);
    delivery::ManifestFacts facts;
    facts.id = new_uuid(clock_);
    facts.site = "marburg";
    facts.node = "mailroom-1";
    facts.time = clock_.now();
    facts.recipient = recipient;
    facts.number = number;
    facts.document_class = "letter";
    facts.department = "buergerbuero";
    facts.received = {"2026-11-25", Channel::letter};
    facts.audit_seq = 1;
    facts.audit_head = std::string(64, 'a');
    facts.contents.push_back({"document", "application/pdf", pdf.size(), sha256_hex(pdf), false, pdf});
    if (!catalogue.database().run(
            "INSERT INTO document (id, batch, key, number, state, class, department, priority, "
            "received_date, "
            "channel, originals, confidentiality, created_at) VALUES (?1, 'b', ?2, ?2, 'owed', 'letter', "
            "'buergerbuero', 'ordinary', '2026-11-25', 'letter', 'destroy', 'normal', '')",
            document, number))
      throw std::runtime_error("document");
    archive::DeliveryRow row;
    row.id = facts.id;
    row.document = document;
    row.recipient = recipient;
    row.manifest = delivery::build_manifest(facts, [this](ByteView text) {
                     return sign_detached(text, signer_);
                   }).value();
    if (!catalogue.deliveries().insert(row, clock_.now())) throw std::runtime_error("outbox");
    return row.id;
  }

  const Clock& clock_;
  Identity signer_;
  int documents_ = 0;
};

}  // namespace mailroom::test
