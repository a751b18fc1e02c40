#include "daemon/crypto/canonical_json.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace mailroom;
using nlohmann::json;

TEST_CASE("canonical JSON sorts keys, drops white space and escapes only what RFC 8785 escapes") {
  const auto value =
      json::parse(R"({ "b" : [1, -2, null, true], "a" : "\u00e4\u20ac\u0008\u001f\/\"\\ \u007f" })");
  CHECK(canonical_json(value).value() == "{\"a\":\"ä€\\b\\u001f/\\\"\\\\ \x7f\",\"b\":[1,-2,null,true]}");
}

TEST_CASE("what has no canonical form is refused instead of rounded") {
  CHECK(canonical_json({{"width", 210.5}}).error().code == Errc::invalid_input);
  CHECK(canonical_json(json::array({std::numeric_limits<double>::infinity()})).error().code ==
        Errc::invalid_input);
  CHECK(canonical_json((std::int64_t(1) << 53) + 1).error().code == Errc::invalid_input);
  CHECK(canonical_json(std::uint64_t(std::numeric_limits<std::uint64_t>::max())).error().code ==
        Errc::invalid_input);
  CHECK(canonical_json({{"größe", 1}}).error().code == Errc::invalid_input);
  CHECK(canonical_json({{"name", "M\xfcller"}}).error().code == Errc::invalid_input);
  CHECK(canonical_json(std::int64_t(1) << 53).value() == "9007199254740992");
}
