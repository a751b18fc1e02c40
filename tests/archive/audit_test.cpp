#include "daemon/archive/audit.h"

#include <catch2/catch.hpp>
#include <iostream>

#include "daemon/crypto/digest.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::archive;
using nlohmann::json;

namespace {

const Migration kMigrations[] = {{"audit", kAuditSchema}};

struct Log {
  test::TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "catalogue.db";
  Database database = Database::open(file, kMigrations).value();
  Timestamp time = from_rfc3339("2026-11-24T08:00:00.000Z").value();

  AuditHead append(const AuditRecord& record) {
    auto transaction = database.begin().value();
    const auto head = append_audit(transaction, time, record).value();
    REQUIRE(transaction.commit());
    return head;
  }

  void append_many(int number) {
    for (int i = 1; i <= number; ++i)
      append({"daemon", "batch.closed", {"b" + std::to_string(i)}, {{"sheets", i}}});
  }

  /// Does what somebody with the file and a SQLite shell could do.
  void tamper(const std::string& sql) {
    REQUIRE(database.execute_script(
        "DROP TRIGGER IF EXISTS audit_never_changes; DROP TRIGGER IF EXISTS audit_never_forgets;"
        "PRAGMA foreign_keys=OFF;" +
        sql));
  }

  std::string complaint(const std::vector<AuditHead>& witnessed = {}) {
    const auto result = verify_audit_chain(database, witnessed);
    if (result) return "";
    CHECK(result.error().code == Errc::corrupt);
    return result.error().what;
  }
};

bool begins(const std::string& text, const std::string& with) {
  return text.rfind(with, 0) == 0;
}

}  // namespace

TEST_CASE("an empty log has a head of zeros and is whole") {
  Log log;
  CHECK(audit_head(log.database).value() == AuditHead{0, std::string(64, '0')});
  CHECK(verify_audit_chain(log.database).value().seq == 0);
}

TEST_CASE("the hash is what docs/formats/audit.md says, byte for byte") {
  Log log;
  const auto head = log.append({"operator:mm", "batch.closed", {"b1"}, {{"sheets", 24}, {"by", "Größe"}}});
  const std::string bytes =
      "mailroom audit 1\n"
      R"({"action":"batch.closed","actor":"operator:mm","details":{"by":"Größe","sheets":24},)"
      R"("previous":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"subjects":["b1"],)"
      R"("time":"2026-11-24T08:00:00.000Z"})";
  CHECK(head.hash == sha256_hex(as_bytes(bytes)));
}

TEST_CASE("entries are chained, numbered without gaps and found by subject") {
  Log log;
  log.append_many(5);
  log.append({"daemon", "document.sealed", {"d1", "b2"}});
  const auto head = audit_head(log.database).value();
  CHECK(head.seq == 6);
  CHECK(verify_audit_chain(log.database).value() == head);
  const auto entries = read_audit(log.database, "b2").value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].record.action == "batch.closed");
  CHECK(entries[0].record.details == json{{"sheets", 2}});
  CHECK(entries[1].seq == 6);
  CHECK(read_audit(log.database, {}, 2, 3).value().size() == 3);
  CHECK(read_audit(log.database, "b2", 5).value().size() == 1);
}

TEST_CASE("a transaction that is rolled back leaves neither entry nor gap") {
  Log log;
  log.append_many(2);
  {
    auto transaction = log.database.begin().value();
    REQUIRE(append_audit(transaction, log.time, {"daemon", "lost", {}}));
    REQUIRE(append_audit(transaction, log.time, {"daemon", "lost too", {}}));
  }
  CHECK(log.append({"daemon", "kept", {}}).seq == 3);
  CHECK(log.complaint().empty());
  CHECK(read_audit(log.database).value().back().record.action == "kept");
}

TEST_CASE("details without a canonical form are refused and nothing is written") {
  Log log;
  auto transaction = log.database.begin().value();
  CHECK(append_audit(transaction, log.time, {"daemon", "x", {}, {{"ratio", 0.5}}}).error().code ==
        Errc::invalid_input);
  CHECK(append_audit(transaction, log.time, {"daemon", "x", {}, json::array()}).error().code ==
        Errc::invalid_input);
  CHECK(append_audit(transaction, log.time, {"M\xfcller", "x", {}}).error().code == Errc::invalid_input);
  CHECK(audit_head(log.database).value().seq == 0);
}

TEST_CASE("the log itself refuses to be changed") {
  Log log;
  log.append_many(2);
  CHECK(log.database.run("UPDATE audit SET actor = 'x' WHERE seq = 1").error().code == Errc::conflict);
  CHECK(log.database.run("DELETE FROM audit WHERE seq = 2").error().code == Errc::conflict);
  CHECK(log.complaint().empty());
}

TEST_CASE("every kind of tampering is named with the first wrong entry") {
  Log log;
  log.append_many(6);
  SECTION("actor") {
    log.tamper("UPDATE audit SET actor = 'nobody' WHERE seq = 4");
  }
  SECTION("action") {
    log.tamper("UPDATE audit SET action = 'x' WHERE seq = 4");
  }
  SECTION("time") {
    log.tamper("UPDATE audit SET time = '2026-11-24T08:00:00.001Z' WHERE seq = 4");
  }
  SECTION("details") {
    log.tamper("UPDATE audit SET details = '{\"sheets\":5}' WHERE seq = 4");
  }
  SECTION("details written otherwise") {
    log.tamper("UPDATE audit SET details = '{\"sheets\": 4}' WHERE seq = 4");
  }
  SECTION("subjects") {
    log.tamper("UPDATE audit SET subjects = '[\"b9\"]' WHERE seq = 4");
  }
  SECTION("details that are no JSON") {
    log.tamper("UPDATE audit SET details = 'gone' WHERE seq = 4");
  }
  SECTION("hash") {
    log.tamper("UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 4");
  }
  SECTION("previous") {
    log.tamper("UPDATE audit SET previous = 'x' WHERE seq = 4");
  }
  SECTION("an entry taken out") {
    log.tamper("DELETE FROM audit WHERE seq = 4");
  }
  SECTION("an entry taken out and the rest renumbered") {
    log.tamper("DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = seq - 1 WHERE seq > 4");
  }
  const auto complaint = log.complaint();
  INFO(complaint);
  CHECK(begins(complaint, "audit entry 4 "));
}

TEST_CASE("an entry hidden from the search by subject is found") {
  Log log;
  log.append_many(3);
  log.tamper("DELETE FROM audit_subject WHERE seq = 2");
  CHECK(begins(log.complaint(), "audit entry 2 is missing from the index"));
}

TEST_CASE("the first entry taken out is missed") {
  Log log;
  log.append_many(3);
  log.tamper("DELETE FROM audit WHERE seq = 1");
  CHECK(begins(log.complaint(), "audit entry 1 is missing"));
}

TEST_CASE("a log that was cut off or rewritten is found by what recipients witnessed") {
  Log log;
  log.append_many(4);
  const std::vector<AuditHead> witnessed = {audit_head(log.database).value()};
  log.append_many(2);
  CHECK(log.complaint(witnessed).empty());
  log.tamper("DELETE FROM audit WHERE seq > 2");
  CHECK(log.complaint().empty());  // on its own the chain cannot know
  CHECK(begins(log.complaint(witnessed), "audit entry 3 is missing"));
  log.append({"forger", "rewritten", {}});
  log.append({"forger", "rewritten", {}});
  CHECK(log.complaint().empty());
  CHECK(begins(log.complaint(witnessed), "audit entry 4 is not the one"));
}

TEST_CASE("a process killed around the commit leaves a whole chain") {
#ifdef MAILROOM_FAULTS
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "catalogue.db";
  // The first commit is the migration's.
  for (const auto& [at, expected] :
       {std::pair("database.before_commit:2", 0), std::pair("database.after_commit", 1)}) {
    const auto killed = test::shell("MAILROOM_KILL_AT=" + std::string(at) + " " + MAILROOM_ARCHIVE_CHILD +
                                    " append " + file.string());
    INFO(at << killed.output);
    REQUIRE(killed.code == 137);
    auto database = Database::open(file, kMigrations).value();
    CHECK(verify_audit_chain(database).value().seq == expected);
  }
#else
  std::cout << "[skipped] built without MAILROOM_FAULTS\n";
#endif
}
