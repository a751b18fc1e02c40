#include <catch2/catch.hpp>

#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/messages.h"
#include "drivers/payment/zvt/text.h"

using namespace mailroom;
using namespace mailroom::payment::zvt;

namespace {

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  std::string digits;
  for (const char c : text) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes.push_back(std::uint8_t(std::stoul(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

std::vector<Apdu> read_all(ApduReader& reader) {
  std::vector<Apdu> all;
  for (auto next = reader.next(); next.value(); next = reader.next()) all.push_back(**next);
  return all;
}

/// Declined by the terminal 29000274, as a real terminal sent it: with words in field 3C and in a container.
const Bytes kDeclined =
    from_hex("27 05 29 29000274 3C F0F0F9 416267656C65686E74 8A 06 06 0D 24 0B 07 09 416267656C65686E74");

}  // namespace

TEST_CASE("a message is written as the standard's example") {
  CHECK(to_hex(encode(authorisation(1'050))) == "06010a04000000001050490978");
  CHECK(to_hex(encode(registration("000000"))) == "060017000000be09780300060d12014026080a0206d10a0206d3");
  CHECK(to_hex(encode(reversal("123456", "0042"))) == "063006123456870042");
  CHECK(to_hex(encode(Apdu(Command::acknowledged))) == "800000");
}

TEST_CASE("lengths of 0, 254, 255, 256 and 65535 octets are read back") {
  for (const std::size_t size : {0U, 254U, 255U, 256U, 65'535U}) {
    ApduReader reader;
    reader.feed(encode(Apdu(Command::print_line, Bytes(size, 0x41))));
    const auto all = read_all(reader);
    REQUIRE(all.size() == 1);
    CHECK(all[0].data.size() == size);
    CHECK(reader.waiting() == 0);
  }
}

TEST_CASE("messages are the same octet by octet as in one piece") {
  Bytes stream = encode(Apdu(Command::acknowledged));
  for (const auto& more :
       {encode(Apdu(Command::status_information, kDeclined)),
        encode(Apdu(Command::print_line, Bytes(300, 0x42))), encode(Apdu(Command::completion))})
    stream.insert(stream.end(), more.begin(), more.end());
  ApduReader whole;
  whole.feed(stream);
  const auto at_once = read_all(whole);
  REQUIRE(at_once.size() == 4);

  ApduReader reader;
  std::vector<Apdu> piecewise;
  for (const auto octet : stream) {
    reader.feed(Bytes{octet});
    for (auto& apdu : read_all(reader)) piecewise.push_back(std::move(apdu));
  }
  REQUIRE(piecewise.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(piecewise[i].command == at_once[i].command);
    CHECK(piecewise[i].data == at_once[i].data);
  }
}

TEST_CASE("an octet that begins no message is an error with its place in the stream") {
  ApduReader reader;
  Bytes stream = encode(Apdu(Command::print_line, Bytes(300, 0x42)));
  stream.push_back(0xC0);
  reader.feed(stream);
  REQUIRE(reader.next().value());
  const auto next = reader.next();
  REQUIRE_FALSE(next);
  CHECK(next.error().code == Errc::corrupt);
  CHECK(next.error().place.offset == 305);
}

TEST_CASE("the result of a real terminal is read") {
  const auto status = read_status_information(kDeclined);
  REQUIRE(status);
  CHECK(status->result == 5);
  CHECK(status->terminal == "29000274");
  CHECK(status->text == "Abgelehnt");
  CHECK_FALSE(status->cents);
}

TEST_CASE("a result that is cut anywhere is read to a field's end or is an error with its place") {
  std::size_t whole = 0;
  for (std::size_t size = 0; size < kDeclined.size(); ++size) {
    const auto status = read_status_information(ByteView(kDeclined).first(size));
    if (status) {
      ++whole;
      continue;
    }
    CHECK(status.error().code == Errc::corrupt);
    REQUIRE(status.error().place.offset);
    CHECK(*status.error().place.offset <= size);
  }
  CHECK(whole == 5);  // nothing, and behind each of the four fields before the last
}

TEST_CASE("a field whose length is wrong, or that comes twice, is an error with its place") {
  const auto offset = [](std::string_view hex) {
    const auto fields = read_fields(from_hex(hex));
    REQUIRE_FALSE(fields);
    return fields.error().place.offset.value_or(999);
  };
  CHECK(offset("2700 22F9") == 4);        // the second digit of a length is missing
  CHECK(offset("2700 2231F2") == 3);      // 31 is no digit of a length
  CHECK(offset("2700 3CF0F0FA00") == 5);  // FA neither
  CHECK(offset("2700 3CF9F9F900") == 3);  // 999 octets that are not there
  CHECK(offset("0683000001") == 1);       // a TLV length in three octets
  CHECK(offset("068201") == 1);           // and one that is cut
  CHECK(offset("2700 2700") == 2);
}

TEST_CASE("behind a field that the standard does not have nothing is read, what stands before counts") {
  const auto fields = read_fields(from_hex("2700 FE 2705"));
  REQUIRE(fields);
  CHECK(fields->unknown_at == 2);
  CHECK(*fields->find(Field::result) == Bytes{0x00});
}

TEST_CASE("tags and lengths of TLV in all forms are read back") {
  for (const std::size_t size : {0U, 127U, 128U, 255U, 256U, 40'000U}) {
    Bytes data;
    add_tlv(data, 0x1F07, Bytes(size, 0x11));
    add_tlv(data, 0x24, Bytes{});
    add_tlv(data, 0x1F8001, Bytes{0x01});
    const auto objects = read_tlv(data);
    REQUIRE(objects);
    REQUIRE(objects->size() == 3);
    CHECK((*objects)[0].tag == 0x1F07);
    CHECK((*objects)[0].value.size() == size);
    CHECK((*objects)[2].tag == 0x1F8001);
  }
  for (const auto* broken : {"1F", "1F80", "1F808080 00", "24", "2401", "2482", "24820100"})
    CHECK_FALSE(read_tlv(from_hex(broken)));
}

TEST_CASE("digits that are none are an error with their place") {
  CHECK(from_bcd(Bytes{0x09, 0x78}).value() == "0978");
  const auto digits = from_bcd(Bytes{0x12, 0x3A});
  REQUIRE_FALSE(digits);
  CHECK(digits.error().place.offset == 1);
  CHECK_FALSE(read_status_information(from_hex("04 00000000105F")));
}

TEST_CASE("no more than the last four digits of a card number are kept") {
  CHECK(masked_card_number(from_hex("6725EEEEEEE4210F")) == "***********4210");
  CHECK(masked_card_number(from_hex("4111111111111111")) == "************1111");
  CHECK(masked_card_number(from_hex("4210")) == "4210");
}

TEST_CASE("words of the terminal are read in its code page, controls go") {
  CHECK(from_code_page(from_hex("48 8E 4E 44 4C 45 52 20 E1 00 0A D5")) == "HÄNDLER ß╒");
  const std::string text = "Bürgerbüro ÄÖÜ ß ½";
  CHECK(from_code_page(to_code_page(text)) == text);
  CHECK(from_code_page(to_code_page("100 €")) == "100 ?");
  CHECK(from_code_page(to_code_page("\xC3")) == "?");
}

TEST_CASE("an intermediate status tells its step, with the terminal's words when it has some") {
  CHECK(read_intermediate_status(from_hex("0A")).value().text.empty());
  const auto status = read_intermediate_status(from_hex("0A 60 06 0A 24 08 07 06 4B 61 72 74 65 21"));
  REQUIRE(status);
  CHECK(step_of(status->code) == "insert_card");
  CHECK(status->text == "Karte!");
  CHECK(step_of(0x15) == "retry");
  CHECK(step_of(0xEE) == "wait");
  CHECK_FALSE(read_intermediate_status({}));
  CHECK_FALSE(read_intermediate_status(from_hex("0A 60 06 0A 24")));
}

TEST_CASE("a text block tells whose receipt it is") {
  const auto block = read_text_block(from_hex("06 0D 1F07 01 02 25 07 07 01 41 07 02 42 43"));
  REQUIRE(block);
  CHECK(block->kind == ReceiptKind::customer);
  CHECK(block->lines == std::vector<std::string>{"A", "BC"});
  CHECK_FALSE(read_text_block({}));
}

TEST_CASE("a terminal's state stands alone or behind its version") {
  CHECK(read_terminal_state({}).value() == 0);
  CHECK(read_terminal_state(Bytes{0x9C}).value() == 0x9C);
  CHECK(read_terminal_state(from_hex("F0 F0F0F3 312E30 DC")).value() == 0xDC);
  CHECK_FALSE(read_terminal_state(from_hex("F0 F0")));
  CHECK(may_be_paying(0x9C));
  CHECK_FALSE(may_be_paying(0x00));
}

TEST_CASE("every result that is not good has words") {
  CHECK(words_of_result(0x00).empty());
  for (int code = 1; code < 256; ++code) CHECK_FALSE(words_of_result(std::uint8_t(code)).empty());
}
