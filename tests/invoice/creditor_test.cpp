#include <catch2/catch.hpp>

#include "daemon/invoice/creditors/creditor.h"
#include "tests/invoice/drawn_invoice.h"

using namespace mailroom;
using namespace mailroom::invoice;

namespace {

std::string refusal(const std::string& csv) {
  const auto creditors = creditors_from_csv(csv);
  return creditors ? "" : creditors.error().message();
}

PaperInvoice about(const std::string& words) {
  PaperInvoice invoice;
  invoice.folded_text = fold(words);
  invoice.postcodes = {"35043"};
  return invoice;
}

}  // namespace

TEST_CASE("creditors are imported from CSV, several accounts of one id together") {
  const auto creditors = creditors_from_csv(
      "\xEF\xBB\xBFid;name;iban;vat_id\r\n7;\"Muster; \"\"Söhne\"\"\";DE89 3704 0044 0532 0130 "
      "00;DE136695976\r\n"
      "7;\"Muster; \"\"Söhne\"\"\";DE02120300000000202051;DE136695976\r\n8;Zweite AG;;\r\n");
  REQUIRE(creditors);
  REQUIRE(creditors->size() == 2);
  CHECK(creditors->front().name == "Muster; \"Söhne\"");
  CHECK(creditors->front().accounts.size() == 2);
  CHECK(creditors->back().accounts.empty());
}

TEST_CASE("a wrong import names its line and takes nothing over") {
  CHECK(refusal("").find("empty") != std::string::npos);
  CHECK(refusal("id;nam\n").find("line 1") != std::string::npos);
  CHECK(refusal("name\nX\n").find("\"id\"") != std::string::npos);
  CHECK(refusal("id;name;iban\n1;A;DE00370400440532013000\n").find("line 2") != std::string::npos);
  CHECK(refusal("id;name;vat_id\n1;A;DE123456789\n").find("line 2") != std::string::npos);
  CHECK(refusal("id;name\n1;A;B\n").find("line 2") != std::string::npos);
  CHECK(refusal("id;name\n1;A\n1;B\n").find("line 3") != std::string::npos);
  CHECK(refusal("id;name\n1;\"A\n").find("line 2") != std::string::npos);
  CHECK(refusal("id;name\n;A\n").find("line 2") != std::string::npos);
}

TEST_CASE("a creditor is known by VAT id, IBAN, tax number, or name with address; a name alone is no proof") {
  const auto imported = creditors_from_csv(test::creditors_csv());
  REQUIRE(imported);
  const CreditorBook book(*imported);
  auto invoice = about("Stadtwerke Lahntal AG");
  CHECK_FALSE(book.match(invoice).certain());
  CHECK(book.match(invoice).creditor->id == "70004");
  invoice = about("Stadtwerke Lahntal AG, Uferweg 120, 35043 Marburg");
  CHECK(book.match(invoice).by == MatchedBy::name_and_address);
  CHECK(book.match(invoice).certain());
  invoice.set({"seller_tax_number", "31 234 56789", 1, "text", "", {}});
  CHECK(book.match(invoice).creditor->id == "70004");  // not the number of anybody
  invoice.set({"seller_tax_number", "031/234/56789", 1, "text", "", {}});
  CHECK(book.match(invoice).by == MatchedBy::tax_number);
  CHECK(book.match(invoice).creditor->id == "70001");
  invoice.ibans = {"DE02120300000000202051"};
  CHECK(book.match(invoice).contradicted);
  CHECK_FALSE(book.match(invoice).certain());
}

TEST_CASE("twenty thousand creditors are searched in no time") {
  std::string csv = "id;name;street;postcode;city;iban\n";
  for (int i = 0; i < 20000; ++i)
    csv += std::to_string(i) + ";Firma " + std::to_string(i) + " GmbH;Weg " + std::to_string(i) + ";35" +
           std::to_string(100 + i % 900) + ";Ort;\n";
  const auto imported = creditors_from_csv(csv);
  REQUIRE(imported);
  const CreditorBook book(*imported);
  CHECK(book.all().size() == 20000);
  auto invoice = about("Firma 943 GmbH Weg 943");
  invoice.postcodes = {"35143"};
  CHECK(book.match(invoice).creditor->id == "943");
}

TEST_CASE("creditors are found by each of the words, in number, name, town or VAT id") {
  const CreditorBook book({{"70001", "Gärtnerei Müßiggang GmbH", "", "35999", "Lahnfels", "DE136695976", "", {}},
                           {"70002", "Gärtnerei Grün", "", "35037", "Marburg", "", "", {}}});
  const auto ids = [&](std::string_view text, std::size_t limit = 20) {
    std::string found;
    for (const auto* creditor : book.search(text, limit)) found += creditor->id + " ";
    return found;
  };
  CHECK(ids("gaertnerei") == "70001 70002 ");
  CHECK(ids("Gärtnerei Marburg") == "70002 ");
  CHECK(ids("70001") == "70001 ");
  CHECK(ids("de136695976") == "70001 ");
  CHECK(ids("gärtnerei", 1) == "70001 ");
  CHECK(ids("Baumarkt").empty());
  CHECK(ids(" . ").empty());
}
