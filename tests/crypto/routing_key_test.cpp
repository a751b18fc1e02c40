#include "daemon/crypto/routing_key.h"

#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;

TEST_CASE("routing keys survive being written and read, the newest first") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "routing.key";
  const std::vector<RoutingKey> keys = {new_routing_key(), new_routing_key()};
  REQUIRE(write_durably(file, as_bytes(to_text(keys)), 0600));
  const auto read = read_routing_keys(file).value();
  REQUIRE(read.size() == 2);
  CHECK(read[0].id == keys[0].id);
  CHECK(read[0].key == keys[0].key);
  CHECK(read[1].key == keys[1].key);
  CHECK(read[0].id.size() == 2);
  CHECK(read[0].key.size() == 32);
}

TEST_CASE("a damaged file of routing keys is named with its line") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "routing.key";
  const auto key = new_routing_key();
  auto text = to_text({key, key});
  text[text.size() - 10] = text[text.size() - 10] == '0' ? '1' : '0';
  REQUIRE(write_durably(file, as_bytes(text), 0600));
  const auto damaged = read_routing_keys(file);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == Errc::corrupt);
  CHECK(damaged.error().place.line == 3);
  CHECK(damaged.error().message().find(to_hex(key.key)) == std::string::npos);

  REQUIRE(write_durably(file, as_bytes("mailroom-routing-keys 2\n"), 0600));
  CHECK(read_routing_keys(file).error().place.line == 1);
  REQUIRE(write_durably(file, as_bytes("mailroom-routing-keys 1\n"), 0600));
  CHECK(read_routing_keys(file).error().code == Errc::corrupt);
}

TEST_CASE("a key file that others may read is refused") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "routing.key";
  REQUIRE(write_durably(file, as_bytes(to_text({new_routing_key()})), 0640));
  CHECK(read_routing_keys(file).error().code == Errc::refused);
  CHECK(read_routing_keys(folder.path() / "none").error().code == Errc::not_found);
}
