#include <openssl/evp.h>

#include <catch2/catch.hpp>

#include "drivers/card/apdu/apdu.h"
#include "drivers/card/apdu/secure_messaging.h"
#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/data_groups.h"
#include "drivers/card/eid/pin_state.h"
#include "drivers/card/eid/rights.h"
#include "drivers/card/pcsc/execute_pace.h"
#include "drivers/virtual/card/crypto/session_keys.h"

using namespace mailroom;
using namespace mailroom::card;

namespace {

Bytes hex(const std::string& digits) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(std::uint8_t(std::stoul(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

/// The cipher of ICAO Doc 9303 part 11 appendix D: two-key triple DES, retail MAC.
class PassportCipher final : public SessionCipher {
 public:
  PassportCipher(Bytes encryption, Bytes checksum, Bytes counter)
      : encryption_(std::move(encryption)), checksum_(std::move(checksum)), counter_(std::move(counter)) {}
  [[nodiscard]] std::size_t block() const override { return 8; }
  Result<void> count() override {
    for (auto octet = counter_.rbegin(); octet != counter_.rend() && ++*octet == 0; ++octet) continue;
    return {};
  }
  Result<Bytes> encrypt(ByteView data) override { return des(encryption_, data, true); }
  Result<Bytes> decrypt(ByteView data) override { return des(encryption_, data, false); }
  Result<Bytes> checksum(ByteView data) override {
    const Bytes input = joined(counter_, data);
    const Bytes first(checksum_.begin(), checksum_.begin() + 8);
    const Bytes chain = des(joined(first, first), input, true);
    Bytes last(chain.end() - 8, chain.end());
    // Undo the last single DES and do it as triple.
    last = des(joined(first, first), last, false, true);
    return des(checksum_, last, true, true);
  }

 private:
  static Bytes des(const Bytes& key, ByteView data, bool encrypt, bool one_block = false) {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    const Bytes iv(8);
    Bytes out(data.size() + 8);
    int size = 0;
    EVP_CipherInit_ex(context, one_block ? EVP_des_ede_ecb() : EVP_des_ede_cbc(), nullptr, key.data(), iv.data(), encrypt ? 1 : 0);
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_CipherUpdate(context, out.data(), &size, data.data(), int(data.size()));
    EVP_CIPHER_CTX_free(context);
    out.resize(std::size_t(size));
    return out;
  }
  Bytes encryption_, checksum_, counter_;
};

SecureMessaging passport() {
  return SecureMessaging(std::make_unique<PassportCipher>(hex("979EC13B1CBFE9DCD01AB0FED307EAE5"),
                                                          hex("F1CB1F1FB5ADF208806B89DC579DC1F8"),
                                                          hex("887022120C06C226")));
}

/// Both ends of a channel with the keys of our cards.
struct Ends {
  SessionKeys keys = SessionKeys::derive(Bytes(32, 0x42));
  SecureMessaging terminal{keys.cipher()};
  SecureMessaging card{keys.cipher()};

  /// The card's protected answer to a command of the terminal.
  ResponseApdu answer(const ResponseApdu& plain) {
    auto sent = terminal.wrap(CommandApdu{0x00, 0xB0, 0x81, 0x00, {}, 256});
    REQUIRE(sent);
    REQUIRE(card.unwrap(*sent));
    auto closed = card.wrap(plain);
    REQUIRE(closed);
    return *closed;
  }
};

}  // namespace

TEST_CASE("data objects are read and written as the standard has them", "[card]") {
  CHECK(to_hex(tlv(0x7F49, hex("0102"))) == "7f49020102");
  CHECK(tlv(0x53, Bytes(200)).size() == 3 + 200);
  CHECK(to_hex(ByteView(tlv(0x53, Bytes(300))).first(4)) == "5382012c");
  const auto list = read_tlv(hex("8001AA7F4902010285008100"));
  REQUIRE(list);
  REQUIRE(list->size() == 4);
  CHECK((*list)[1].tag == 0x7F49);
  CHECK((*list)[2].value.empty());
  const Bytes whole = hex("7C0480020102");
  const auto inner = find_tlv(whole, {0x7C, 0x80});
  REQUIRE(inner);
  CHECK(to_hex(*inner) == "0102");
}

TEST_CASE("data objects that are cut, endless, doubled or too large are refused", "[card]") {
  for (const char* wrong : {"80", "8002AA", "8081", "808200", "8080AA0000", "80850000000001AA", "80840000000100",
                            "7F", "7FFF8001", "1F8182830100", "80020102FF"}) {
    INFO(wrong);
    CHECK_FALSE(read_tlv(hex(wrong)));
  }
  CHECK_FALSE(read_tlv(Bytes(2 * (kMostObjects + 1), 0x00)));
  CHECK_FALSE(find_tlv(hex("8001AA8001BB"), 0x80));
  CHECK_FALSE(find_tlv(hex("8001AA"), 0x81));
}

TEST_CASE("commands are short when they fit and extended when they do not", "[card]") {
  CHECK(to_hex(*encode(CommandApdu{0x00, 0xA4, 0x04, 0x0C, hex("3F00")})) == "00a4040c023f00");
  CHECK(to_hex(*encode(CommandApdu{0x00, 0xB0, 0x00, 0x00, {}, 256})) == "00b0000000");
  CHECK(to_hex(*encode(CommandApdu{0x00, 0xB0, 0x00, 0x00, {}, 65536})) == "00b00000000000");
  CHECK(encode(CommandApdu{0x00, 0x2A, 0x00, 0xBE, Bytes(256), 256})->size() == 4 + 3 + 256 + 2);
  CHECK_FALSE(encode(CommandApdu{0, 0, 0, 0, Bytes(65536)}));
  CHECK_FALSE(encode(CommandApdu{0, 0, 0, 0, {}, 65537}));
  for (const std::size_t size : {0U, 1U, 255U, 256U, 65535U}) {
    for (const std::size_t expect : {0U, 1U, 256U, 257U, 65536U}) {
      CommandApdu command{0x0C, 0x2A, 0x01, 0xBE, Bytes(size, 0x5A)};
      if (expect != 0) command.expect = expect;
      const auto read = decode_command(*encode(command));
      REQUIRE(read);
      CHECK(read->data == command.data);
      CHECK(read->expect == command.expect);
    }
  }
  for (const char* wrong : {"", "00A404", "00A4040C023F", "00A4040C0000023F", "00A4040C000000"})
    CHECK((!decode_command(hex(wrong)) || std::string(wrong) == "00A4040C000000"));
  CHECK(decode_response(hex("90")).error().code == Errc::device_lost);
}

TEST_CASE("secure messaging matches the worked example of ICAO Doc 9303 part 11", "[card]") {
  auto channel = passport();
  const auto select = channel.wrap(CommandApdu{0x00, 0xA4, 0x02, 0x0C, hex("011E")});
  REQUIRE(select);
  CHECK(to_hex(*encode(*select)) == "0ca4020c158709016375432908c044f68e08bf8b92d635ff24f800");
  const auto selected = channel.unwrap(*decode_response(hex("990290008E08FA855A5D4C50A8ED9000")));
  REQUIRE(selected);
  CHECK(selected->ok());
  const auto read = channel.wrap(CommandApdu{0x00, 0xB0, 0x00, 0x00, {}, 4});
  CHECK(to_hex(*encode(*read)) == "0cb000000d9701048e08ed6705417e96ba5500");
  const auto content = channel.unwrap(*decode_response(hex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")));
  REQUIRE(content);
  CHECK(to_hex(content->data) == "60145f01");
}

TEST_CASE("a protected answer that is repeated, swapped, cut or changed ends the channel", "[card]") {
  const ResponseApdu plain{Bytes(40, 0x61), 0x9000};
  SECTION("as it came") {
    Ends ends;
    const auto open = ends.terminal.unwrap(ends.answer(plain));
    REQUIRE(open);
    CHECK(open->data == plain.data);
  }
  SECTION("repeated") {
    Ends ends;
    const auto first = ends.answer(plain);
    REQUIRE(ends.terminal.unwrap(first));
    (void)ends.answer(plain);
    CHECK_FALSE(ends.terminal.unwrap(first));
    CHECK(ends.terminal.ended());
    CHECK(ends.terminal.wrap(CommandApdu{0, 0xB0, 0, 0}).error().code == Errc::illegal_state);
  }
  SECTION("the counter of the card is ahead") {
    Ends ends;
    (void)ends.answer(plain);
    auto skipped = ends.keys.cipher();
    for (int i = 0; i < 3; ++i) REQUIRE(skipped->count());
    SecureMessaging ahead(std::move(skipped));
    CHECK_FALSE(ends.terminal.unwrap(*ahead.wrap(plain)));
  }
  SECTION("every single bit") {
    const std::size_t bits = Ends().answer(plain).data.size() * 8;
    for (std::size_t bit = 0; bit < bits; ++bit) {
      Ends ends;
      auto answer = ends.answer(plain);
      answer.data[bit / 8] ^= std::uint8_t(1U << (bit % 8));
      INFO("bit " << bit);
      CHECK_FALSE(ends.terminal.unwrap(answer));
    }
  }
  SECTION("every length") {
    const std::size_t size = Ends().answer(plain).data.size();
    for (std::size_t length = 0; length < size; ++length) {
      Ends ends;
      auto answer = ends.answer(plain);
      answer.data.resize(length);
      CHECK_FALSE(ends.terminal.unwrap(answer));
    }
  }
  SECTION("keys of another card") {
    Ends ends;
    (void)ends.answer(plain);
    SecureMessaging other(SessionKeys::derive(Bytes(32, 0x43)).cipher());
    CHECK_FALSE(ends.terminal.unwrap(*other.wrap(plain)));
  }
  SECTION("a status outside that is not the one inside") {
    Ends ends;
    auto answer = ends.answer(plain);
    answer.status = 0x6282;
    CHECK_FALSE(ends.terminal.unwrap(answer));
  }
}

TEST_CASE("data groups become words, and what is not built right is refused without showing it", "[card]") {
  CHECK(*read_data_group(4, hex("64070C054552494B41")) == "ERIKA");
  CHECK(*read_data_group(8, hex("680A12083139363430383132")) == "1964-08-12");
  CHECK(*read_data_group(8, hex("680A12083139363420202020")) == "1964");
  CHECK(*read_data_group(18, hex("7204040227FF")) == "27ff");
  const auto place = read_data_group(17, hex("710D300BAB040C024B4CAD03130144"));
  REQUIRE(place);
  CHECK((*place)["city"] == "KL");
  CHECK((*place)["country"] == "D");
  for (const auto& [number, octets] : std::vector<std::pair<int, const char*>>{
           {4, ""}, {4, "64"}, {4, "65070C054552494B41"}, {4, "64070C064552494B41"}, {4, "64030C01FF"},
           {4, "64040C02C080"}, {4, "6404130 2"}, {8, "680A12083139363431333132"}, {8, "680A12083139363430383939"},
           {8, "6803120131"}, {9, "69020C00"}, {17, "7102A100"}, {4, "64030C0107"}, {0, "60020C00"}, {23, "77020C00"}}) {
    std::string digits(octets);
    std::erase(digits, ' ');
    const auto read = read_data_group(number, hex(digits));
    INFO(number << " " << digits);
    REQUIRE_FALSE(read);
    CHECK(read.error().what.find("ERIKA") == std::string::npos);
  }
  CHECK(group_number("given_names") == 4);
  CHECK(group_number("shoe_size") == 0);
  CHECK(kind_of("UB") == CardKind::eu_citizen_card);
}

TEST_CASE("rights are the bits of the standard", "[card]") {
  Rights rights;
  rights.add_group(1);
  rights.add_group(17);
  rights.add_group(21);
  rights.add(Right::can_allowed);
  CHECK(to_hex(rights.octets()) == "0011000110");
  CHECK(to_hex(rights.chat()) == "7f4c12060904007f000703010202" "5305" "0011000110");
  CHECK(rights.groups() == std::vector<int>{1, 17, 21});
  CHECK_FALSE(Rights().contains(rights));
  CHECK(rights.contains(Rights()));
  CHECK_FALSE(Rights::read(hex("00110001")));
}

TEST_CASE("each state of a PIN is known by what the card says of it", "[card]") {
  CHECK(pin_state_from(0x9000) == PinState::three_tries);
  CHECK(pin_state_from(0x63C2) == PinState::two_tries);
  CHECK(pin_state_from(0x63C1) == PinState::suspended);
  CHECK(pin_state_from(0x63C0) == PinState::blocked);
  CHECK(pin_state_from(0x6283) == PinState::deactivated);
  CHECK_FALSE(pin_state_from(0x6A88));
}

TEST_CASE("PACE at the reader's keypad carries no PIN, and its answers are told apart", "[card]") {
  const auto request = establish_pace_request({PasswordKind::pin, hex("7F4C00"), hex("3000"), {}});
  REQUIRE(request);
  CHECK(to_hex(*request) == "020a00" "03" "03" "7f4c00" "00" "0200" "3000");
  CHECK_FALSE(establish_pace_request({PasswordKind::pin, {}, {}, "123456"}));
  CHECK(establish_pace_request({PasswordKind::can, {}, {}, "123456"}));

  const auto good = read_establish_pace_answer(hex("00000000" "1000" "63C2" "0200" "3100" "0343434F" "00" "0400" "01020304"));
  REQUIRE_FALSE(good);  // one octet short of what it says
  const auto right = read_establish_pace_answer(hex("00000000" "1100" "63C2" "0200" "3100" "0343434F" "00" "0400" "01020304"));
  REQUIRE(right);
  CHECK(right->set_at_status == 0x63C2);
  CHECK(to_hex(right->card_id) == "01020304");
  CHECK(read_establish_pace_answer(hex("C16306F0"))->status == 0x63C1);
  CHECK(read_establish_pace_answer(hex("010020F0")).error().code == Errc::cancelled);
  CHECK(read_establish_pace_answer(hex("020020F0")).error().code == Errc::timed_out);
  CHECK(read_establish_pace_answer(hex("010010F0")).error().code == Errc::device_lost);
  CHECK_FALSE(read_establish_pace_answer(hex("00")));
}
