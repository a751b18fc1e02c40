#include <catch2/catch.hpp>

#include "daemon/document/page_report.h"
#include "daemon/document/states.h"
#include "daemon/document/terms.h"

using namespace mailroom;

TEST_CASE("an illegal step names both states") {
  const auto wrong = check_step(BatchState::released, BatchState::feeding);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == Errc::illegal_state);
  CHECK(wrong.error().what == "a batch that is released cannot become feeding");
  CHECK(check_step(DocumentState::open, DocumentState::released));
  CHECK_FALSE(check_step(DocumentState::receipted, DocumentState::open));
}

TEST_CASE("every name of a closed list reads back as its value") {
  for (const auto* name : {"content", "envelope", "attachment", "note", "separator", "blank", "copy"}) {
    CHECK(name_of(page_role_from(name).value()) == name);
  }
  CHECK(name_of(originals_from("return").value()) == "return");
  CHECK_FALSE(priority_from("very urgent"));
}

TEST_CASE("a box turns with its page") {
  const Box box{10, 20, 30, 40};
  CHECK(upright(box, 100, 200, 0) == box);
  CHECK(upright(box, 100, 200, 90) == Box{140, 10, 40, 30});
  CHECK(upright(box, 100, 200, 180) == Box{60, 140, 30, 40});
  CHECK(upright(box, 100, 200, 270) == Box{20, 60, 40, 30});
}

TEST_CASE("a page report survives being written and read") {
  PageReport report;
  report.width = 100;
  report.rotation = 180;
  report.codes.push_back({"QRCode", "text", "dGV4dA==", {1, 2, 3, 4}, {"zxing", "zbar"}});
  report.words.push_back({"Straße", {5, 6, 7, 8}, 0.91, 3, 1});
  const auto copy = page_report_from(to_json(report)).value();
  CHECK(to_json(copy) == to_json(report));
  CHECK(page_report_from(nlohmann::json{{"width", 1}}).error().code == Errc::corrupt);
}
