#include <catch2/catch.hpp>

#include "daemon/base/bytes.h"
#include "daemon/invoice/paper/payment_code.h"

using namespace mailroom;
using namespace mailroom::invoice;

namespace {

Code qr(const std::string& payload) {
  return {"QRCode", payload, to_base64(as_bytes(payload)), {10, 20, 30, 30}, {"zxing"}};
}

const std::string kGiro =
    "BCD\n002\n1\nSCT\nCOBADEFFXXX\nGärtnerei Müßiggang "
    "GmbH\nDE89370400440532013000\nEUR1820.7\n\n\nRechnung 2026-1187\n";

}  // namespace

TEST_CASE("a GiroCode is read as UTF-8 bytes") {
  const auto code = read_payment_code(qr(kGiro));
  REQUIRE(code);
  CHECK(code->name == "Gärtnerei Müßiggang GmbH");
  CHECK(code->iban == "DE89370400440532013000");
  CHECK(code->cents == 182070);
  CHECK(code->currency == "EUR");
  CHECK(code->text == "Rechnung 2026-1187");
}

TEST_CASE("a GiroCode in Latin-1 keeps its umlauts") {
  std::string latin = kGiro;
  for (const auto& [utf8, byte] : {std::pair("ä", "\xE4"), std::pair("ü", "\xFC"), std::pair("ß", "\xDF")})
    latin.replace(latin.find(utf8), 2, byte);
  const auto code = read_payment_code(qr(latin));
  REQUIRE(code);
  CHECK(code->name == "Gärtnerei Müßiggang GmbH");
}

TEST_CASE("a Swiss QR bill is read") {
  std::string bill = "SPC\n0200\n1\nCH4431999123000889012\nS\nMax Muster AG\nGasse\n1\n8000\nZürich\nCH\n";
  for (int i = 0; i < 7; ++i) bill += "\n";
  bill +=
      "1949.75\nCHF\nS\nStadt\nWeg\n2\n35037\nMarburg\nDE\nQRR\n210000000003139471430009017\nAuftrag "
      "3\nEPD\n";
  const auto code = read_payment_code(qr(bill));
  REQUIRE(code);
  CHECK(code->kind == PaymentCode::Kind::swiss_qr);
  CHECK(code->iban == "CH4431999123000889012");
  CHECK(code->cents == 194975);
  CHECK(code->currency == "CHF");
  CHECK(code->reference == "210000000003139471430009017");
}

TEST_CASE("other codes are no payment codes") {
  for (const auto* payload :
       {"", "https://example.org", "BCD\n003\n1\nSCT", "BCD\n001\n1\nXXX\n\n\n\n\n", "SPC\n0200\n1\n"})
    CHECK_FALSE(read_payment_code(qr(payload)));
  CHECK_FALSE(read_payment_code({"Code128", kGiro, to_base64(as_bytes(kGiro)), {}, {}}));
}
