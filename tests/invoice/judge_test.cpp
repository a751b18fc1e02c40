#include <catch2/catch.hpp>

#include "daemon/base/bytes.h"
#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/paper/written_values.h"
#include "tests/invoice/drawn_invoice.h"

using namespace mailroom;
using namespace mailroom::invoice;

namespace {

struct Memory : InvoiceMemory {
  std::vector<EarlierInvoice> earlier;
  std::vector<std::string> numbers;
  std::vector<EarlierInvoice> alike(const std::string&, const std::string&, std::uint64_t) const override {
    return earlier;
  }
  std::vector<std::string> numbers_of(const std::string&) const override { return numbers; }
  std::vector<Anchor> anchors_of(const std::string&) const override { return {}; }
};

class Desk {
 public:
  Desk() : book(creditors_from_csv(test::creditors_csv()).value()) {}

  Judgement judge(const test::DrawnInvoice& drawn) const {
    std::vector<PaperPage> pages;
    for (std::size_t i = 0; i < drawn.pages.size(); ++i)
      pages.push_back({"page-" + std::to_string(i + 1), &drawn.pages[i]});
    return invoice::judge(read_paper(pages), persons, {{buyer}}, book, memory,
                          iso_date(day_number(drawn.truth.at("invoice_date")) + 4));
  }
  std::vector<std::string> reasons(const test::DrawnInvoice& drawn) const {
    std::vector<std::string> names;
    for (const auto& doubt : judge(drawn).doubts) names.push_back(doubt.reason);
    return names;
  }

  CreditorBook book;
  Memory memory;
  PersonsSay persons;
  std::string buyer = test::kDrawnBuyer;
};

using Reasons = std::vector<std::string>;

/// The next seed from `seed` on whose invoice may pass without a person.
std::uint32_t sound(std::uint32_t seed) {
  while (!test::draw_invoice(seed).repeats) ++seed;
  return seed;
}

void replace_word(test::DrawnInvoice& drawn, const std::string& from, const std::string& to) {
  for (auto& page : drawn.pages) {
    for (auto& word : page.words) {
      if (const auto at = word.text.find(from); at != std::string::npos)
        word.text.replace(at, from.size(), to);
    }
  }
}

}  // namespace

TEST_CASE(
    "a number that is one digit off the year of the invoice is asked about, however often it stands there") {
  const Desk desk;
  auto drawn = test::draw_invoice(sound(3));
  const auto year = drawn.truth.at("invoice_date").substr(0, 4);
  const auto number = drawn.truth.at("invoice_number");
  replace_word(drawn, number, year + "/5142");
  CHECK(desk.reasons(drawn).empty());
  replace_word(drawn, year + "/5142", "7" + year.substr(1) + "/5142");
  CHECK(desk.reasons(drawn) == Reasons{"invoice_fields"});
}

TEST_CASE("a sound invoice of a known creditor to us passes without a person") {
  const Desk desk;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const auto drawn = test::draw_invoice(seed);
    const auto judgement = desk.judge(drawn);
    INFO("seed " << seed);
    CHECK(judgement.doubts.empty() == drawn.repeats);
    CHECK(judgement.creditor == drawn.creditor);
  }
}

TEST_CASE("no wrong value passes without a person, however badly the page was read") {
  const Desk desk;
  int passed = 0;
  for (const double rate : {0.001, 0.005, 0.02}) {
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
      auto drawn = test::draw_invoice(seed);
      test::misread(drawn, rate, seed + 5);
      const auto judgement = desk.judge(drawn);
      if (!judgement.doubts.empty()) continue;
      ++passed;
      for (const auto& field : judgement.fields) {
        const auto meant = drawn.truth.find(field.name);
        INFO("rate " << rate << ", seed " << seed << ", " << field.name);
        if (meant != drawn.truth.end()) CHECK(field.value == meant->second);
      }
    }
  }
  CHECK(passed > 100);
}

TEST_CASE("a number and a date that stand on the paper only once are shown to a person") {
  const Desk desk;
  std::uint32_t seed = 0;
  while (test::draw_invoice(seed).repeats) ++seed;
  const auto doubts = desk.judge(test::draw_invoice(seed)).doubts;
  REQUIRE(doubts.size() == 1);
  CHECK(doubts[0].values.at("fields") == "invoice_date, invoice_number");
}

TEST_CASE("an unknown creditor, another buyer and another currency are asked about") {
  Desk desk;
  const auto drawn = test::draw_invoice(sound(1));
  desk.buyer = "Stadt Marburg";
  CHECK(desk.reasons(drawn) == Reasons{"invoice_buyer"});
  desk.persons.confirmed = {"invoice_buyer"};
  CHECK(desk.reasons(drawn).empty());
  desk.book = CreditorBook();
  CHECK(desk.reasons(drawn) == Reasons{"invoice_creditor"});
}

TEST_CASE("a changed account of a known creditor needs two answers") {
  Desk desk;
  auto drawn = test::draw_invoice(sound(2));
  std::vector<Creditor> creditors = desk.book.all();
  for (auto& creditor : creditors) creditor.accounts = {{"DE02701500000000594937", ""}};
  desk.book = CreditorBook(creditors);
  CHECK(desk.reasons(drawn) == Reasons{"invoice_iban_changed", "invoice_iban_second"});
  desk.persons.confirmed = {"invoice_iban_changed"};
  CHECK(desk.reasons(drawn) == Reasons{"invoice_iban_second"});
  desk.persons.confirmed.insert("invoice_iban_second");
  CHECK(desk.reasons(drawn).empty());
}

TEST_CASE("the same number and amount came before: stopped, the earlier document named") {
  Desk desk;
  const auto drawn = test::draw_invoice(sound(3));
  std::string number = drawn.truth.at("invoice_number");
  for (char& c : number) c = c == '0' ? 'O' : c == '1' ? 'I' : c;
  desk.memory.earlier = {{"26-00017-2", drawn.creditor, number, drawn.truth.at("gross_amount"), 0}};
  const auto judgement = desk.judge(drawn);
  REQUIRE(judgement.doubts.size() == 1);
  CHECK(judgement.doubts[0].reason == "invoice_duplicate");
  CHECK(judgement.doubts[0].values.at("earlier") == "26-00017-2");
  desk.memory.earlier[0].gross = "1.00";
  CHECK(desk.reasons(drawn).empty());
  desk.memory.earlier = {{"26-00017-2", "", "", drawn.truth.at("gross_amount"), 0}};
  std::vector<PaperPage> pages;
  for (const auto& page : drawn.pages) pages.push_back({"p", &page});
  desk.memory.earlier[0].likeness = likeness_of(read_paper(pages));
  CHECK(desk.reasons(drawn) == Reasons{"invoice_duplicate"});
}

TEST_CASE("a payment code that pays somebody else is a warning") {
  const Desk desk;
  auto drawn = test::draw_invoice(sound(4));
  auto& codes = drawn.pages.front().codes;
  const auto payload = [&](const std::string& iban, const std::string& amount) {
    return "BCD\n002\n1\nSCT\n\nX\n" + iban + "\nEUR" + amount + "\n\n\n" + drawn.truth.at("invoice_number") +
           "\n";
  };
  const auto with_code = [&](const std::string& text) {
    codes = {{"QRCode", text, to_base64(as_bytes(text)), {1, 2, 3, 4}, {"zxing"}}};
    return desk.reasons(drawn);
  };
  CHECK(with_code(payload(drawn.truth.at("iban"), drawn.truth.at("gross_amount"))).empty());
  CHECK(with_code(payload("DE02701500000000594937", drawn.truth.at("gross_amount"))) ==
        Reasons{"invoice_code_differs"});
  CHECK(with_code(payload(drawn.truth.at("iban"), "1.00")) == Reasons{"invoice_code_differs"});
}

TEST_CASE("only the doubtful fields are asked for, and a person's values settle them") {
  Desk desk;
  auto drawn = test::draw_invoice(sound(0));
  for (auto& page : drawn.pages) {
    for (auto& word : page.words) {
      if (word.text.find(drawn.truth.at("invoice_number")) != std::string::npos) word.confidence = 0.4;
    }
  }
  const auto judgement = desk.judge(drawn);
  REQUIRE(judgement.doubts.size() == 1);
  CHECK(judgement.doubts[0].values.at("fields") == "invoice_number");
  CHECK(judgement.doubts[0].values.at("invoice_number") == drawn.truth.at("invoice_number"));
  CHECK_FALSE(judgement.doubts[0].evidence.empty());
  desk.persons.fields["invoice_number"] = "X-1";
  const auto settled = desk.judge(drawn);
  CHECK(settled.doubts.empty());
  const auto number = std::find_if(settled.fields.begin(), settled.fields.end(),
                                   [](const auto& f) { return f.name == "invoice_number"; });
  REQUIRE(number != settled.fields.end());
  CHECK(number->value == "X-1");
  CHECK(number->source == "person");
}

TEST_CASE("a date after the receipt or long before it is asked for") {
  const Desk desk;
  auto drawn = test::draw_invoice(sound(7));
  const auto issued = drawn.truth.at("invoice_date");
  auto late = drawn;
  late.truth["invoice_date"] = iso_date(day_number(issued) - 30);
  CHECK(desk.reasons(late) == Reasons{"invoice_fields"});
  late.truth["invoice_date"] = iso_date(day_number(issued) + 800);
  CHECK(desk.reasons(late) == Reasons{"invoice_fields"});
}

TEST_CASE("small invoices need neither number nor tax number") {
  Desk desk;
  test::DrawnPage page;
  page.text(25, 52, "Stadt Lahnfels").text(25, 57, "Rathausplatz 1").text(25, 62, "35999 Lahnfels");
  page.text(25, 90, "Quittung", 14)
      .text(25, 100, "Datum: 05.03.2026")
      .text(25, 105, "Leistungsdatum: 05.03.2026");
  page.text(100, 150, "Summe netto")
      .right(190, 150, "100,00")
      .text(100, 156, "19 % MwSt")
      .right(190, 156, "19,00");
  page.text(100, 162, "Gesamtbetrag")
      .right(190, 162, "119,00 €")
      .text(25, 200, "IBAN DE89370400440532013000");
  test::DrawnInvoice drawn{{page.report()}, {{"invoice_date", "2026-03-05"}}, "70001"};
  CHECK(desk.reasons(drawn).empty());
  replace_word(drawn, "100,00", "300,00");
  replace_word(drawn, "119,00", "357,00");
  replace_word(drawn, "19,00", "57,00");
  const auto doubts = desk.judge(drawn).doubts;
  REQUIRE(doubts.size() == 1);
  CHECK(doubts[0].values.at("fields") == "invoice_number, seller_tax_number");
}

TEST_CASE("a Kassenzeichen whose check digit fails is asked about before an outgoing invoice leaves") {
  PaperInvoice invoice;
  invoice.seller.name = "Stadt Marburg";
  for (const auto& [name, value] : {std::pair{"invoice_number", "2026-1"},
                                    {"invoice_date", "2026-03-05"},
                                    {"net_amount", "100.00"},
                                    {"vat_amount", "0.00"},
                                    {"gross_amount", "100.00"},
                                    {"voucher_number", "12345675"}})
    invoice.set({name, value, 0.97, "text", "", {}, true});
  const auto judged = [&](VoucherCheck check) {
    return judge_outgoing(invoice, {}, {{"Stadt Marburg"}, check}, Memory());
  };
  CHECK(judged(VoucherCheck::none).doubts.empty());
  const auto asked = judged(VoucherCheck::mod11);
  REQUIRE(asked.doubts.size() == 1);
  CHECK(asked.doubts.front().values.at("fields") == "voucher_number");
  invoice.set({"voucher_number", "12345674", 0.97, "text", "", {}, true});
  CHECK(judged(VoucherCheck::mod11).doubts.empty());
}

TEST_CASE("a person's value is checked before it counts") {
  CHECK(check_field("invoice_date", "2026-03-05"));
  CHECK(check_field("gross_amount", "1530.00"));
  CHECK(check_field("iban", "DE89370400440532013000"));
  for (const auto& [name, value] :
       {std::pair("invoice_date", "5.3.2026"), std::pair("gross_amount", "1.530,00"),
        std::pair("gross_amount", "15"), std::pair("iban", "DE00370400440532013000"),
        std::pair("colour", "red"), std::pair("invoice_number", ""), std::pair("vat_rates", "19")}) {
    INFO(name << " " << value);
    CHECK_FALSE(check_field(name, value));
  }
}
