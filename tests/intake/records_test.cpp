#include "tests/intake/file_office.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;

namespace {

/// The small invoice with `note` in BT-22.
Bytes invoice_noting(const std::string& note, const std::string& number = "RE-1") {
  auto xml = small_invoice("119.00", kAccount);
  xml.insert(xml.find("<cbc:DocumentCurrencyCode>"), "<cbc:Note>" + note + "</cbc:Note>");
  xml.replace(xml.find("RE-1"), 4, number);
  return bytes_of(xml);
}

json records_in(const archive::DeliveryRow& delivery) {
  return json::parse(delivery.manifest)["data"]["document"].value("records", json::array());
}

const std::string kOrder = "Bestellung B-2026-00991";

}  // namespace

TEST_CASE("an invoice names its order and its asset as records to every recipient, without a copy") {
  FileOffice office;
  const auto batch = office.receive(invoice_noting(kOrder + ", Anlage AN-004711"));
  REQUIRE(batch.state == BatchState::released);
  office.seal_asked();
  CHECK(office.documents(batch).size() == 1);
  for (const auto* recipient : {"ecm", "payment"}) {
    const auto records = records_in(office.owed_to(batch, recipient));
    REQUIRE(records.size() == 2);
    CHECK(records[0] == json{{"kind", "voucher"}, {"key", "order-b-2026-00991"}, {"title", kOrder}});
    CHECK(records[1] == json{{"kind", "asset"}, {"key", "an-004711"}, {"title", "AN-004711"}});
  }
}

TEST_CASE("two invoices of one order are in its record, one without an order has a record of its own") {
  FileOffice office;
  const auto first = office.receive(invoice_noting(kOrder, "RE-1"), "one");
  const auto second = office.receive(invoice_noting(kOrder, "RE-2"), "two");
  const auto other = office.receive(invoice_noting("danke", "RE-3"), "three");
  REQUIRE(office.reasons().empty());
  auto records = office.catalogue->records();
  const auto together = records.documents_in("voucher", "order-b-2026-00991", 10).value();
  CHECK(together == std::vector{office.documents(first).at(0).id, office.documents(second).at(0).id});
  const auto own = records.of_document(office.documents(other).at(0).id).value();
  CHECK(own == std::vector<RecordLink>{{"voucher", "invoice-70001-re-3", "Rechnung RE-3"}});
}

TEST_CASE("an invoice of somebody unknown without an order has no record that another could share") {
  FileOffice office;
  office.catalogue->database().run("DELETE FROM creditor_account").value();
  office.catalogue->database().run("DELETE FROM creditor").value();
  office.restart();
  const auto batch = office.receive(invoice_noting("danke"));
  REQUIRE(office.reasons() == std::vector<std::string>{"invoice_creditor"});
  const auto question = office.open_questions().at(0);
  REQUIRE(office.flow->answer({question.id, "confirm", json::object(), "mm", {}}));
  REQUIRE(office.now(batch).state == BatchState::released);
  CHECK(office.catalogue->records().of_document(office.documents(batch).at(0).id).value().empty());
}

TEST_CASE("a corrected invoice is an invoice still, with its records") {
  FileOffice office;
  const auto batch = office.receive(invoice_noting(kOrder));
  office.seal_asked();
  const auto old = office.documents(batch).at(0);
  auto transaction = office.catalogue->database().begin().value();
  delivery::Receipt receipt;
  receipt.id = office.owed_to(batch, "ecm").id;
  receipt.status = delivery::ReceiptStatus::returned;
  receipt.reason = "wrong department";
  REQUIRE(office.flow->record_answer(transaction, office.owed_to(batch, "ecm"), receipt));
  REQUIRE(transaction.commit());
  const auto question = office.open_questions().at(0);
  REQUIRE(office.flow->answer({question.id, "reissue", {{"department", "bauamt"}}, "mm", {}}));
  office.seal_asked();
  const auto corrected = office.documents(batch).at(1);
  CHECK(corrected.supersedes == old.id);
  for (const auto& delivery : office.deliveries(corrected.id)) {
    const auto manifest = json::parse(delivery.manifest);
    CHECK(manifest["type"] == "mailroom.invoice.v1");
    CHECK(records_in(delivery).size() == 1);
  }
  CHECK(office.catalogue->invoice_states().find("RE-1").value().document == corrected.id);
  const auto together = office.catalogue->records().documents_in("voucher", "order-b-2026-00991", 10).value();
  CHECK(together == std::vector{corrected.id});
}

TEST_CASE("what a person corrects stands beside what the file says") {
  FileOffice office;
  REQUIRE(office.flow->import_creditors(
      "id;name;vat_id;iban\n70001;Muster GmbH;DE136695976;DE02701500000000594937\n", "mm"));
  office.catalogue->database().run("DELETE FROM creditor_account WHERE iban LIKE 'DE89%'").value();
  office.restart();
  const auto batch = office.receive(invoice_noting("danke"));
  REQUIRE(office.reasons() == std::vector<std::string>{"invoice_iban_changed", "invoice_iban_second"});
  const auto rows = office.open_questions();
  const auto question = std::find_if(rows.begin(), rows.end(),
                                     [](const auto& row) { return row.reason == "invoice_iban_changed"; });
  REQUIRE(office.flow->answer({question->id, "set_fields", {{"iban", "DE02701500000000594937"}}, "mm", {}}));
  REQUIRE(office.reasons().empty());
  REQUIRE(office.now(batch).state == BatchState::released);
  office.seal_asked();
  const auto model = json::parse(office.content(batch, "invoice"));
  CHECK(model["corrections"] ==
        json::array({{{"field", "iban"}, {"term", "BT-84"}, {"value", "DE02701500000000594937"}}}));
  CHECK(model["terms"].dump().find("DE89370400440532013000") != std::string::npos);
  const auto manifest = json::parse(office.owed_to(batch, "payment").manifest);
  for (const auto& field : manifest["data"]["document"]["fields"]) {
    if (field["name"] == "iban") CHECK(field["value"] == "DE02701500000000594937");
  }
}
