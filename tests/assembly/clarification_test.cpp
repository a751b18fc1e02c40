#include <catch2/catch.hpp>
#include <set>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "tests/assembly/stack.h"
#include "tests/support/places.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::assembly;

TEST_CASE("every reason and every answer stands on the format page, and every answer exists") {
  const auto bytes = read_file(source_path("docs/formats/clarifications.md")).value();
  const std::string page(as_text(bytes));
  std::set<std::string_view> seen;
  for (const auto& reason : all_reasons()) {
    INFO(reason.name);
    CHECK(seen.insert(reason.name).second);
    CHECK(page.find("`" + std::string(reason.name) + "`") != std::string::npos);
    CHECK_FALSE(reason.resolutions.empty());
    for (const auto kind : reason.resolutions) CHECK(find_resolution_kind(kind) != nullptr);
  }
  for (const auto& kind : all_resolution_kinds())
    CHECK(page.find("`" + std::string(kind.name) + "`") != std::string::npos);
}

TEST_CASE("a clarification is read back from its JSON") {
  const auto made = make_clarification("unknown_class", {"p1"}, {{"p1", {1, 2, 3, 4}}},
                                       {{"sheet", "7"}, {"side", "front"}, {"code", "ZZZ"}});
  CHECK(made.text_de == "Blatt 7, Vorderseite: Die Dokumentart ZZZ ist nicht bekannt. Welche gilt?");
  CHECK(made.text_en == "Sheet 7, front: the class ZZZ is not known. Which one is meant?");
  const auto back = clarification_from(to_json(made));
  REQUIRE(back);
  CHECK(to_json(*back) == to_json(made));
  CHECK_FALSE(clarification_from({{"reason", "unknown_class"}}));
  CHECK_FALSE(clarification_from({{"reason", "nonsense"}}));
}

TEST_CASE("names of fields are put into words, and their places stay with them") {
  const auto made = make_clarification("invoice_fields", {"p1"}, {{"p1", {1, 2, 3, 4}, "iban"}},
                                       {{"sheet", "1"}, {"fields", "iban, invoice_number"}, {"iban", ""}});
  CHECK(made.text_de == "Rechnung ab Blatt 1: Bitte prüfen: IBAN, Rechnungsnummer.");
  CHECK(made.text_en == "Invoice from sheet 1: please check: IBAN, invoice number.");
  CHECK(clarification_from(to_json(made)).value().evidence[0].field == "iban");
}

TEST_CASE("amounts are written as people write them") {
  const auto made = make_clarification(
      "invoice_duplicate", {"p1"}, {},
      {{"sheet", "1"}, {"earlier", "26-1-1"}, {"invoice_number", "1.2"}, {"gross_amount", "119.00"}});
  CHECK(made.text_de.find("(Nr. 1.2, 119,00)") != std::string::npos);
  CHECK(made.text_en.find("(no. 1.2, 119.00)") != std::string::npos);
}

TEST_CASE("an answer must fit its question") {
  const auto question = make_clarification("unknown_class", {"p1"}, {}, {});
  const auto check = [&](const char* kind, nlohmann::json arguments) {
    return check_resolution(question, answer(question, kind, std::move(arguments)), shipped());
  };
  CHECK(check("treat_as_separator", {{"class", "invoice"}}));
  CHECK(check("confirm_count", {{"sheets", 1}}).error().code == Errc::refused);
  CHECK(check("treat_as_separator", {{"class", "nonsense"}}).error().code == Errc::invalid_input);
  CHECK(check("treat_as_separator", {{"class", 7}}).error().code == Errc::invalid_input);
  CHECK(check("treat_as_separator", {{"colour", "red"}}).error().code == Errc::invalid_input);
  CHECK(check("treat_as_separator", nlohmann::json::array()).error().code == Errc::invalid_input);
  CHECK_FALSE(check("discard_batch", nlohmann::json::object()));
  auto nobody = answer(question, "accept_as_content");
  nobody.person.clear();
  CHECK_FALSE(check_resolution(question, nobody, shipped()));
}
