#include <catch2/catch.hpp>
#include <chrono>

#include "daemon/invoice/reading/reading.h"
#include "tests/invoice/samples.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::invoice;
using namespace mailroom::test;

namespace {

constexpr const char* kInvoiceRoot = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";

Reading reading_of(const std::string& xml) {
  return read_and_check(as_bytes(xml));
}

}  // namespace

TEST_CASE("every XML invoice of the samples gives the expected terms and verdict") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  int files = 0;
  for (const auto& row : table((*corpus / "EXPECTED.tsv").string(), 2)) {
    if (!row[0].starts_with("einvoice/") || row[0].starts_with("einvoice/rule-unit") ||
        !row[0].ends_with(".xml"))
      continue;
    ++files;
    CAPTURE(row[0]);
    const auto line = line_of(reading_of(text_of((*corpus / row[0]).string())));
    const auto parts = split(row[1], ';');
    CHECK(line["verdict"] == (parts[0].starts_with("valid") ? "valid" : "invalid"));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string name = parts[i].substr(1, parts[i].find('=') - 1);
      const std::string value = parts[i].substr(parts[i].find('=') + 1);
      CAPTURE(name);
      if (name == "syntax") CHECK(line["syntax"] == value);
      if (name == "lines") CHECK(std::to_string(line["lines"].get<int>()) == value);
      if (name.starts_with("BT-")) CHECK(line["terms"].value(name, "") == value);
    }
  }
  CHECK(files > 15);
}

TEST_CASE("what is no invoice is told apart: an order, other XML, broken XML") {
  const auto order = line_of(reading_of(
      R"(<x:SCRDMCCBDACIOMessageStructure xmlns:x="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>)"));
  CHECK(order["verdict"] == "unknown");
  CHECK(order["findings"][0]["rule"] == "MR-ORDER");
  CHECK(line_of(reading_of("<html/>"))["findings"][0]["rule"] == "MR-NO-INVOICE");
  const auto broken = line_of(reading_of("<a><b></a>"));
  CHECK(broken["verdict"] == "invalid");
  CHECK(broken["findings"][0]["rule"] == "MR-XML");
}

TEST_CASE("an invoice's root in another namespace is no invoice") {
  std::string xml = small_invoice();
  xml.replace(xml.find(kInvoiceRoot), std::string(kInvoiceRoot).size(), "urn:example");
  CHECK_FALSE(reading_of(xml).invoice);
}

TEST_CASE("two invoices in one file that differ are nobody's choice but a person's") {
  std::vector<Reading> same, different;
  for (const char* payable : {"119.00", "119.00"}) same.push_back(reading_of(small_invoice(payable)));
  for (const char* payable : {"119.00", "120.00"}) different.push_back(reading_of(small_invoice(payable)));
  CHECK(choose(std::move(same)).invoice);
  const auto line = line_of(choose(std::move(different)));
  CHECK(line["findings"][0]["rule"] == "MR-SEVERAL");
  CHECK(line["decision"] == "clarify");
}

TEST_CASE("an invoice of ten thousand lines is read and checked within seconds") {
  std::string xml = small_invoice();
  const auto begin = xml.find("<cac:InvoiceLine>");
  const auto end = xml.find("</ubl:Invoice>");
  const std::string line = xml.substr(begin, end - begin);
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += line;
  xml.replace(begin, end - begin, lines);
  const auto start = std::chrono::steady_clock::now();
  const auto reading = reading_of(xml);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  REQUIRE(reading.invoice);
  CHECK(reading.invoice->line_count() == 10'000);
  CHECK(reading.report.verdict == Verdict::invalid);
}
