#include "daemon/invoice/paper/written_values.h"
#include "tests/intake/house.h"
#include "tests/invoice/drawn_invoice.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

/// A house that reads invoices and knows those who write them.
struct Office : House {
  Office() {
    configuration.classes.at("invoice").reading = Reading::invoice;
    configuration.invoice_buyers = {kDrawnBuyer};
    REQUIRE(flow->import_creditors(creditors_csv(), "mm"));
  }

  /// A batch whose front sides are the pages of the invoice, received four days after its date.
  archive::Batch scan(const DrawnInvoice& drawn) {
    const auto received = invoice::iso_date(invoice::day_number(drawn.truth.at("invoice_date")) + 4);
    const int sheets = int(drawn.pages.size());
    const auto batch = flow->open({"virtual:one", "invoices", "mm", sheets, received, {}, "uid:7"}).value();
    static int shade = 30;
    for (int sheet = 1; sheet <= sheets; ++sheet) {
      take(batch, sheet, Side::front, ++shade);
      take(batch, sheet, Side::back, ++shade);
    }
    REQUIRE(flow->end_feed(batch.id, feed_of(sheets)));
    for (const auto& page : pages(batch)) {
      const bool back = page.image.side == Side::back;
      REQUIRE(flow->record_reading(page.id,
                                   back ? read_as(true) : drawn.pages[std::size_t(page.image.sheet - 1)]));
    }
    return now(batch);
  }

  archive::ClarificationRow question(const std::string& reason) {
    for (auto& row : open_questions()) {
      if (row.reason == reason) return row;
    }
    FAIL("nobody asks " + reason);
    return {};
  }
  Result<archive::Batch> answer(const std::string& reason, const std::string& kind,
                                const nlohmann::json& arguments, const std::string& person) {
    return flow->answer({question(reason).id, kind, arguments, person, {}});
  }
  std::string field(const archive::Batch& batch, const std::string& name) {
    const auto document = documents(batch).at(0);
    for (const auto& field : document.fields) {
      if (field.name == name) return field.value;
    }
    return {};
  }
};

void hide_number(DrawnInvoice& drawn) {
  for (auto& page : drawn.pages) {
    for (auto& word : page.words) {
      if (word.text == drawn.truth.at("invoice_number")) word.confidence = 0.3;
    }
  }
}

using Reasons = std::vector<std::string>;

/// The next seed from `seed` on whose invoice may pass without a person.
std::uint32_t sound(std::uint32_t seed) {
  while (!draw_invoice(seed).repeats) ++seed;
  return seed;
}

}  // namespace

TEST_CASE("an invoice of a known creditor is released with its fields, and remembered") {
  Office office;
  const auto drawn = draw_invoice(sound(3));
  const auto batch = office.scan(drawn);
  REQUIRE(office.reasons().empty());
  REQUIRE(batch.state == BatchState::released);
  for (const auto* name :
       {"invoice_number", "invoice_date", "net_amount", "vat_amount", "gross_amount", "iban"})
    CHECK(office.field(batch, name) == drawn.truth.at(name));
  CHECK(office.field(batch, "creditor") == drawn.creditor);
  const auto remembered = office.catalogue->invoices().numbers_of(drawn.creditor).value();
  CHECK(remembered == std::vector<std::string>{drawn.truth.at("invoice_number")});
}

TEST_CASE("the same invoice again is stopped and names the earlier document; a person may let it pass") {
  Office office;
  const auto drawn = draw_invoice(sound(3));
  const auto first = office.scan(drawn);
  const auto again = office.scan(drawn);
  CHECK(again.state == BatchState::held);
  REQUIRE(office.reasons() == Reasons{"invoice_duplicate"});
  const auto earlier = office.documents(first).at(0).number;
  CHECK(office.question("invoice_duplicate").body.at("values").at("earlier") == earlier);
  REQUIRE(office.answer("invoice_duplicate", "set_routing", {{"class", "letter"}}, "mm"));
  CHECK(office.now(again).state == BatchState::released);
  CHECK(office.documents(again).at(0).document_class == "letter");
  CHECK(office.field(again, "iban").empty());
}

TEST_CASE("doubtful fields are asked for and a correction teaches the creditor's layout at once") {
  Office office;
  auto drawn = draw_invoice(sound(3));
  hide_number(drawn);
  const auto batch = office.scan(drawn);
  REQUIRE(office.reasons() == Reasons{"invoice_fields"});
  CHECK(office.question("invoice_fields").body.at("values").at("fields") == "invoice_number");
  CHECK(office.answer("invoice_fields", "set_fields", {{"iban", "DE00"}}, "mm").error().code ==
        Errc::invalid_input);
  CHECK_FALSE(office.answer("invoice_fields", "set_fields", nlohmann::json::object(), "mm"));
  REQUIRE(office.answer("invoice_fields", "set_fields", {{"invoice_number", "Pos"}}, "mm"));
  CHECK(office.now(batch).state == BatchState::released);
  CHECK(office.field(batch, "invoice_number") == "Pos");
  CHECK_FALSE(office.catalogue->invoices().anchors_of(drawn.creditor).value().empty());
}

TEST_CASE("an unknown creditor holds the invoice until an import names him") {
  Office office;
  office.catalogue->database().run("DELETE FROM creditor_account").value();
  office.catalogue->database().run("DELETE FROM creditor").value();
  office.restart();
  const auto batch = office.scan(draw_invoice(sound(5)));
  REQUIRE(office.reasons() == Reasons{"invoice_creditor"});
  CHECK_FALSE(office.flow->import_creditors("id;name\n;x\n", "mm"));
  CHECK(office.now(batch).state == BatchState::held);
  REQUIRE(office.flow->import_creditors(creditors_csv(), "mm"));
  CHECK(office.now(batch).state == BatchState::released);
}

TEST_CASE("a creditor that nobody knows cannot be chosen") {
  Office office;
  office.catalogue->database().run("DELETE FROM creditor_account").value();
  office.catalogue->database()
      .run("UPDATE creditor SET vat_id = '', tax_number = '', name = 'Andere ' || id")
      .value();
  office.restart();
  const auto batch = office.scan(draw_invoice(sound(5)));
  REQUIRE(office.reasons() == Reasons{"invoice_creditor"});
  REQUIRE(office.answer("invoice_creditor", "set_creditor", {{"creditor", "nobody"}}, "mm"));
  CHECK(office.reasons() == Reasons{"invoice_creditor"});
  REQUIRE(office.answer("invoice_creditor", "set_creditor", {{"creditor", "70001"}}, "mm"));
  CHECK(office.now(batch).state == BatchState::held);  // his account is not known
  CHECK(office.reasons() == Reasons{"invoice_iban_changed", "invoice_iban_second"});
}

TEST_CASE("a changed account needs two persons and is known from then on") {
  Office office;
  office.catalogue->database().run("UPDATE creditor_account SET iban = 'DE02701500000000594937'").value();
  office.restart();
  const auto drawn = draw_invoice(sound(8));
  const auto batch = office.scan(drawn);
  REQUIRE(office.reasons() == Reasons{"invoice_iban_changed", "invoice_iban_second"});
  REQUIRE(office.answer("invoice_iban_changed", "confirm", nlohmann::json::object(), "mm"));
  const auto same = office.answer("invoice_iban_second", "confirm", nlohmann::json::object(), "mm");
  REQUIRE_FALSE(same);
  CHECK(same.error().code == Errc::refused);
  REQUIRE(office.answer("invoice_iban_second", "confirm", nlohmann::json::object(), "kk"));
  CHECK(office.now(batch).state == BatchState::released);
  CHECK(office.field(batch, "iban") == drawn.truth.at("iban"));
  const auto creditors = office.catalogue->invoices().creditors().value();
  const invoice::CreditorBook book(creditors);
  CHECK(book.find(drawn.creditor)->account(drawn.truth.at("iban")) != nullptr);
}

TEST_CASE("two invoices in one document are proposed for splitting, and one stack of both is split") {
  Office office;
  std::uint32_t other = 1;
  const auto fits = [](std::uint32_t seed) {
    return draw_invoice(seed).repeats && draw_invoice(seed).pages.size() == 1;
  };
  while (!fits(other)) ++other;
  std::uint32_t one = other + 1;
  while (!fits(one)) ++one;
  auto drawn = draw_invoice(one);
  const auto second = draw_invoice(other);
  drawn.pages.push_back(second.pages[0]);
  drawn.truth["invoice_date"] = std::max(drawn.truth.at("invoice_date"), second.truth.at("invoice_date"));
  const auto batch = office.scan(drawn);
  const auto question = office.question("invoice_several");
  const std::string page = question.body.at("values").at("page");
  REQUIRE(office.answer("invoice_several", "split_here", {{"page", page}}, "mm"));
  CHECK(office.now(batch).state == BatchState::released);
  CHECK(office.documents(batch).size() == 2);
}
