#include <catch2/catch.hpp>

#include "daemon/invoice/xml/read_xml.h"
#include "daemon/invoice/xml/xml_document.h"
#include "tests/invoice/samples.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

Error refusal(const std::string& xml) {
  const auto document = invoice::xml::Document::parse(as_bytes(xml));
  REQUIRE_FALSE(document);
  return document.error();
}

}  // namespace

TEST_CASE("a document type declaration is refused before anything in it acts") {
  CHECK(refusal(R"(<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x"><a/>)").code == Errc::refused);
  CHECK(refusal(R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)").code == Errc::refused);
  CHECK(refusal(R"(<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a b="&y;"/>)").code ==
        Errc::refused);
}

TEST_CASE("the entity bombs of the samples are refused") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  for (const char* name :
       {"libxml2__huge_dtd.xml", "libxml2__lol_classic.xml", "libxml2__lol_ip_value.xml"}) {
    CAPTURE(name);
    CHECK(refusal(text_of((*corpus / "broken" / name).string())).code == Errc::refused);
  }
}

TEST_CASE("too deep, too large and not well-formed XML are refused with the reason") {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  CHECK(refusal(deep).what.find("100 levels") != std::string::npos);
  CHECK(refusal(std::string(33U << 20U, ' ')).code == Errc::refused);
  const auto broken = refusal("<a>\n<b></a>");
  CHECK(broken.code == Errc::invalid_input);
  CHECK(broken.place.line == 2U);
  CHECK(refusal("").code == Errc::invalid_input);
}

TEST_CASE("other encodings are read, a wrong one is refused") {
  const std::string head = R"(<?xml version="1.0" encoding="ISO-8859-1"?><a>)";
  const auto latin = invoice::xml::Document::parse(as_bytes(head + "\xFC</a>"));
  REQUIRE(latin);
  CHECK(latin->root().text() == "\xC3\xBC");
  CHECK(refusal("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>\xFC</a>").code == Errc::invalid_input);
}
