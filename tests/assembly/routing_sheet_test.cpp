#include <catch2/catch.hpp>
#include <random>

#include "tests/assembly/stack.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::assembly;

namespace {

const RoutingSheet kSheet{RoutingKind::document, "LET", "3300", 12, "AZ 32.1-77/2026"};

Errc code_of(std::string_view text, const std::vector<RoutingKey>& with = keys()) {
  const auto sheet = read_routing_sheet(text, with);
  REQUIRE_FALSE(sheet);
  return sheet.error().code;
}

}  // namespace

TEST_CASE("a routing sheet of every kind is read back from both of its codes") {
  for (const auto* name :
       {"batch", "document", "class", "urgent", "label", "attachment", "envelope", "closed_item", "count"}) {
    auto sheet = kSheet;
    sheet.kind = routing_kind_from(name).value();
    CHECK(name_of(sheet.kind) == name);
    const auto payloads = encode_routing_sheet(sheet, keys()[0]).value();
    CHECK(payloads.code128.size() == 32);
    CHECK(read_routing_sheet(payloads.qr, keys()).value() == sheet);
    sheet.reference.clear();
    CHECK(read_routing_sheet(payloads.code128, keys()).value() == sheet);
  }
}

TEST_CASE("a sheet that says nothing but its kind has dashes for codes") {
  const auto payloads = encode_routing_sheet({RoutingKind::urgent}, keys()[0]).value();
  CHECK(payloads.qr == payloads.code128);
  CHECK(payloads.code128.substr(0, 14) == "MR1U-------000");
  CHECK(read_routing_sheet(payloads.qr, keys()).value() == RoutingSheet{RoutingKind::urgent});
}

TEST_CASE("foreign codes are told from forged ones") {
  for (const auto* text :
       {"", "MR", "PATCHT", "4006381333931", "MR1DLET3300", "https://example.org/MR1DLET3300000AAAAAAAAAA"})
    CHECK(code_of(text) == Errc::not_found);
  const auto good = encode_routing_sheet(kSheet, keys()[0]).value();
  CHECK(code_of(good.code128, {new_routing_key()}) == Errc::refused);
  CHECK(code_of("MR2" + good.code128.substr(3)) == Errc::unsupported);
  CHECK(code_of("MR1Z" + good.code128.substr(4)) == Errc::unsupported);
  CHECK(code_of(good.code128 + "/AZ 32.1-77/2026") == Errc::refused);
  CHECK(code_of(good.qr.substr(0, 32)) == Errc::refused);
}

TEST_CASE("no changed or truncated payload is ever accepted") {
  std::mt19937 random(7);
  const auto good = encode_routing_sheet(kSheet, keys()[0]).value();
  for (const auto& text : {good.qr, good.code128}) {
    for (std::size_t length = 0; length < text.size(); ++length)
      CHECK_FALSE(read_routing_sheet(text.substr(0, length), keys()));
    for (int round = 0; round < 3000; ++round) {
      auto changed = text;
      changed[random() % changed.size()] = static_cast<char>(random());
      if (changed != text) CHECK_FALSE(read_routing_sheet(changed, keys()));
    }
  }
}

TEST_CASE("what does not fit the format is not printed") {
  CHECK_FALSE(encode_routing_sheet({RoutingKind::document, "let", "3300"}, keys()[0]));
  CHECK_FALSE(encode_routing_sheet({RoutingKind::document, "LET", "330"}, keys()[0]));
  CHECK_FALSE(encode_routing_sheet({RoutingKind::count, "", "", 1000}, keys()[0]));
  CHECK_FALSE(encode_routing_sheet({RoutingKind::label, "", "", 0, "klein"}, keys()[0]));
  CHECK_FALSE(encode_routing_sheet({RoutingKind::label, "", "", 0, std::string(41, 'A')}, keys()[0]));
}
