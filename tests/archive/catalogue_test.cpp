#include "daemon/archive/catalogue.h"

#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::archive;

namespace {

const Timestamp kNow = *from_rfc3339("2026-11-24T08:00:00.000Z");

struct OpenCatalogue {
  test::TemporaryFolder folder;
  Catalogue catalogue = *Catalogue::open(folder.path() / "catalogue.db");

  Batch batch(const std::string& id) {
    REQUIRE(catalogue.batches().keep_configuration("d1", "{}", kNow));
    Batch batch;
    batch.id = id;
    batch.scanner = "feeder:one";
    batch.operator_id = "mm";
    batch.profile = "post";
    batch.config_digest = "d1";
    batch.received = {"2026-11-24", Channel::letter};
    const auto number = catalogue.batches().insert(batch, kNow);
    REQUIRE(number);
    batch.number = *number;
    return batch;
  }

  Page page(const std::string& id, const std::string& batch, int sheet, Side side) {
    Page page;
    page.id = id;
    page.batch = batch;
    page.image = {sheet, side, ImageFormat::jpeg, 100, 200, 300, 1, 8, std::string(64, 'a'), {}};
    page.size = 1234;
    return page;
  }

  DocumentRow document(const std::string& id, const std::string& batch) {
    DocumentRow document;
    document.id = id;
    document.batch = batch;
    document.key = "k-" + id;
    document.number = "26-" + id;
    document.document_class = "letter";
    document.department = "buergerbuero";
    document.received = {"2026-11-24", Channel::letter};
    document.fields = {{"reference", "Az. 12/3", 0.9, "barcode", "p1"}};
    return document;
  }

  DeliveryRow delivery(const std::string& id, const std::string& document, Priority priority) {
    DeliveryRow row;
    row.id = id;
    row.document = document;
    row.recipient = "ecm";
    row.priority = priority;
    row.manifest = "{}";
    return row;
  }
};

}  // namespace

TEST_CASE("batches are numbered by year in the order they were opened") {
  OpenCatalogue open;
  CHECK(open.batch("b1").number == "26-00001");
  CHECK(open.batch("b2").number == "26-00002");
  CHECK(open.catalogue.batches().get("26-00002")->id == "b2");
  CHECK(open.catalogue.batches().get("26-00003").error().code == Errc::not_found);
}

TEST_CASE("a batch takes only legal steps, and the error names both states") {
  OpenCatalogue open;
  open.batch("b1");
  auto batches = open.catalogue.batches();
  const auto refused = batches.step("b1", BatchState::finished, kNow);
  REQUIRE(!refused);
  CHECK(refused.error().code == Errc::illegal_state);
  CHECK(refused.error().what == "a batch that is feeding cannot become finished");
  REQUIRE(batches.step("b1", BatchState::closed, kNow));
  CHECK(batches.get("b1")->closed_at == "2026-11-24T08:00:00.000Z");
}

TEST_CASE("what the feed told about a batch comes back as it was, unknown stays unknown") {
  OpenCatalogue open;
  Batch batch = open.batch("b1");
  batch.device_sheets = 12;
  batch.feeder_empty = true;
  batch.feed_end = "feeder_empty";
  batch.sheets = 12;
  REQUIRE(open.catalogue.batches().update_feed(batch));
  const auto read = open.catalogue.batches().get("b1");
  CHECK(read->device_sheets == 12);
  CHECK(read->feeder_empty == true);
  CHECK(!read->declared_sheets);
  CHECK(!read->confirmed_sheets);
}

TEST_CASE("pages come back front before back in the order of the feed") {
  OpenCatalogue open;
  open.batch("b1");
  auto pages = open.catalogue.pages();
  for (int sheet : {2, 1}) {
    for (Side side : {Side::back, Side::front}) {
      REQUIRE(pages.insert(
          open.page("p" + std::to_string(sheet) + std::string(name_of(side)), "b1", sheet, side), kNow));
    }
  }
  const auto read = pages.of_batch("b1");
  REQUIRE(read->size() == 4);
  CHECK(read->at(0).id == "p1front");
  CHECK(read->at(1).id == "p1back");
  CHECK(read->at(3).id == "p2back");
}

TEST_CASE("the same side of a sheet is never entered twice") {
  OpenCatalogue open;
  open.batch("b1");
  REQUIRE(open.catalogue.pages().insert(open.page("p1", "b1", 1, Side::front), kNow));
  const auto again = open.catalogue.pages().insert(open.page("p2", "b1", 1, Side::front), kNow);
  REQUIRE(!again);
  CHECK(again.error().code == Errc::conflict);
}

TEST_CASE("a page is unread until it has a report or a failure, and counts the workers it killed") {
  OpenCatalogue open;
  open.batch("b1");
  auto pages = open.catalogue.pages();
  REQUIRE(pages.insert(open.page("p1", "b1", 1, Side::front), kNow));
  REQUIRE(pages.insert(open.page("p2", "b1", 1, Side::back), kNow));
  CHECK(pages.count("b1")->taken == 2);
  CHECK(pages.count("b1")->read == 0);
  PageReport report;
  report.text = "Grüße";
  REQUIRE(pages.record_report("p1", report));
  CHECK(*pages.record_death("p2") == 1);
  CHECK(*pages.record_death("p2") == 2);
  REQUIRE(pages.record_failure("p2", {"crashed", "zwei Leser sind daran gescheitert"}));
  CHECK(pages.count("b1")->read == 2);
  CHECK(pages.count("another")->taken == 0);
  CHECK(pages.get("p1")->report->text == "Grüße");
  CHECK(pages.get("p2")->failure->code == "crashed");
}

TEST_CASE("a document keeps its pages in order with their roles, and its fields") {
  OpenCatalogue open;
  open.batch("b1");
  for (const char* id : {"p1", "p2"}) {
    REQUIRE(open.catalogue.pages().insert(open.page(id, "b1", id[1] - '0', Side::front), kNow));
  }
  auto document = open.document("d1", "b1");
  document.pages = {{"p2", PageRole::content}, {"p1", PageRole::separator}};
  REQUIRE(open.catalogue.documents().insert(document, kNow));
  const auto read = open.catalogue.documents().get("26-d1");
  REQUIRE(read);
  CHECK(read->pages.at(0).page == "p2");
  CHECK(read->pages.at(1).role == PageRole::separator);
  CHECK(read->fields.at(0).value == "Az. 12/3");
}

TEST_CASE("what is owed comes urgent first, then oldest; attempted ones when they are due again") {
  OpenCatalogue open;
  open.batch("b1");
  for (const char* id : {"d1", "d2", "d3"})
    REQUIRE(open.catalogue.documents().insert(open.document(id, "b1"), kNow));
  auto deliveries = open.catalogue.deliveries();
  REQUIRE(deliveries.insert(open.delivery("m1", "d1", Priority::ordinary), kNow));
  REQUIRE(deliveries.insert(open.delivery("m2", "d2", Priority::ordinary), kNow));
  REQUIRE(deliveries.insert(open.delivery("m3", "d3", Priority::urgent), kNow));
  CHECK(deliveries.fresh("ecm", 2)->at(0).id == "m3");
  CHECK(deliveries.fresh("ecm", 2)->at(1).id == "m1");
  CHECK(deliveries.fresh("payment", 9)->empty());

  using std::chrono::seconds;
  REQUIRE(deliveries.record_attempt("m1", kNow, kNow + seconds(5)));
  CHECK(deliveries.due_again("ecm", kNow + seconds(4))->empty());
  CHECK(deliveries.due_again("ecm", kNow + seconds(5))->at(0).id == "m1");
  CHECK(*deliveries.unreceipted("ecm") == 1);
  CHECK(**deliveries.next_due("ecm") == kNow + seconds(5));
}

TEST_CASE("how far a batch is counts its documents, what is owed for them and what is stored") {
  OpenCatalogue open;
  open.batch("b1");
  open.batch("b2");
  for (const char* id : {"d1", "d2"})
    REQUIRE(open.catalogue.documents().insert(open.document(id, "b1"), kNow));
  REQUIRE(open.catalogue.documents().insert(open.document("d3", "b2"), kNow));
  auto deliveries = open.catalogue.deliveries();
  REQUIRE(deliveries.insert(open.delivery("m1", "d1", Priority::ordinary), kNow));
  auto to_payment = open.delivery("m2", "d1", Priority::ordinary);
  to_payment.recipient = "payment";
  REQUIRE(deliveries.insert(to_payment, kNow));
  REQUIRE(deliveries.insert(open.delivery("m3", "d3", Priority::ordinary), kNow));
  REQUIRE(deliveries.conclude("m2", kStored, "K-1", "{}", kNow));
  const auto count = deliveries.count("b1");
  REQUIRE(count);
  CHECK(count->documents == 2);
  CHECK(count->deliveries == 2);
  CHECK(count->stored == 1);
}

TEST_CASE("a delivery is concluded once") {
  OpenCatalogue open;
  open.batch("b1");
  REQUIRE(open.catalogue.documents().insert(open.document("d1", "b1"), kNow));
  auto deliveries = open.catalogue.deliveries();
  REQUIRE(deliveries.insert(open.delivery("m1", "d1", Priority::ordinary), kNow));
  REQUIRE(deliveries.conclude("m1", kStored, "ECM-7", "{}", kNow));
  CHECK(!deliveries.conclude("m1", kRejected, "", "{}", kNow));
  CHECK((*deliveries.find("m1"))->record == "ECM-7");
  CHECK(*deliveries.owed() == 0);
}

TEST_CASE("an answered clarification has a new version and is no longer open") {
  OpenCatalogue open;
  open.batch("b1");
  auto clarifications = open.catalogue.clarifications();
  ClarificationRow row;
  row.id = "c1";
  row.batch = "b1";
  row.key = "page/p1/unreadable";
  row.scope = "page";
  row.reason = "unreadable";
  REQUIRE(clarifications.insert(row, kNow));
  CHECK(*clarifications.open_count("b1") == 1);
  REQUIRE(clarifications.set_state("c1", kResolved, kNow));
  CHECK(*clarifications.open_count("b1") == 0);
  CHECK(clarifications.get("c1")->version == 2);
}

TEST_CASE("everything is still there after the catalogue was closed and opened again") {
  test::TemporaryFolder folder;
  const auto file = folder.path() / "catalogue.db";
  {
    auto catalogue = Catalogue::open(file);
    REQUIRE(catalogue->batches().keep_configuration("d1", "{}", kNow));
    Batch batch;
    batch.id = "b1";
    batch.config_digest = "d1";
    REQUIRE(catalogue->batches().insert(batch, kNow));
  }
  CHECK(Catalogue::open(file)->batches().get("b1")->number == "26-00001");
}
