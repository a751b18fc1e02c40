#include "daemon/archive/database.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <thread>

#include "daemon/archive/database_lock.h"
#include "daemon/base/child_process.h"
#include "daemon/base/durable_file.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_disk.h"

using namespace mailroom;
using namespace mailroom::archive;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr Migration kFirst = {
    "first",
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size REAL, body BLOB) STRICT;"
    "CREATE TABLE part (thing INTEGER NOT NULL REFERENCES thing) STRICT;"};
constexpr Migration kSecond = {"second", "ALTER TABLE thing ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"};
constexpr Migration kOnlyFirst[] = {kFirst};
constexpr Migration kBoth[] = {kFirst, kSecond};

struct Opened {
  test::TemporaryFolder folder;
  fs::path file = folder.path() / "catalogue.db";
  Database database = Database::open(file, kOnlyFirst).value();
};

std::int64_t count(Database& database) {
  auto statement = database.query("SELECT count(*) FROM thing").value();
  REQUIRE(statement.next().value());
  return statement.integer(0);
}

}  // namespace

TEST_CASE("values of every type come back as they went in") {
  Opened o;
  const Bytes body = {0, 1, 255};
  CHECK(o.database.run("INSERT INTO thing VALUES (?1, ?2, ?3, ?4)", 1, "Größe", 2.5, body).value() == 1);
  CHECK(
      o.database
          .run("INSERT INTO thing VALUES (?1, ?2, ?3, ?4)", 2, std::optional<std::string>(), nullptr, Bytes())
          .value() == 1);
  auto rows = o.database.query("SELECT id, name, size, body FROM thing ORDER BY id").value();
  REQUIRE(rows.next().value());
  CHECK(rows.integer(0) == 1);
  CHECK(rows.text(1) == "Größe");
  CHECK(rows.real(2) == 2.5);
  CHECK((rows.blob(3) == body));
  REQUIRE(rows.next().value());
  CHECK(rows.is_null(1));
  CHECK_FALSE(rows.optional_text(1).has_value());
  CHECK_FALSE(rows.is_null(3));
  CHECK(rows.blob(3).empty());
  CHECK_FALSE(rows.next().value());
}

TEST_CASE("the connection is durable, exclusive and guards references") {
  Opened o;
  const auto pragma = [&](const std::string& name) {
    auto statement = o.database.query("PRAGMA " + name).value();
    REQUIRE(statement.next().value());
    return statement.text(0);
  };
  CHECK(pragma("journal_mode") == "wal");
  CHECK(pragma("synchronous") == "2");
  CHECK(pragma("foreign_keys") == "1");
  CHECK(pragma("locking_mode") == "exclusive");
  CHECK(o.database.run("INSERT INTO part VALUES (7)").error().code == Errc::conflict);
  CHECK_FALSE(fs::exists(o.file.string() + "-shm"));
}

TEST_CASE("a second connection is told that the database is in use") {
  Opened o;
  const auto second = Database::open(o.file, kOnlyFirst);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::busy);
  CHECK(second.error().place.file == o.file.string());
}

TEST_CASE("statements return the number of rows they changed") {
  Opened o;
  REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('a'), ('b')").value() == 2);
  CHECK(o.database.run("UPDATE thing SET size = 1").value() == 2);
  CHECK(o.database.run("UPDATE thing SET size = 1 WHERE name = ?1", "none").value() == 0);
  CHECK(o.database.run("SELECT * FROM thing").value() == 0);
  CHECK(o.database.last_insert_id() == 2);
}

TEST_CASE("the same statement may be in use twice at once") {
  Opened o;
  REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('a'), ('b')"));
  auto outer = o.database.query("SELECT name FROM thing ORDER BY id").value();
  REQUIRE(outer.next().value());
  {
    auto inner = o.database.query("SELECT name FROM thing ORDER BY id").value();
    REQUIRE(inner.next().value());
    REQUIRE(inner.next().value());
    CHECK(inner.text(0) == "b");
  }
  CHECK(outer.text(0) == "a");
  REQUIRE(outer.next().value());
  CHECK(outer.text(0) == "b");
}

TEST_CASE("a transaction happens whole or not at all") {
  Opened o;
  {
    auto transaction = o.database.begin().value();
    REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('lost')"));
  }
  CHECK(count(o.database) == 0);
  auto transaction = o.database.begin().value();
  REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('kept')"));
  CHECK(o.database.run("INSERT INTO thing (name) VALUES ('kept')").error().code == Errc::conflict);
  REQUIRE(transaction.commit());
  CHECK(count(o.database) == 1);
}

TEST_CASE("wrong SQL and a transaction within a transaction are our bugs") {
  Opened o;
  CHECK_THROWS_AS(o.database.run("SELEKT 1"), std::logic_error);
  CHECK_THROWS_AS(o.database.run("SELECT ?1"), std::logic_error);
  CHECK_THROWS_AS(o.database.run("SELECT ?1", 1, 2), std::logic_error);
  const auto transaction = o.database.begin().value();
  CHECK_THROWS_AS(o.database.begin(), std::logic_error);
}

TEST_CASE("a database of an older version is brought up to date once, a newer one is refused") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "catalogue.db";
  {
    auto old = Database::open(file, kOnlyFirst).value();
    REQUIRE(old.run("INSERT INTO thing (name) VALUES ('a')"));
  }
  for (int times = 0; times < 2; ++times) {
    auto database = Database::open(file, kBoth).value();
    CHECK(database.version() == 2);
    auto rows = database.query("SELECT colour FROM thing").value();
    REQUIRE(rows.next().value());
    CHECK(rows.text(0) == "grey");
  }
  const auto refused = Database::open(file, kOnlyFirst);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
}

TEST_CASE("a file that is no database, or another application's, is refused untouched") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "catalogue.db";
  REQUIRE(write_durably(file, as_bytes(std::string(5000, 'x'))));
  CHECK(Database::open(file, kOnlyFirst).error().code == Errc::corrupt);
  CHECK(as_text(read_file(file).value()) == std::string(5000, 'x'));
  const auto other = folder.path() / "other.db";
  REQUIRE(test::shell("sqlite3 " + other.string() + " 'CREATE TABLE bookmarks (a)'").code == 0);
  CHECK(Database::open(other, kOnlyFirst).error().code == Errc::corrupt);
  CHECK(test::shell("sqlite3 " + other.string() + " .tables").output.find("thing") == std::string::npos);
}

TEST_CASE("damage inside the database file is found") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "catalogue.db";
  {
    auto database = Database::open(file, kOnlyFirst).value();
    for (int i = 0; i < 200; ++i)
      REQUIRE(database.run("INSERT INTO thing (name) VALUES (?1)",
                           std::string(100, char('a' + i % 26)) + std::to_string(i)));
    CHECK(database.check_integrity());
  }
  auto bytes = read_file(file).value();
  for (std::size_t at = 4096 * 3; at < 4096 * 3 + 200; ++at) bytes.at(at) ^= 0x5AU;
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  auto database = Database::open(file, kOnlyFirst);
  const auto found = database ? database->check_integrity() : Result<void>(fail(database.error()));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Errc::corrupt);
}

TEST_CASE("a broken reference is found") {
  Opened o;
  REQUIRE(o.database.execute_script("PRAGMA foreign_keys=OFF; INSERT INTO part VALUES (99)"));
  CHECK(o.database.check_integrity().error().code == Errc::corrupt);
}

TEST_CASE("a full database says so, undoes the transaction and goes on when there is room") {
  Opened o;
  const auto limit_pages = [&](int pages) {
    REQUIRE(o.database.run("PRAGMA max_page_count=" + std::to_string(pages)));
  };
  limit_pages(8);
  {
    auto transaction = o.database.begin().value();
    REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('before')"));
    CHECK(o.database.run("INSERT INTO thing (body) VALUES (?1)", Bytes(100000)).error().code ==
          Errc::disk_full);
  }
  CHECK(count(o.database) == 0);
  limit_pages(1000);
  CHECK(o.database.run("INSERT INTO thing (body) VALUES (?1)", Bytes(100000)));
  CHECK(o.database.check_integrity());
}

TEST_CASE("a full disk loses nothing that was committed, and the database opens on it") {
  const test::TinyDisk disk(1024);
  if (!disk.mounted()) return;
  const auto file = disk.path() / "catalogue.db";
  std::int64_t committed = 0;
  {
    auto database = Database::open(file, kOnlyFirst).value();
    Result<int> last = 0;
    while ((last = database.run("INSERT INTO thing (body) VALUES (?1)", Bytes(20000)))) ++committed;
    CHECK(last.error().code == Errc::disk_full);
    CHECK(committed > 5);
  }
  auto database = Database::open(file, kOnlyFirst);
  if (!database) FAIL(database.error().message());
  CHECK(count(*database) == committed);
  CHECK(database->check_integrity());
}

TEST_CASE("a copy of the running database is whole and never overwrites") {
  Opened o;
  REQUIRE(o.database.run("INSERT INTO thing (name) VALUES ('a')"));
  const auto target = o.folder.path() / "copy.db";
  REQUIRE(o.database.copy_to(target));
  CHECK(o.database.copy_to(target).error().code == Errc::conflict);
  auto copy = Database::open(target, kOnlyFirst).value();
  CHECK(count(copy) == 1);
}

TEST_CASE("two processes on one data folder: the second is told who has it") {
  const test::TemporaryFolder folder;
  auto lock = DataFolderLock::take(folder.path());
  REQUIRE(lock);
  const auto refused = test::shell(std::string(MAILROOM_ARCHIVE_CHILD) + " lock " + folder.path().string());
  CHECK(refused.code == 1);
  CHECK(refused.output.find("in use by process " + std::to_string(::getpid())) != std::string::npos);
  lock = fail(Errc::cancelled, "given up");
  CHECK(test::shell(std::string(MAILROOM_ARCHIVE_CHILD) + " lock " + folder.path().string()).code == 0);
}

TEST_CASE("the lock of a killed process is free at once") {
  const test::TemporaryFolder folder;
  auto child = ChildProcess::start({MAILROOM_ARCHIVE_CHILD, {"hold", folder.path().string()}}).value();
  const auto names_child = [&] {
    const auto refused = DataFolderLock::take(folder.path());
    return !refused && refused.error().message().find(std::to_string(child.pid())) != std::string::npos;
  };
  for (int i = 0; i < 500 && !names_child(); ++i) std::this_thread::sleep_for(10ms);
  REQUIRE(names_child());
  child.kill();
  CHECK(DataFolderLock::take(folder.path()));
}
