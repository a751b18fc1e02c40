#include "drivers/payment/zvt/attempt.h"

#include <catch2/catch.hpp>

using namespace mailroom;
using namespace mailroom::payment;
using namespace mailroom::payment::zvt;

namespace {

PaymentAttempt after_receipt(const std::string& receipt, const std::string& trace) {
  return {"5.0100.000001.7", 3'070, "2026-11-26T10:00:00.000Z", "68001234", receipt, trace};
}

StatusInformation booked(const std::string& receipt, const std::string& trace, std::uint64_t cents = 3'070) {
  StatusInformation status;
  status.result = 0;
  status.cents = cents;
  status.receipt = receipt;
  status.trace = trace;
  status.terminal = "68001234";
  status.date = "1126";
  status.time = "100100";
  return status;
}

/// "paid", "declined" or the name of the error.
std::string judged(const PaymentAttempt& attempt, const std::optional<StatusInformation>& last) {
  const auto result = judge(attempt, last);
  return std::string(result ? name_of(result->outcome) : name_of(result.error().code));
}

}  // namespace

TEST_CASE("the next booking of the same amount is ours, the same one as before is not") {
  CHECK(judged(after_receipt("0041", "000101"), booked("0042", "000102")) == "paid");
  CHECK(judged(after_receipt("0041", "000101"), booked("0041", "000101")) == "declined");
  CHECK(judged(after_receipt("9999", "999999"), booked("0001", "000000")) == "paid");
}

TEST_CASE("a booking that failed is not paid") {
  auto failed = booked("0042", "000102");
  failed.result = 5;
  CHECK(judged(after_receipt("0041", "000101"), failed) == "declined");
}

TEST_CASE("what does not follow from the numbers is for a person to decide") {
  CHECK(judged(after_receipt("0041", "000101"), booked("0043", "000103")) == "conflict");
  CHECK(judged(after_receipt("0041", "000101"), booked("0042", "000102", 3'071)) == "conflict");
  CHECK(judged(after_receipt("0041", "000101"), std::nullopt) == "conflict");
  auto elsewhere = booked("0042", "000102");
  elsewhere.terminal = "68009999";
  CHECK(judged(after_receipt("0041", "000101"), elsewhere) == "conflict");
}

TEST_CASE("a payment that the terminal has taken back is not paid") {
  auto reversal = booked("0043", "000103");
  reversal.original_trace = "000102";
  CHECK(judged(after_receipt("0041", "000101"), reversal) == "declined");
  reversal.original_trace = "000099";  // an earlier person's, so that ours may stand before it
  CHECK(judged(after_receipt("0041", "000101"), reversal) == "conflict");
}

TEST_CASE("where nothing was booked before, the terminal's clock must not be earlier than the attempt") {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  auto attempt = after_receipt("", "");
  attempt.terminal.clear();
  CHECK(judged(attempt, std::nullopt) == "conflict");  // it may be a terminal that never tells
  CHECK(judged(attempt, booked("0001", "000001")) == "paid");
  auto early = booked("0001", "000001");
  early.date = "1125";
  CHECK(judged(attempt, early) == "conflict");
  early.date.clear();
  CHECK(judged(attempt, early) == "conflict");
  attempt.began_at = "2026-12-31T23:59:50.000Z";
  auto new_year = booked("0001", "000001");
  new_year.date = "0101";
  new_year.time = "000010";
  CHECK(judged(attempt, new_year) == "paid");
}

TEST_CASE("a record is read back, one that is damaged or newer is refused") {
  const auto attempt = after_receipt("0041", "000101");
  const auto back = read_attempt(to_json(attempt));
  REQUIRE(back);
  CHECK(back->reference == attempt.reference);
  CHECK(back->cents == attempt.cents);
  CHECK(back->receipt == "0041");
  CHECK(read_attempt("").error().code == Errc::corrupt);
  CHECK(read_attempt("{\"format\":1}").error().code == Errc::corrupt);
  CHECK(read_attempt("{\"format\":\"x\"}").error().code == Errc::corrupt);
  CHECK(read_attempt("{\"format\":2}").error().code == Errc::unsupported);
}
