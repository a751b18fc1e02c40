#include <catch2/catch.hpp>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/paper/layout.h"
#include "daemon/invoice/paper/written_values.h"

using namespace mailroom::invoice;

TEST_CASE("an amount is read in German and English notation, with signs and currency") {
  const auto cents = [](const char* text) {
    const auto amount = read_amount(text);
    REQUIRE(amount);
    return amount->cents();
  };
  CHECK(cents("1.530,00") == 153000);
  CHECK(cents("1,530.00") == 153000);
  CHECK(cents("1'530.00") == 153000);
  CHECK(cents("1530,00€") == 153000);
  CHECK(cents("EUR12,50") == 1250);
  CHECK(cents("-14,73") == -1473);
  CHECK(cents("14,73-") == -1473);
  CHECK(cents("120,--") == 12000);
  CHECK(cents("12.345.678,90") == 1234567890);
  CHECK(read_amount("3,3333")->decimals == 4);
  CHECK(read_amount("1.53O,00")->repaired);
  CHECK(cents("1.53O,00") == 153000);
}

TEST_CASE("what is no amount is none") {
  for (const auto* text : {"", "€", "12.34.56", "1,2,3", "abc", "12,345,6", "1.53,00.1", "9999999999999,00",
                           "0,12345", "05.03.2018", "DE89370400440532013000"}) {
    INFO(text);
    CHECK_FALSE(read_amount(text));
  }
}

TEST_CASE("a date is read in all usual forms and checked against the calendar") {
  CHECK(read_date("05.03.2018") == "2018-03-05");
  CHECK(read_date("5.3.18") == "2018-03-05");
  CHECK(read_date("2018-03-05") == "2018-03-05");
  CHECK(read_date("05/03/2018,") == "2018-03-05");
  CHECK(read_date("10.", "November", "2026") == "2026-11-10");
  CHECK(read_date("3.", "März", "2026.") == "2026-03-03");
  for (const auto* text :
       {"30.02.2018", "13.13.2018", "1.2", "2018", "201/113/40209", "05.03.2O18", "1.1.1889", "19,00"}) {
    INFO(text);
    CHECK_FALSE(read_date(text));
  }
  CHECK(iso_date(day_number("2026-02-27") + 3) == "2026-03-02");
}

TEST_CASE("codes prove themselves by their check digits") {
  CHECK(is_iban("DE89370400440532013000"));
  CHECK_FALSE(is_iban("DE89370400440532013001"));
  CHECK_FALSE(is_iban("DE8937040044053201300"));
  CHECK(is_vat_id("DE136695976"));
  CHECK_FALSE(is_vat_id("DE123456789"));
  CHECK(is_leitweg_id("04011000-1234512345-06"));
  CHECK(is_leitweg_id("991-33333TEST-33"));
  CHECK_FALSE(is_leitweg_id("04011000-12345-34"));
  CHECK(is_creditor_reference("RF18539007547034"));
  CHECK_FALSE(is_creditor_reference("RF18539007547035"));
}

TEST_CASE("a Kassenzeichen proves itself by the rule of the house") {
  CHECK(is_voucher_number("79927398713", VoucherCheck::mod10));
  CHECK_FALSE(is_voucher_number("79927398731", VoucherCheck::mod10));  // two digits changed places
  CHECK(is_voucher_number("12345674", VoucherCheck::mod11));
  CHECK_FALSE(is_voucher_number("12345673", VoucherCheck::mod11));
  CHECK(is_voucher_number("12345676", VoucherCheck::mod97));
  CHECK_FALSE(is_voucher_number("12345667", VoucherCheck::mod97));
  CHECK_FALSE(is_voucher_number("1234-5674", VoucherCheck::mod11));
  CHECK(is_voucher_number("as it comes", VoucherCheck::none));
  CHECK(voucher_check_from("mod97") == VoucherCheck::mod97);
}

TEST_CASE("words are folded to small letters and digits, and one slip is forgiven in long ones") {
  CHECK(fold("Rechnungs-Nr.:") == "rechnungsnr");
  CHECK(fold("Müßiggang") == "muessiggang");
  CHECK(nearly_equal("rechnungsdatum", "rechnungsdatun"));
  CHECK(nearly_equal("rechnungsdatum", "rechnungsdatu"));
  CHECK_FALSE(nearly_equal("datum", "datun"));
  CHECK_FALSE(nearly_equal("rechnungsdatum", "rechnungsbetrag"));
}
