#include "daemon/intake/sealing.h"

#include <fstream>

#include "daemon/archive/transfer_note.h"
#include "daemon/crypto/cms.h"
#include "ocr/pdf/pdf_writer.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

std::vector<Certificate> trusted() {
  std::vector<Certificate> list;
  list.push_back(Certificate::read(identities() / "ca.pem").value());
  return list;
}

const intake::SealedContent& named(const intake::SealedDocument& sealed, const std::string& name,
                                   const std::string& recipient = "") {
  for (const auto& content : sealed.contents) {
    if (content.row.name == name && content.row.recipient == recipient) return content;
  }
  throw std::runtime_error("no content " + name);
}

intake::SealOrder order_of(House& house, const archive::Batch& batch) {
  return house.flow->seal_order(house.documents(batch).at(0).id).value();
}

Result<intake::SealedDocument> sealed_by(House& house, const intake::SealOrder& order) {
  intake::Sealing sealing(house.configuration, appliance(), House::certificates(), house.spool,
                          *house.contents);
  return sealing.seal(order);
}

}  // namespace

TEST_CASE("a seal is a PDF of the captured sides and a signed note that speaks of them") {
  House house;
  const auto batch = house.released(2);
  const auto sealed = sealed_by(house, order_of(house, batch)).value();
  REQUIRE(sealed.contents.size() == 3);
  const auto pdf = house.contents->get(named(sealed, "document.pdf").row.sha256).value();
  const auto pages = house.pages(batch);
  CHECK(ocr::embedded_image_digests(pdf).value() ==
        std::vector{pages[0].image.sha256, pages[2].image.sha256});  // the backs are blank
  const archive::SignedNote note{house.contents->get(named(sealed, "transfer-note.json").row.sha256).value(),
                                 house.contents->get(named(sealed, "transfer-note.p7s").row.sha256).value()};
  const auto proven = archive::open_transfer_note(note, trusted());
  if (!proven) FAIL(proven.error().message());
  CHECK(proven->note.pdf_sha256 == named(sealed, "document.pdf").row.sha256);
  CHECK(proven->note.operator_id == "mm");
  CHECK(proven->note.pages.size() == 4);
  CHECK(proven->note.accounting.closed);
  CHECK(proven->note.configuration == house.configuration.digest);
}

TEST_CASE("the same order gives the same plain bytes") {
  House house;
  const auto batch = house.released(1);
  const auto order = order_of(house, batch);
  const auto first = sealed_by(house, order).value();
  const auto second = sealed_by(house, order).value();
  for (const std::string name : {"document.pdf", "transfer-note.json"}) {
    CAPTURE(name);
    CHECK(named(first, name).row.sha256 == named(second, name).row.sha256);
  }
}

TEST_CASE("a recipient that wants it gets every content encrypted, its manifest names no other") {
  House house;
  const auto batch = house.released(1, "personnel");
  const auto document = house.documents(batch).at(0);
  CHECK(document.confidentiality == Confidentiality::high);
  const auto sealed = house.seal(document.id);
  REQUIRE(sealed.contents.size() == 7);
  const auto hr = read_identity(identities(), "hr").value();
  for (const std::string name : {"document.pdf", "transfer-note.json", "transfer-note.p7s"}) {
    CAPTURE(name);
    const auto message = house.contents->get(named(sealed, name, "hr").row.sha256).value();
    CHECK(sha256_hex(decrypt_with(message, hr).value()) == named(sealed, name).row.sha256);
  }
  const auto fields = house.contents->get(named(sealed, "fields.json", "hr").row.sha256).value();
  CHECK(nlohmann::json::parse(as_text(decrypt_with(fields, hr).value())).is_object());
  const auto manifest = delivery::read_manifest(house.deliveries(document.id).at(0).manifest).value();
  CHECK(manifest.contents.size() == 4);
  for (const auto& content : manifest.contents) CHECK(content.encrypted);
  CHECK_FALSE(manifest.json.at("data").at("document").contains("fields"));
}

TEST_CASE("a captured side that was changed in the spool is never sealed") {
  House house;
  const auto batch = house.released(1);
  const auto order = order_of(house, batch);
  const auto file = house.spool.path_of({batch.id, 1, Side::front, ImageFormat::jpeg});
  std::ofstream(file, std::ios::app) << "x";
  const auto sealed = sealed_by(house, order);
  REQUIRE_FALSE(sealed);
  CHECK(sealed.error().code == Errc::corrupt);
  CHECK(sealed.error().place.file == file.string());
  CHECK(house.contents->list().value().digests.empty());
}

TEST_CASE("a captured side that is gone is never sealed") {
  House house;
  const auto batch = house.released(1);
  const auto order = order_of(house, batch);
  std::filesystem::remove(house.spool.path_of({batch.id, 1, Side::front, ImageFormat::jpeg}));
  CHECK(sealed_by(house, order).error().code == Errc::not_found);
}
