#include <catch2/catch.hpp>
#include <fstream>

#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/xml/read_xml.h"
#include "tests/delivery/python.h"
#include "tests/invoice/samples.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;

TEST_CASE("an invoice as we write it obeys the contract's schema") {
  const TemporaryFolder folder;
  const auto invoice = invoice::read_xml(as_bytes(small_invoice()));
  REQUIRE(invoice);
  const auto file = folder.path() / "invoice.json";
  std::ofstream(file) << invoice::to_json(*invoice).dump();
  const std::string program =
      "import json,sys; from jsonschema import Draft202012Validator as V; "
      "V(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))";
  CHECK(run_python({"-c", program, source_path("config/contract/schemas/invoice.json"), file.string()}) == 0);
}
