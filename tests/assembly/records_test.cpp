#include "daemon/assembly/records.h"

#include <catch2/catch.hpp>

#include "tests/assembly/stack.h"
#include "tests/invoice/drawn_invoice.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;

namespace {

/// One invoice that came before.
struct Before : invoice::InvoiceMemory {
  std::vector<invoice::EarlierInvoice> alike(const std::string& key, const std::string& /*gross*/,
                                             std::uint64_t /*likeness*/) const override {
    if (key != invoice::number_key(earlier.number)) return {};
    return std::vector<invoice::EarlierInvoice>(std::size_t(times), earlier);
  }
  std::vector<std::string> numbers_of(const std::string&) const override { return {}; }
  std::vector<invoice::Anchor> anchors_of(const std::string&) const override { return {}; }
  std::vector<RecordLink> vouchers_of(const std::string& document) const override {
    return document == earlier.document
               ? std::vector<RecordLink>{{"voucher", "order-b-2026-00991", "Bestellung"}}
               : std::vector<RecordLink>();
  }

  invoice::EarlierInvoice earlier{"26-00001-1", "70001", "R-4711", "119.00", 0};
  int times = 1;
};

Configuration with_class_of(const char* document_class) {
  auto configuration = shipped();
  configuration.profiles.at("post").document_class = document_class;
  configuration.classes.at(document_class).gate = Gate::none;
  return configuration;
}

/// A sheet of the class, put together with what is remembered.
class Paper {
 public:
  Paper(const char* document_class, const DrawnPage& page) : configuration_(with_class_of(document_class)) {
    stack_.sheet(page.report());
  }

  assembly::Assembly assemble(const std::vector<assembly::Resolution>& answers = {}) const {
    const invoice::CreditorBook book(std::vector<invoice::Creditor>{});
    const assembly::InvoiceRoom room{book, before};
    return assembly::assemble(stack_.batch, stack_.pages, answers, configuration_, keys(), {}, &room);
  }

  Before before;

 private:
  Configuration configuration_;
  Stack stack_;
};

DrawnPage page_with(const std::string& words) {
  DrawnPage page;
  page.text(20, 40, words);
  return page;
}

using Reasons = std::vector<std::string>;
using Records = std::vector<RecordLink>;

std::string field(const assembly::AssembledDocument& document, const std::string& name) {
  for (const auto& field : document.fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace

TEST_CASE("an order belongs to the voucher record of its number") {
  const auto put = Paper("order", page_with("Bestellung B-2026-00991")).assemble();
  CHECK(reasons(put).empty());
  CHECK(put.documents.at(0).records == Records{{"voucher", "order-b-2026-00991", "Bestellung B-2026-00991"}});
  CHECK(field(put.documents.at(0), "order_number") == "B-2026-00991");
}

TEST_CASE("an order that names none or several is asked about, and the answer is its record") {
  for (const auto* words : {"Bestellung", "Bestellung B-2026-00991 und B-2026-00017"}) {
    const Paper paper("order", page_with(words));
    const auto open = paper.assemble();
    REQUIRE(reasons(open) == Reasons{"order_number_open"});
    CHECK(open.documents.at(0).records.empty());
    const auto said = answer(open.clarifications[0], "set_fields", {{"order_number", "B-2026-00017"}});
    const auto put = paper.assemble({said});
    CHECK(reasons(put).empty());
    CHECK(put.documents.at(0).records.at(0).key == "order-b-2026-00017");
    CHECK(field(put.documents.at(0), "order_number") == "B-2026-00017");
  }
}

TEST_CASE("a number that was not read surely makes no record") {
  auto page = page_with("Bestellung B-2026-00991");
  page.report().words.back().confidence = 0.6;
  CHECK(reasons(Paper("order", page).assemble()) == Reasons{"order_number_open"});
}

TEST_CASE("a second number, even one in doubt, leaves open which one the order is") {
  auto page = page_with("Rahmenvertrag B-2026-00991 Bestellung B-2026-00017");
  page.report().words.back().confidence = 0.5;
  CHECK(reasons(Paper("order", page).assemble()) == Reasons{"order_number_open"});
}

TEST_CASE("a person may say that an order belongs to no record") {
  const Paper paper("order", page_with("Bestellung"));
  const auto open = paper.assemble();
  const auto put = paper.assemble({answer(open.clarifications.at(0), "confirm")});
  CHECK(reasons(put).empty());
  CHECK(put.documents.at(0).records.empty());
}

TEST_CASE("an answer without the number leaves the question open") {
  const Paper paper("order", page_with("Bestellung"));
  const auto open = paper.assemble();
  const auto put = paper.assemble({answer(open.clarifications.at(0), "set_fields", {{"iban", "x"}})});
  CHECK(reasons(put) == Reasons{"order_number_open"});
}

TEST_CASE("a payment order joins the record of the one invoice whose number and amount it names") {
  DrawnPage page;
  page.text(20, 40, "Auszahlungsanordnung").text(20, 60, "Rechnungsnummer: R-4711");
  page.text(120, 120, "Nettobetrag").right(190, 120, "100,00");
  page.text(120, 130, "Umsatzsteuer 19 %").right(190, 130, "19,00");
  page.text(120, 140, "Gesamtbetrag").right(190, 140, "119,00 EUR").text(20, 200, "R-4711");
  Paper paper("payment-order", page);
  const auto put = paper.assemble();
  CHECK(reasons(put).empty());
  REQUIRE(put.documents.at(0).records.size() == 1);
  CHECK(put.documents.at(0).records[0].key == "order-b-2026-00991");

  paper.before.times = 2;  // which of two?
  CHECK(reasons(paper.assemble()) == Reasons{"order_number_open"});
  paper.before.times = 1;
  paper.before.earlier.gross = "120.00";
  CHECK(reasons(paper.assemble()) == Reasons{"order_number_open"});
}

TEST_CASE("a paper about an asset belongs to the asset that it names") {
  const auto put = Paper("asset", page_with("Lieferung der Kehrmaschine, AN-004711")).assemble();
  CHECK(reasons(put).empty());
  CHECK(put.documents.at(0).records == Records{{"asset", "an-004711", "AN-004711"}});
  CHECK(reasons(Paper("asset", page_with("Kehrmaschine")).assemble()) == Reasons{"asset_number_open"});
}

TEST_CASE("keys keep apart what differs in more than the size of its letters") {
  CHECK(assembly::record_key("B-2026-1/2") == "b-2026-1-2");
  CHECK(assembly::record_key("B-2026-1/2") != assembly::record_key("B-2026-12"));
  CHECK(assembly::record_key("AN-1") != assembly::record_key("AN-I"));
}
