#include <catch2/catch.hpp>

#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/model/summary.h"
#include "daemon/invoice/model/terms.h"

using namespace mailroom;
using namespace mailroom::invoice;

TEST_CASE("a decimal is exact and keeps its sign and places") {
  CHECK(Decimal::parse("0.1").value() + Decimal::parse("0.2").value() == Decimal::parse("0.3").value());
  CHECK(Decimal::parse(" -12.50 ").value().text() == "-12.5");
  CHECK(Decimal::parse("473").value().text(2) == "473.00");
  CHECK(Decimal::parse(".5").value().text() == "0.5");
  CHECK(Decimal::parse("-0.05").value().text() == "-0.05");
  CHECK(Decimal::parse("999999999999999999.99").value().text() == "999999999999999999.99");
  CHECK((Decimal::parse("123456789012.34").value() * Decimal::parse("19").value()).text() ==
        "2345678991234.46");
}

TEST_CASE("what is no decimal number is none") {
  for (const char* text :
       {"", "-", ".", "1,5", "1e3", "12.3.4", "NaN", "1 000", "0x1F", "1234567890123456789", "0.123456789"})
    CHECK_FALSE(Decimal::parse(text));
  CHECK(Decimal::parse("0.1234567800"));
}

TEST_CASE("rounding is XPath's: half goes up, for negative numbers too") {
  const auto rounded = [](const char* text) { return Decimal::parse(text).value().rounded().text(2); };
  CHECK(rounded("1.005") == "1.01");
  CHECK(rounded("1.00499999") == "1.00");
  CHECK(rounded("-1.005") == "-1.00");
  CHECK(rounded("-1.006") == "-1.01");
  CHECK(Decimal::parse("-2.5").value().rounded_to_whole() == Decimal(-2));
}

TEST_CASE("a term is put into the group where the norm has it") {
  Invoice invoice;
  invoice.set(40, "DE");
  invoice.set(27, "Muster GmbH");
  REQUIRE(invoice.root.group(4) != nullptr);
  CHECK(invoice.root.group(4)->value(27) == "Muster GmbH");
  CHECK(invoice.root.group(4)->group(5)->value(40) == "DE");
  CHECK(invoice.value(40) == "DE");
  CHECK(groups_around(160) == std::vector{25, 31, 32});
}

TEST_CASE("terms of the lines are not those of the document") {
  Invoice invoice;
  invoice.root.open(25).open(30).add(152, "19");
  CHECK(invoice.first(152) == nullptr);
  CHECK(invoice.line_count() == 1);
}

TEST_CASE("an invoice survives its JSON form with confidence, source and place") {
  Invoice invoice{.syntax = Syntax::paper};
  invoice.set(1, "RE-1").scheme = "X";
  Term& gross = invoice.set(112, "119.00");
  gross.confidence = 0.97;
  gross.source = "text";
  gross.place = PaperPlace{2, {10, 20, 30, 40}};
  const auto json = to_json(invoice);
  const auto again = invoice_from(json);
  REQUIRE(again);
  CHECK(to_json(*again) == json);
  CHECK(again->first(112)->place->box == Box{10, 20, 30, 40});
  CHECK(json["summary"]["gross"] == "119.00");
}

TEST_CASE("JSON that is no invoice of ours is refused with the reason") {
  CHECK(invoice_from({{"version", 2}}).error().code == Errc::unsupported);
  CHECK(invoice_from(nlohmann::json::array()).error().code == Errc::corrupt);
  CHECK(invoice_from({{"version", 1}, {"syntax", "X"}, {"terms", nullptr}}).error().code ==
        Errc::invalid_input);
}

TEST_CASE("cash discounts are read from the payment terms, other text is left to people") {
  const auto found = cash_discounts(
      "Danke!\n#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=50.00#\n"
      "#SKONTO#TAGE=x#PROZENT=1.00#\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].days == 14);
  CHECK(found[1].percent == Decimal(3));
  CHECK(found[1].base == Decimal(50));
}
