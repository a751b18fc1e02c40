#include "daemon/invoice/records/own_numbers.h"

#include <catch2/catch.hpp>

#include "daemon/invoice/xml/read_xml.h"
#include "tests/invoice/drawn_invoice.h"
#include "tests/invoice/samples.h"

using namespace mailroom;
using namespace mailroom::test;
using invoice::own_numbers;

namespace {

constexpr const char* kOrders = "B-20[0-9]{2}-[0-9]{5}";

std::vector<std::string> found_on(const DrawnPage& page, const std::string& pattern) {
  std::vector<std::string> values;
  for (const auto& field : own_numbers({{"p1", &page.report()}}, "order_number", pattern))
    values.push_back(field.value);
  return values;
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("a number of the house is found by its form wherever it stands, once") {
  DrawnPage page;
  page.text(20, 40, "Ihre Bestellung B-2026-00991 vom 2. Mai")
      .text(20, 60, "(B-2026-00991) und B-2026-00017.");
  CHECK(found_on(page, kOrders) == Values{"B-2026-00991", "B-2026-00017"});
}

TEST_CASE("what fits within a longer word is no number of the house") {
  DrawnPage page;
  page.text(20, 40, "XB-2026-00991 B-2026-009913 B-2026-0099");
  CHECK(found_on(page, kOrders).empty());
}

TEST_CASE("with a group the words around it count and the group is the number") {
  DrawnPage page;
  page.text(20, 40, "Anlage: 12345678").text(20, 60, "Tel. 87654321");
  CHECK(found_on(page, "Anlage:? ?([0-9]{8})") == Values{"12345678"});
}

TEST_CASE("a number has the place and the confidence of its weakest word") {
  DrawnPage page;
  page.text(20, 40, "Anlage 12345678");
  page.report().words.back().confidence = 0.4;
  const auto found = own_numbers({{"p1", &page.report()}}, "asset_number", "Anlage ([0-9]{8})");
  REQUIRE(found.size() == 1);
  CHECK(found[0].confidence == Approx(0.4));
  CHECK(found[0].page == "p1");
  CHECK(found[0].box.width > 0);
}

TEST_CASE("without a form nothing is found") {
  DrawnPage page;
  page.text(20, 40, "B-2026-00991");
  CHECK(found_on(page, "").empty());
}

TEST_CASE("in an electronic invoice any term may hold the number") {
  auto xml = small_invoice();
  const auto at = xml.find("<cbc:DocumentCurrencyCode>");
  xml.insert(at, "<cbc:Note>Anlage AN-004711, Bestellung B-2026-00991</cbc:Note>");
  const auto read = invoice::read_xml(as_bytes(xml)).value();
  const auto orders = own_numbers(read, "order_number", kOrders);
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].value == "B-2026-00991");
  CHECK(orders[0].source == "xml");
  CHECK(own_numbers(read, "asset_number", "AN-[0-9]{6}").at(0).value == "AN-004711");
}
