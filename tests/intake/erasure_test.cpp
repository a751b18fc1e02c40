#include <filesystem>

#include "daemon/archive/backup_lock.h"
#include "daemon/archive/batch_fate.h"
#include "daemon/archive/meta.h"
#include "daemon/base/durable_file.h"
#include "daemon/intake/catalogue_outbox.h"
#include "daemon/intake/verification.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
namespace fs = std::filesystem;
using Kinds = std::vector<std::string>;

namespace {

/// A house with a receipted letter that somebody should not have opened.
struct Opened : House {
  Opened() {
    batch = released(2);
    seal_asked();
    document = documents(batch).at(0);
    answer();
  }

  void answer() {
    const auto row = deliveries(document.id).at(0);
    auto transaction = catalogue->database().begin().value();
    const auto receipt = receipt_for(row);
    REQUIRE(catalogue->deliveries().conclude(row.id, archive::kStored, receipt.record, "{}", clock.now()));
    REQUIRE(flow->record_answer(transaction, row, receipt));
    REQUIRE(transaction.commit());
  }
  archive::Erasure request(const std::string& subject, const std::string& person = "anna") {
    auto wanted = flow->request_erasure({subject, "private_mail", person, "uid:7"});
    if (!wanted) FAIL(wanted.error().message());
    return *wanted;
  }
  archive::Erasure erase(const std::string& subject) {
    const auto done = flow->confirm_erasure({request(subject).id, "bert", "uid:8"});
    if (!done) FAIL(done.error().message());
    return *done;
  }
  Kinds found() {
    WorkThread core;
    std::vector<Certificate> trusted;
    trusted.push_back(Certificate::read(identities() / "ca.pem").value());
    intake::Verification verification(core, *catalogue, *contents, spool, trusted);
    const auto report = verification.run().value();
    Kinds kinds;
    for (const auto& finding : report.findings) {
      UNSCOPED_INFO(finding.what << ' ' << finding.where << ": " << finding.text);
      kinds.push_back(finding.what);
    }
    return kinds;
  }
  /// Every byte of the database, the log included.
  std::string stored_bytes() {
    std::string all;
    for (const char* part : {"catalogue.db", "catalogue.db-wal"}) {
      if (const auto bytes = read_file(path() / part)) all += as_text(*bytes);
    }
    return all;
  }

  archive::Batch batch;
  archive::DocumentRow document;
};

}  // namespace

TEST_CASE("private mail is erased by two persons and leaves a tombstone with digests and reason") {
  Opened house;
  const auto rows = house.catalogue->documents().contents_of(house.document.id).value();
  REQUIRE(rows.size() == 3);
  REQUIRE(house.stored_bytes().find(rows[0].media_type) != std::string::npos);
  const auto erasure = house.erase(house.document.number);
  CHECK(erasure.state == archive::kErased);
  CHECK(erasure.reason == "private_mail");
  CHECK(erasure.requested_by == "anna");
  CHECK(erasure.decided_by == "bert");
  CHECK(erasure.tombstone["contents"].size() == 3);
  CHECK(erasure.tombstone["pages"].size() == 4);
  CHECK(erasure.tombstone["deliveries"][0]["record"] == "A-1");
  for (const auto& row : rows) CHECK_FALSE(house.contents->contains(row.sha256));
  for (const auto& page : house.pages(house.batch)) {
    CHECK_FALSE(page.report);
    CHECK_FALSE(fs::exists(house.spool.path_of({page.batch, page.image.sheet, page.image.side})));
  }
  CHECK(house.catalogue->documents().contents_of(house.document.id).value().empty());
  CHECK(house.documents(house.batch).at(0).state == DocumentState::receipted);
  CHECK(house.actions(house.document.id).back() == "erasure.finished");
  CHECK(house.found().empty());
}

TEST_CASE("nothing that was read or sent of an erased document is left in the database or its log") {
  Opened house;
  const std::string name = "Mustermann-Zwiebelturm";
  REQUIRE(house.catalogue->database().run("UPDATE page SET report = json_set(report, '$.text', ?1)", name));
  REQUIRE(house.catalogue->database().run("UPDATE document SET fields = json_array(json_object('name', ?1))",
                                          name));
  REQUIRE(
      house.catalogue->database().run("UPDATE outbox SET manifest = json_set(manifest, '$.x', ?1)", name));
  REQUIRE(house.stored_bytes().find(name) != std::string::npos);
  house.erase(house.document.id);
  CHECK(house.stored_bytes().find(name) == std::string::npos);
}

TEST_CASE("one person alone cannot erase, nor with another spelling") {
  Opened house;
  const auto wanted = house.request(house.document.id);
  for (const char* person : {"anna", "ANNA", ""}) {
    const auto done = house.flow->confirm_erasure({wanted.id, person, ""});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Errc::refused);
  }
  CHECK(house.found().empty());
  CHECK(house.flow->request_erasure({house.document.id, "private_mail", "carl", ""}).error().code ==
        Errc::conflict);
  CHECK(house.flow->request_erasure({house.document.id, "because", "carl", ""}).error().code ==
        Errc::invalid_input);
  CHECK(house.flow->request_erasure({"nobody", "unlawful", "carl", ""}).error().code == Errc::not_found);
  CHECK(house.flow->refuse_erasure({wanted.id, "bert", ""}).value().state == archive::kErasureRefused);
  CHECK(house.flow->confirm_erasure({wanted.id, "bert", ""}).error().code == Errc::not_found);
  CHECK(house.catalogue->documents().contents_of(house.document.id).value().size() == 3);
}

TEST_CASE("a document that is owed is withdrawn when it is erased, and a late answer is remembered") {
  House house;
  const auto batch = house.released();
  house.seal_asked();
  const auto document = house.documents(batch).at(0);
  const auto row = house.deliveries(document.id).at(0);
  const auto wanted = house.flow->request_erasure({document.id, "wrong_authority", "anna", ""}).value();
  REQUIRE(house.flow->confirm_erasure({wanted.id, "bert", ""}));
  CHECK(house.documents(batch).at(0).state == DocumentState::withdrawn);
  CHECK(house.now(batch).state == BatchState::finished);
  WorkThread core;
  intake::CatalogueOutbox outbox(
      core, *house.catalogue, *house.contents, house.clock,
      [](auto&, const auto&, const auto&) { return Result<void>(); }, [] {});
  CHECK(outbox.due("ecm", house.clock.now(), 10).value().empty());
  const auto digest = receipt_for(row).contents.at(0).sha256;
  CHECK_FALSE(outbox.content_size("ecm", row.id, digest).value());
  CHECK(outbox.record_receipt("ecm", receipt_for(row), house.clock.now()).value() ==
        delivery::ReceiptOutcome::duplicate);
  CHECK(house.deliveries(document.id).at(0).record == "A-1");
  CHECK(house.actions(row.id).back() == "document.stored_after_withdrawal");
}

TEST_CASE("every version of a document goes, and what another document has stays") {
  Opened house;
  const auto other = house.released();
  house.seal_asked();
  const auto kept = house.documents(other).at(0);
  house.erase(house.document.id);
  const auto rows = house.catalogue->documents().contents_of(kept.id).value();
  for (const auto& row : rows) CHECK(house.contents->contains(row.sha256));
  CHECK(house.found().empty());
}

TEST_CASE("a discarded batch is erased as a whole, one at work is not") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  CHECK(house.flow->request_erasure({batch.id, "private_mail", "anna", ""}).error().code ==
        Errc::illegal_state);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  REQUIRE(house.flow->discard(batch.id, "anna", "private"));
  const auto wanted = house.flow->request_erasure({batch.number, "private_mail", "anna", ""}).value();
  const auto erased = house.flow->confirm_erasure({wanted.id, "bert", ""}).value();
  CHECK(erased.tombstone["pages"].size() == 2);
  CHECK_FALSE(fs::exists(house.spool.folder_of(batch.id)));
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.asked.read.empty());
  CHECK(house.flow->request_erasure({batch.id, "private_mail", "anna", ""}).error().code ==
        Errc::illegal_state);
}

TEST_CASE("an erasure waits while a document is sealed and while a backup runs") {
  House house;
  const auto batch = house.released();
  const auto document = house.documents(batch).at(0);
  const auto wanted = house.flow->request_erasure({document.id, "private_mail", "anna", ""}).value();
  CHECK(house.flow->confirm_erasure({wanted.id, "bert", ""}).error().code == Errc::illegal_state);
  house.seal_asked();
  {
    const auto backup = archive::BackupLock::take(house.path());
    REQUIRE(backup);
    CHECK(house.flow->confirm_erasure({wanted.id, "bert", ""}).error().code == Errc::busy);
  }
  CHECK(house.flow->confirm_erasure({wanted.id, "bert", ""}));
}

TEST_CASE("verification names what an erasure has left behind or never had the right to") {
  Opened house;
  const auto digest = house.catalogue->documents().contents_of(house.document.id).value().at(0).sha256;
  const auto bytes = house.contents->get(digest).value();
  const auto erasure = house.erase(house.document.id);
  REQUIRE(house.contents->put(bytes));
  const auto found = house.found();
  CHECK(std::count(found.begin(), found.end(), "erasure") == 1);
  REQUIRE(house.contents->remove(digest));
  CHECK(house.found().empty());
  REQUIRE(
      house.catalogue->database().run("UPDATE erasure SET tombstone = json_remove(tombstone, '$.pages[0]')"));
  CHECK(house.found() == Kinds{"erasure"});
  REQUIRE(house.catalogue->database().run("UPDATE erasure SET state = 'erasing'"));
  CHECK(house.found() == Kinds{"erasure"});
}

TEST_CASE("working copies go after the days, a backup and the release of the paper, in this sense") {
  Opened house;
  const auto other = house.open();  // whose paper is released is of no matter: that it is done here is
  REQUIRE(archive::release_originals(house.catalogue->database(), other.id, "anna", house.clock.now()));
  const auto there = [&] { return fs::exists(house.spool.folder_of(house.batch.id)); };
  REQUIRE(house.now(house.batch).state == BatchState::finished);
  const auto backup = [&] {
    REQUIRE(
        archive::set_meta(house.catalogue->database(), archive::kLastBackup, to_rfc3339(house.clock.now())));
  };
  backup();  // not after the receipt
  house.clock.advance(std::chrono::days(31));
  REQUIRE(house.flow->expire_working_copies());
  CHECK(there());
  backup();
  REQUIRE(house.flow->expire_working_copies());
  CHECK(there());
  CHECK(house.found().empty());
  REQUIRE(house.flow->release_originals(house.batch.id, "anna"));
  {
    const auto running = archive::BackupLock::take(house.path());
    REQUIRE(house.flow->expire_working_copies());
    CHECK(there());
  }
  REQUIRE(house.flow->expire_working_copies());
  CHECK_FALSE(there());
  CHECK(house.actions(house.batch.id).back() == "batch.working_copies_removed");
  CHECK(house.found().empty());
}

TEST_CASE("working copies that are lost without a right are named, expired ones are not") {
  Opened house;
  fs::remove_all(house.spool.folder_of(house.batch.id));
  CHECK(house.found() == Kinds{"page", "page", "page", "page"});
}

TEST_CASE("paper is released once its batch is finished, not before") {
  House house;
  const auto batch = house.released();
  CHECK(house.flow->release_originals(batch.id, "anna").error().code == Errc::illegal_state);
  CHECK(house.flow->release_originals(batch.id, "").error().code == Errc::invalid_input);
}
