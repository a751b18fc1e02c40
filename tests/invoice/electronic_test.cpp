#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/invoice/deadlines/deadlines.h"
#include "daemon/invoice/electronic/as_fields.h"
#include "daemon/invoice/electronic/readable.h"
#include "daemon/invoice/reading/reading.h"
#include "tests/invoice/samples.h"

using namespace mailroom;
using namespace mailroom::invoice;
using namespace mailroom::test;

namespace {

Invoice invoice_in(const std::string& xml) {
  auto reading = read_and_check(as_bytes(xml));
  REQUIRE(reading.invoice);
  return std::move(*reading.invoice);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

struct NoMemory : InvoiceMemory {
  std::vector<EarlierInvoice> alike(const std::string&, const std::string&, std::uint64_t) const override {
    return {};
  }
  std::vector<std::string> numbers_of(const std::string&) const override { return {}; }
  std::vector<Anchor> anchors_of(const std::string&) const override { return {}; }
};

CreditorBook book() {
  return CreditorBook(
      {{"70001", "Muster GmbH", "", "", "", "DE136695976", "", {{"DE89370400440532013000", ""}}}});
}

std::vector<std::string> reasons_of(const std::string& xml) {
  const auto judgement =
      judge(as_fields(invoice_in(xml)), {}, {{"Stadt Marburg"}}, book(), NoMemory{}, "2026-11-05");
  std::vector<std::string> reasons;
  for (const auto& doubt : judgement.doubts) reasons.push_back(doubt.reason);
  return reasons;
}

std::string all_words(const Invoice& invoice) {
  std::string words;
  for (const auto& block : readable(invoice)) words += block.words + "\n";
  return words;
}

const std::string kAccount = R"(<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>)";

using Reasons = std::vector<std::string>;

}  // namespace

TEST_CASE("an electronic invoice has the same fields as one on paper, all of them certain") {
  const auto form = as_fields(invoice_in(small_invoice("119.00", kAccount)));
  CHECK(form.kind == PaperKind::invoice);
  CHECK(form.value("invoice_number") == "RE-1");
  CHECK(form.value("invoice_date") == "2026-11-02");
  CHECK(form.value("due_date") == "2026-12-02");
  CHECK(form.value("net_amount") == "100.00");
  CHECK(form.value("vat_amount") == "19.00");
  CHECK(form.value("gross_amount") == "119.00");
  CHECK(form.value("vat_rates") == "19.00% 100.00 19.00");
  CHECK(form.value("iban") == "DE89370400440532013000");
  CHECK(form.value("payment_means") == "58");
  CHECK(form.value("seller_vat_id") == "DE136695976");
  for (const auto& field : form.fields) CHECK(field.confidence == 1);
}

TEST_CASE("an electronic invoice of a known creditor passes without a person") {
  CHECK(reasons_of(small_invoice("119.00", kAccount)).empty());
}

TEST_CASE("another account, another buyer and a credit note are asked about") {
  const auto sound = small_invoice("119.00", kAccount);
  CHECK(reasons_of(replaced(sound, "DE89370400440532013000", "DE02701500000000594937")) ==
        Reasons{"invoice_iban_changed", "invoice_iban_second"});
  CHECK(reasons_of(replaced(sound, "Stadt Marburg", "Stadt Lahnfels")) == Reasons{"invoice_buyer"});
  CHECK(reasons_of(replaced(sound, "<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>381")) ==
        Reasons{"invoice_kind"});
  CHECK(reasons_of(replaced(sound, "DE136695976", "DE811193231")) ==
        Reasons{});  // found by his account alone: still certain who it is
}

TEST_CASE("amounts that are no cents, other currencies and sums that do not close are asked about") {
  const auto sound = small_invoice("119.00", kAccount);
  const auto fields = Reasons{"invoice_fields"};
  CHECK(reasons_of(replaced(sound, "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00",
                            "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.01")) == fields);
  CHECK(reasons_of(replaced(sound, "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00",
                            "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.001")) == fields);
  CHECK(reasons_of(replaced(sound, "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>CHF")) ==
        fields);
}

TEST_CASE("nobody is paid what he takes himself by direct debit") {
  const std::string debit =
      "<cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode></cac:PaymentMeans>";
  const auto judgement = judge(as_fields(invoice_in(small_invoice("119.00", debit))), {}, {{"Stadt Marburg"}},
                               book(), NoMemory{}, "2026-11-05");
  CHECK(judgement.doubts.empty());
  bool has_means = false;
  for (const auto& field : judgement.fields) {
    CHECK(field.name != "iban");
    has_means = has_means || (field.name == "payment_means" && field.value == "59");
  }
  CHECK(has_means);
}

TEST_CASE("the dearest reduction gives the day to pay by") {
  const std::string terms =
      "<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=14#PROZENT=1.00#\n#SKONTO#TAGE=7#PROZENT=2.50#\n"
      "</cbc:Note></cac:PaymentTerms>";
  const auto form = as_fields(invoice_in(small_invoice("119.00", terms)));
  CHECK(form.value("skonto_percent") == "2.50");
  CHECK(form.value("skonto_date") == "2026-11-09");
}

TEST_CASE("broken rules and files without an invoice are doubts of their own") {
  const auto line_of_xml = [](const std::string& xml) { return line_of(read_and_check(as_bytes(xml))); };
  CHECK_FALSE(doubt_about_form(line_of_xml(small_invoice())));
  const auto broken = doubt_about_form(line_of_xml(small_invoice("118.00")));
  REQUIRE(broken);
  CHECK(broken->reason == "invoice_form");
  CHECK(broken->values.at("findings").find("BR-CO-16") != std::string::npos);
  const auto none = doubt_about_form(line_of_xml("<letter/>"));
  REQUIRE(none);
  CHECK(none->reason == "invoice_missing");
  const auto nothing = doubt_about_form(nlohmann::json::object());
  REQUIRE(nothing);
  CHECK(nothing->reason == "invoice_missing");
}

TEST_CASE("the readable form has every value, written as people here write it") {
  const auto words = all_words(invoice_in(
      replaced(small_invoice("119.00", kAccount), "10.00</cbc:PriceAmount>", "10.00</cbc:PriceAmount>")));
  for (const auto* part : {"Rechnung RE-1", "02.11.2026", "119,00 EUR", "Muster GmbH", "Papier",
                           "DE136695976", "DE89370400440532013000", "19 %", "Position 1"}) {
    INFO(part);
    CHECK(words.find(part) != std::string::npos);
  }
}

TEST_CASE("a readable form of ten thousand lines says what it leaves out") {
  auto invoice = invoice_in(small_invoice());
  const Group line = *invoice.lines().front();
  for (int i = 0; i < 9999; ++i) invoice.root.groups.push_back(line);
  const auto words = all_words(invoice);
  CHECK(words.find("9000 weitere Positionen") != std::string::npos);
}

TEST_CASE("nothing in the readable form hides or turns round what stands there") {
  CHECK(plain_words("a\x01"
                    "b\tc\nd") == "a b c d");
  CHECK(plain_words("Konto \xE2\x80\xAE"
                    "321") == "Konto 321");      // right-to-left override
  CHECK(plain_words("x\xE2\x80\x8By") == "xy");  // zero width
  CHECK(plain_words("M\xC3\xBCller \xE2\x82\xAC") == "Müller €");
  CHECK(plain_words("bad \xFF\xC3( end \xED\xA0\x80") == "bad ( end ");
  CHECK(plain_words("\xC3\xA4\xC3\xA4", 3) == "\xC3\xA4…");
}

TEST_CASE("deadlines count days on which money moves") {
  const PayDays days({"2026-12-25", "2026-12-26"});
  CHECK(days.is_one("2026-12-24"));
  CHECK_FALSE(days.is_one("2026-12-25"));  // a holiday, a Friday
  CHECK_FALSE(days.is_one("2026-12-27"));  // a Sunday
  CHECK(days.on_or_before("2026-12-27") == "2026-12-24");
  CHECK(days.before("2026-12-28", 1) == "2026-12-24");
  CHECK(days.before("2026-12-28", 3) == "2026-12-22");
}

TEST_CASE("a deadline is later, soon and passed in turn; the reduction comes first") {
  const PayDays days({});
  const auto on = [&](const std::string& today) {
    return deadlines_of("2026-11-28", "2026-12-20", today, 3, days);  // a Saturday, a Sunday
  };
  const auto early = on("2026-11-20");
  REQUIRE(early.size() == 2);
  CHECK(early[0].kind == "skonto");
  CHECK(early[0].pay_by == "2026-11-27");
  CHECK(early[0].urgency == Urgency::later);
  CHECK(early[1].pay_by == "2026-12-18");
  CHECK(on("2026-11-23")[0].urgency == Urgency::later);
  CHECK(on("2026-11-24")[0].urgency == Urgency::soon);
  CHECK(on("2026-11-28")[0].urgency == Urgency::soon);
  CHECK(on("2026-11-29")[0].urgency == Urgency::passed);
  CHECK(deadlines_of("", "never", "2026-11-24", 3, days).empty());
}
