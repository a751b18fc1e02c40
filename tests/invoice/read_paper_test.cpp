#include <catch2/catch.hpp>

#include "daemon/invoice/paper/paper_invoice.h"
#include "tests/invoice/drawn_invoice.h"

using namespace mailroom;
using namespace mailroom::invoice;
using test::DrawnPage;

namespace {

PaperInvoice read(const std::vector<PageReport>& reports, const std::vector<Anchor>& anchors = {}) {
  std::vector<PaperPage> pages;
  for (std::size_t i = 0; i < reports.size(); ++i)
    pages.push_back({"page-" + std::to_string(i + 1), &reports[i]});
  return read_paper(pages, anchors);
}

DrawnPage plain_invoice(const std::string& title = "Rechnung Nr. 4711") {
  DrawnPage page;
  page.text(25, 90, title, 14).text(25, 100, "Datum: 05.03.2026");
  page.text(100, 150, "Summe netto").right(190, 150, "100,00 €");
  page.text(100, 156, "19 % MwSt").right(190, 156, "19,00 €");
  page.text(100, 162, "Gesamtbetrag").right(190, 162, "119,00 €");
  return page;
}

}  // namespace

TEST_CASE("every field of scores of drawn invoices is read, whatever the layout") {
  for (std::uint32_t seed = 0; seed < 80; ++seed) {
    const auto drawn = test::draw_invoice(seed);
    const auto invoice = read(drawn.pages);
    for (const auto& [name, value] : drawn.truth) {
      INFO("seed " << seed << ", " << name);
      CHECK(invoice.value(name) == value);
    }
    CHECK(invoice.kind == PaperKind::invoice);
    CHECK(invoice.totals.rates_close);
  }
}

TEST_CASE("a page that was fed upside down or askew reads the same") {
  for (const int rotation : {90, 180, 270}) {
    auto drawn = test::draw_invoice(5);
    for (auto& page : drawn.pages) {
      const int width = page.width, height = page.height;
      for (auto& word : page.words) word.box = upright(word.box, width, height, 360 - rotation);
      if (rotation != 180) std::swap(page.width, page.height);
      page.rotation = rotation;
    }
    const auto invoice = read(drawn.pages);
    for (const auto& [name, value] : drawn.truth) {
      INFO(rotation << " " << name);
      CHECK(invoice.value(name) == value);
    }
  }
  auto askew = test::draw_invoice(6);
  for (auto& page : askew.pages) {
    page.skew_degrees = 1.5;
    for (auto& word : page.words) word.box.y -= int(0.02619 * (word.box.x + word.box.width / 2.0));
  }
  CHECK(read(askew.pages).value("gross_amount") == askew.truth.at("gross_amount"));
}

TEST_CASE("a field knows its place, source and confidence") {
  const auto page = plain_invoice();
  const auto invoice = read({page.report()});
  const auto* number = invoice.field("invoice_number");
  REQUIRE(number);
  CHECK(number->value == "4711");
  CHECK(number->page == "page-1");
  CHECK(number->source == "text");
  CHECK(number->box.width > 0);
  CHECK(number->confidence > 0.8);
}

TEST_CASE("the sums correct a digit that was misread, and say so") {
  auto page = plain_invoice();
  for (auto& word : page.report().words) {
    if (word.text == "119,00") word.text = "179,00";
  }
  const auto invoice = read({page.report()});
  CHECK(invoice.value("gross_amount") == "119.00");
  CHECK(invoice.field("gross_amount")->source == "computed");
  CHECK(invoice.totals.gross->corrected);
  CHECK(invoice.field("gross_amount")->confidence < 0.85);
}

TEST_CASE("check digits correct an IBAN when only one digit makes them hold") {
  auto page = plain_invoice();
  page.text(25, 250, "IBAN: DEO2 1203 0000 0000 2020 5l");
  CHECK(read({page.report()}).value("iban") == "DE02120300000000202051");
}

TEST_CASE("bank code and account number say which of several repairs of an IBAN is meant") {
  auto page = plain_invoice();
  page.text(25, 250, "IBAN-Nr.: DEO3 7009 0100 1234 5678 90");
  CHECK(read({page.report()}).value("iban") != "DE08700901001234567890");
  page.text(120, 250, "Kontonr.: 1234 5678 90").text(120, 255, "BLZ: 700 901 00");
  const auto invoice = read({page.report()});
  CHECK(invoice.value("iban") == "DE08700901001234567890");
  CHECK(invoice.field("iban")->source == "computed");
}

TEST_CASE("totals that contradict each other are never taken for closed sums") {
  DrawnPage page;
  page.text(25, 90, "Rechnung Nr. 4711", 14);
  page.text(100, 150, "Summe netto").right(190, 150, "100,00");
  page.text(100, 156, "19 % MwSt").right(190, 156, "19,00");
  page.text(100, 162, "Gesamtbetrag").right(190, 162, "119,55");
  const auto invoice = read({page.report()});
  CHECK_FALSE(
      (invoice.totals.sums_close && !invoice.totals.contradicted && !invoice.totals.gross->corrected));
}

TEST_CASE("prepayments, negative amounts and zero invoices are understood or left open") {
  DrawnPage page = plain_invoice();
  page.text(100, 168, "Erhaltene Anzahlung").right(190, 168, "-50,00 €");
  page.text(100, 174, "Zahlbetrag").right(190, 174, "69,00 €");
  const auto invoice = read({page.report()});
  CHECK(invoice.value("prepaid_amount") == "50.00");
  CHECK(invoice.value("payable_amount") == "69.00");
  DrawnPage zero;
  zero.text(25, 90, "Rechnung Nr. 1", 14).text(100, 150, "Gesamtbetrag").right(190, 150, "0,00 €");
  CHECK_FALSE(read({zero.report()}).totals.sums_close);
}

TEST_CASE("Skonto and the due date are read from the sentence or counted from the date") {
  DrawnPage page = plain_invoice();
  page.text(25, 200, "Zahlbar innerhalb 30 Tagen netto, 3% Skonto innerhalb 10 Tagen");
  const auto invoice = read({page.report()});
  CHECK(invoice.value("skonto_percent") == "3.00");
  CHECK(invoice.value("skonto_date") == "2026-03-15");
  CHECK(invoice.value("due_date") == "2026-04-04");
}

TEST_CASE("an invoice is told from what only looks like one") {
  const auto kind = [](const std::string& title) { return read({plain_invoice(title).report()}).kind; };
  CHECK(kind("Rechnung Nr. 4711") == PaperKind::invoice);
  CHECK(kind("2. Mahnung zur Rechnung 4711") == PaperKind::reminder);
  CHECK(kind("Zahlungserinnerung") == PaperKind::reminder);
  CHECK(kind("Angebot Nr. 4711") == PaperKind::offer);
  CHECK(kind("Lieferschein 4711") == PaperKind::delivery_note);
  CHECK(kind("Auftragsbestätigung 4711") == PaperKind::order_confirmation);
  CHECK(kind("Gutschrift Nr. 4711") == PaperKind::credit_note);
  CHECK(kind("Kontoauszug") == PaperKind::statement);
  CHECK(kind("Guten Tag") == PaperKind::unknown);
}

TEST_CASE("a second invoice in the same document is noticed, a second page of the same is none") {
  const auto first = plain_invoice("Rechnung Nr. 4711"), second = plain_invoice("Rechnung Nr. 4712");
  CHECK(read({first.report(), second.report()}).starts == std::vector<std::string>{"page-2"});
  CHECK(read({first.report(), first.report()}).starts.empty());
}

TEST_CASE("what a person corrected teaches where this creditor puts it") {
  DrawnPage page;
  page.text(25, 90, "Rechnung", 14)
      .text(120, 90, "Vorgang 99-88")
      .text(150, 95, "X-1234")
      .text(120, 95, "Zeichen");
  const auto anchor = learn_anchor({"p", &page.report()}, "invoice_number", "X-1234");
  REQUIRE(anchor);
  DrawnPage next;
  next.text(25, 90, "Rechnung", 14)
      .text(120, 90, "Vorgang 99-89")
      .text(150, 95, "X-1299")
      .text(120, 95, "Zeichen");
  CHECK(read({next.report()}).value("invoice_number") != "X-1299");
  CHECK(read({next.report()}, {*anchor}).value("invoice_number") == "X-1299");
  CHECK_FALSE(learn_anchor({"p", &page.report()}, "invoice_number", "nowhere"));
}

TEST_CASE("bad input is read without harm") {
  PageReport empty;
  CHECK(read({empty}).kind == PaperKind::unknown);
  CHECK(read({}).fields.size() == 1);  // the currency one assumes
  PageReport odd;
  odd.dpi = 0;
  odd.words = {{"Rechnung", {-5, -5, 0, 0}, 2, 0, 0}, {"\xff\xfe", {0, 0, 1, 1}, -1, 0, 0},
               {"%", {1, 1, 1, 1}, 0.5, 0, 0},        {"-", {1, 1, 1, 1}, 0.5, 0, 0},
               {"IBAN", {1, 1, 1, 1}, 0.5, 0, 0},     {"DE", {3, 1, 1, 1}, 0.5, 0, 0}};
  (void)read({odd});
  DrawnPage crowded;
  for (int i = 0; i < 1500; ++i) crowded.right(190, 0.18 * i, std::to_string(100 + i) + ",19 19% Summe", 4);
  (void)read({crowded.report()});
}
