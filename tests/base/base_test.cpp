#include <catch2/catch.hpp>

#include <fstream>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/uuid.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace std::chrono_literals;

TEST_CASE("base64 and base32 follow the vectors of RFC 4648") {
  CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
  CHECK(to_base64(as_bytes("fooba")) == "Zm9vYmE=");
  CHECK(to_base32(as_bytes("fooba")) == "MZXW6YTB");
  CHECK(as_text(from_base64("Zm9vYg==").value()) == "foob");
  CHECK_FALSE(from_base64("Zm9v!g==").has_value());
  CHECK_FALSE(from_base64("Zm9").has_value());
}

TEST_CASE("a time survives being written and read") {
  const auto time = from_rfc3339("2026-03-29T00:59:59.999Z").value();
  CHECK(to_rfc3339(time) == "2026-03-29T00:59:59.999Z");
  CHECK(to_rfc3339(time + 1ms) == "2026-03-29T01:00:00.000Z");
  CHECK_FALSE(from_rfc3339("2026-02-30T00:00:00.000Z").has_value());
  CHECK_FALSE(from_rfc3339("2026-03-29 00:59:59").has_value());
}

TEST_CASE("ids ascend even when the clock steps back an hour") {
  ManualClock clock(from_rfc3339("2026-10-25T01:30:00.000Z").value());
  const auto before = new_uuid(clock);
  clock.advance(-1h);
  const auto after = new_uuid(clock);
  CHECK(is_uuid7(before));
  CHECK(before < after);
}

TEST_CASE("a file is written whole or not at all") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a";
  REQUIRE(write_durably(path, as_bytes("first")));
  CHECK(as_text(read_file(path).value()) == "first");
  const auto failed = write_durably(folder.path() / "no/such/folder", as_bytes("x"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == Errc::not_found);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a file larger than allowed is refused before it is read") {
  const test::TemporaryFolder folder;
  REQUIRE(write_durably(folder.path() / "a", as_bytes("12345")));
  CHECK(read_file(folder.path() / "a", 4).error().code == Errc::refused);
  CHECK(read_file(folder.path(), 4).error().code == Errc::invalid_input);
}

TEST_CASE("an error tells what, where and what to do") {
  Error error{Errc::paper_jam, "paper jam", Place::on_device("fi-7600"), "open the cover"};
  error.place.page = "17 front";
  CHECK(error.message() == "paper jam (device fi-7600, page 17 front) - open the cover");
}
