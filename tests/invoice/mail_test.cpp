#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "daemon/invoice/mail/mail_parts.h"
#include "tests/invoice/samples.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::invoice;
using namespace mailroom::test;

namespace {

std::vector<MailPart> parts_of(const std::string& mail) {
  auto parts = mail_parts(as_bytes(mail));
  REQUIRE(parts);
  return *std::move(parts);
}

}  // namespace

TEST_CASE("the attachments of an e-mail come out byte for byte") {
  const auto parts = parts_of(
      "From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed;\r\n boundary=\"x y\"\r\n\r\nintro\r\n--x y\r\n\r\nHallo\r\n--x y\r\n"
      "Content-Type: application/xml; name=r.xml\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\nPGEv\r\nPg==\r\n--x y\r\n"
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "Content-Disposition: attachment; filename=\"n.txt\"\r\n\r\na=3Db=\r\nc\r\n--x y--\r\nrest");
  REQUIRE(parts.size() == 3);
  CHECK(as_text(parts[0].bytes) == "Hallo");
  CHECK(as_text(parts[1].bytes) == "<a/>");
  CHECK(parts[1].name == "r.xml");
  CHECK(as_text(parts[2].bytes) == "a=bc");
  CHECK(parts[2].name == "n.txt");
}

TEST_CASE("an attached e-mail is opened") {
  const auto parts = parts_of(
      "From: a\nDate: b\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n"
      "From: c\nContent-Type: application/pdf\n\n%PDF-1.4\n--o--\n");
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].media_type == "application/pdf");
  CHECK(as_text(parts[0].bytes) == "%PDF-1.4");
}

TEST_CASE("e-mails nested without end and damaged ones are bounded") {
  std::string mail = "From: a\nDate: b\n";
  for (int i = 0; i < 50; ++i) mail += "Content-Type: message/rfc822\n\n";
  const auto nested = mail_parts(as_bytes(mail));
  REQUIRE_FALSE(nested);
  CHECK(nested.error().code == Errc::refused);
  CHECK(mail_parts(as_bytes("just text")).error().code == Errc::invalid_input);
  CHECK(parts_of("From: a\nDate: b\nContent-Type: multipart/mixed; boundary=o\n\n--o\n").size() <= 1);
}

TEST_CASE("the damaged e-mails of the samples are read as far as they go") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  for (const char* name : {"mikel-mail__encoding_madness.eml", "mikel-mail__missing_body.eml"}) {
    CAPTURE(name);
    const auto mail = read_file(*corpus / "broken" / name);
    REQUIRE(mail);
    const auto parts = mail_parts(*mail);
    CHECK((parts || parts.error().code == Errc::invalid_input));
  }
}
