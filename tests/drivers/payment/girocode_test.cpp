#include "drivers/payment/girocode/girocode.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "daemon/base/durable_file.h"
#include "daemon/invoice/paper/payment_code.h"
#include "ocr/barcode/read_codes.h"
#include "ocr/codec/decode.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using payment::girocode;
using payment::Transfer;

namespace {

const Transfer kTransfer{"Stadtkasse Münster", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX", 3'070,
                         "5.0100.000001.7"};

Transfer with(std::string Transfer::*part, const std::string& value) {
  auto transfer = kTransfer;
  transfer.*part = value;
  return transfer;
}

std::string refusal(const Transfer& transfer) {
  const auto text = girocode(transfer);
  return text ? "" : text.error().what;
}

}  // namespace

TEST_CASE("a GiroCode has the lines of EPC069-12, the Kassenzeichen as free text") {
  CHECK(girocode(kTransfer).value() ==
        "BCD\n002\n1\nSCT\nCOBADEFFXXX\nStadtkasse "
        "Münster\nDE89370400440532013000\nEUR30.70\n\n\n5.0100.000001.7");
}

TEST_CASE("the BIC and the purpose may be left out, a creditor reference stands in a line of its own") {
  CHECK(girocode(with(&Transfer::bic, "")).value().find("SCT\n\nStadtkasse") != std::string::npos);
  CHECK(girocode(with(&Transfer::purpose, "")).value().ends_with("\nEUR30.70"));
  CHECK(girocode(with(&Transfer::purpose, "RF18539007547034"))
            .value()
            .ends_with("EUR30.70\n\nRF18539007547034"));
  CHECK(girocode(with(&Transfer::purpose, "RF19539007547034"))
            .value()
            .ends_with("EUR30.70\n\n\nRF19539007547034"));
}

TEST_CASE("cents are written with two digits") {
  auto transfer = kTransfer;
  transfer.cents = 5;
  CHECK(girocode(transfer).value().find("\nEUR0.05\n") != std::string::npos);
  transfer.cents = 100;
  CHECK(girocode(transfer).value().find("\nEUR1.00\n") != std::string::npos);
}

TEST_CASE("a transfer that would go wrong is refused in words") {
  CHECK(refusal(with(&Transfer::iban, "DE89370400440532013001")).find("IBAN") != std::string::npos);
  CHECK(refusal(with(&Transfer::iban, "")).find("IBAN") != std::string::npos);
  CHECK(refusal(with(&Transfer::iban, "de89370400440532013000")).find("IBAN") != std::string::npos);
  CHECK(refusal(with(&Transfer::bic, "COBADE")).find("BIC") != std::string::npos);
  CHECK(refusal(with(&Transfer::to, "")).find("name") != std::string::npos);
  CHECK(refusal(with(&Transfer::to, std::string(71, 'a'))).find("name") != std::string::npos);
  CHECK(refusal(with(&Transfer::to, "Stadt\nkasse")).find("name") != std::string::npos);
  CHECK(refusal(with(&Transfer::purpose, std::string(141, 'a'))).find("purpose") != std::string::npos);
  CHECK(refusal(with(&Transfer::purpose, "a\nb")).find("purpose") != std::string::npos);
  auto nothing = kTransfer;
  nothing.cents = 0;
  CHECK(refusal(nothing).find("0.01") != std::string::npos);
}

TEST_CASE("a GiroCode is never longer than a QR code of version 13 takes") {
  std::string umlauts;
  for (int i = 0; i < 140; ++i) umlauts += "ü";
  CHECK(refusal(with(&Transfer::purpose, umlauts)).find("too long") != std::string::npos);
  auto longest = with(&Transfer::purpose, std::string(140, 'a'));
  longest.to = std::string(70, 'b');
  CHECK(girocode(longest).value().size() <= 331);
}

TEST_CASE("a GiroCode is read by our reader of printed invoices as it was meant") {
  const auto read = [](const Transfer& transfer) {
    const auto text = girocode(transfer).value();
    return invoice::read_payment_code({"QRCode", text, to_base64(as_bytes(text)), {}, {"zxing"}}).value();
  };
  const auto code = read(kTransfer);
  CHECK(code.name == kTransfer.to);
  CHECK(code.iban == "DE89370400440532013000");
  CHECK(code.bic == kTransfer.bic);
  CHECK(code.cents == 3'070);
  CHECK(code.text == kTransfer.purpose);
  CHECK(read(with(&Transfer::purpose, "RF18539007547034")).reference == "RF18539007547034");
}

TEST_CASE("a GiroCode drawn by another's program is read by ZXing and ZBar as it was written") {
  if (shell("command -v zint").code != 0) {
    WARN("[skipped] zint is not installed");
    return;
  }
  TemporaryFolder folder;
  const auto text = girocode(kTransfer).value();
  const auto input = folder.path() / "text";
  const auto image = folder.path() / "code.png";
  REQUIRE(write_durably(input, as_bytes(text)));
  REQUIRE(shell("zint --barcode=QRCODE --secure=2 --binary --scale=3 --quietzones --input=" + input.string() +
                " --output=" + image.string())
              .code == 0);
  const auto pictures = ocr::decode_images(read_file(image).value());
  REQUIRE(pictures);
  const auto codes = ocr::read_codes(pictures->at(0), ocr::Depth::full);
  REQUIRE(codes);
  REQUIRE(codes->size() == 1);
  CHECK(as_text(from_base64(codes->at(0).bytes).value()) == text);
  CHECK(codes->at(0).engines.size() >= 2);
}
