#include "daemon/archive/transfer_note.h"

#include <catch2/catch.hpp>
#include <functional>
#include <iostream>

#include "daemon/archive/transfer_note_json.h"
#include "daemon/base/durable_file.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/identity.h"
#include "tests/support/places.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::archive;

namespace {

const std::filesystem::path& identities() {
  static const test::TemporaryFolder folder;
  static const bool made =
      set_up_identities(folder.path(), {"Stadt", "marburg", {}, "mailroomd", {}}).has_value();
  REQUIRE(made);
  return folder.path();
}

std::vector<Certificate> trusted() {
  std::vector<Certificate> list;
  list.push_back(Certificate::read(identities() / "ca.pem").value());
  return list;
}

Identity appliance() {
  return read_identity(identities(), "appliance").value();
}

NotedPage page(int sheet, Side side, PageRole role, std::optional<int> pdf_page) {
  NotedPage noted;
  noted.sheet = sheet;
  noted.side = side;
  noted.role = role;
  noted.pdf_page = pdf_page;
  noted.sha256 = sha256_hex(as_bytes(std::to_string(sheet) + std::string(name_of(side))));
  noted.width = 2480;
  noted.height = 3508;
  noted.dpi = 300;
  return noted;
}

TransferNote sample_note() {
  TransferNote note;
  note.organisation = "Universitätsstadt Marburg";
  note.site = "marburg";
  note.operator_id = "m.muster";
  note.captured_from = from_rfc3339("2026-11-24T08:00:00.000Z").value();
  note.captured_to = from_rfc3339("2026-11-24T08:00:04.000Z").value();
  note.sealed_at = from_rfc3339("2026-11-24T08:01:00.000Z").value();
  note.device = {"mailroom-feeder:station1",
                 "Mailroom",
                 "Virtual",
                 "ADF",
                 "feeder_duplex",
                 "grey",
                 300,
                 210000,
                 297000,
                 80};
  note.software = "mailroom 0.1.0";
  note.engines = {"tesseract 5.3.0"};
  note.profile = "letters";
  note.configuration = sha256_hex(as_bytes("configuration"));
  note.batch = "0193a000-0000-7000-8000-000000000001";
  note.document = "0193a000-0000-7000-8000-000000000002";
  note.number = "26-00042-1";
  note.document_class = "letter";
  note.department = "buergerbuero";
  note.received = {"2026-11-24", Channel::letter};
  note.accounting = {"device_counter", 3, 6, std::nullopt, 3, true, true, ""};
  note.checks = {{"sheet_count", "passed", "software"}, {"review", "not_required", "software"}};
  note.anomalies = {{"skewed", "2 front", "kept", "m.muster"}};
  note.pages = {page(1, Side::front, PageRole::separator, std::nullopt),
                page(1, Side::back, PageRole::blank, std::nullopt),
                page(2, Side::front, PageRole::content, 1), page(2, Side::back, PageRole::content, 2)};
  note.pages[2].remarks = {"skewed"};
  note.pages[2].rotation = 180;
  note.pdf_sha256 = sha256_hex(as_bytes("pdf"));
  note.pdf_size = 123456;
  return note;
}

}  // namespace

TEST_CASE("a sealed note is proven and read back as it was") {
  const auto sealed = seal_transfer_note(sample_note(), appliance()).value();
  const auto proven = open_transfer_note(sealed, trusted());
  REQUIRE(proven);
  CHECK(proven->signature.common_name == "appliance");
  CHECK(to_json(proven->note) == to_json(sample_note()));
  CHECK(proven->note.pages[2].rotation == 180);
  CHECK(proven->note.accounting.sheets_by_device == 3);
}

TEST_CASE("a note is deterministic; only its signature is not") {
  const auto one = seal_transfer_note(sample_note(), appliance()).value();
  const auto two = seal_transfer_note(sample_note(), appliance()).value();
  CHECK((one.note == two.note));
}

TEST_CASE("every byte of a note is covered by its signature") {
  const auto sealed = seal_transfer_note(sample_note(), appliance()).value();
  const auto list = trusted();
  for (std::size_t at = 0; at < sealed.note.size(); at += 37) {
    auto changed = sealed;
    changed.note[at] ^= 1U;
    const auto result = open_transfer_note(changed, list);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::corrupt);
  }
  auto without = sealed;
  without.signature.clear();
  CHECK(open_transfer_note(without, list).error().code == Errc::corrupt);
}

TEST_CASE("an incomplete note is never signed and says what is missing") {
  const auto lacks = [](const std::function<void(TransferNote&)>& spoil, const std::string& words) {
    auto note = sample_note();
    spoil(note);
    const auto sealed = seal_transfer_note(note, appliance());
    REQUIRE_FALSE(sealed);
    INFO(sealed.error().what);
    CHECK(sealed.error().code == Errc::invalid_input);
    CHECK(sealed.error().what.find(words) != std::string::npos);
  };
  lacks([](auto& note) { note.operator_id.clear(); }, "who made it");
  lacks([](auto& note) { note.device.name.clear(); }, "what it was made with");
  lacks([](auto& note) { note.configuration = "x"; }, "under which rules");
  lacks([](auto& note) { note.captured_from = {}; }, "when it was made");
  lacks([](auto& note) { note.sealed_at = note.captured_from; }, "when it was made");
  lacks([](auto& note) { note.checks.clear(); }, "the checks");
  lacks([](auto& note) { note.accounting.closed = false; }, "number of sheets");
  lacks([](auto& note) { note.accounting.method = "confirm"; }, "who confirmed");
  lacks([](auto& note) { note.number.clear(); }, "ids");
  lacks([](auto& note) { note.pages[1].sha256.clear(); }, "digest of a page");
  lacks([](auto& note) { note.pages[3].pdf_page = 1; }, "adds up");
  lacks([](auto& note) { note.pages[3].pdf_page = 3; }, "adds up");
  lacks([](auto& note) { note.pages[0].pdf_page = 3; }, "adds up");
  lacks([](auto& note) { note.pages.clear(); }, "adds up");
  lacks([](auto& note) { note.pdf_sha256.clear(); }, "PDF");
}

TEST_CASE("a note that says that the clock was set back may be sealed before its last side") {
  auto note = sample_note();
  note.sealed_at = note.captured_from;
  note.anomalies.push_back({"clock_went_back", "", "", "software"});
  CHECK(seal_transfer_note(note, appliance()));
  note.sealed_at = {};
  CHECK_FALSE(seal_transfer_note(note, appliance()));
}

TEST_CASE("signed bytes that are no note of ours are refused") {
  const auto sign = [](const std::string& text) {
    const auto bytes = as_bytes(text);
    return SignedNote{Bytes(bytes.begin(), bytes.end()), sign_detached(bytes, appliance()).value()};
  };
  CHECK(open_transfer_note(sign("hello"), trusted()).error().code == Errc::corrupt);
  CHECK(open_transfer_note(sign("{}"), trusted()).error().code == Errc::corrupt);
  CHECK(open_transfer_note(sign(R"({"format":"mailroom-transfer-note/2"})"), trusted()).error().code ==
        Errc::unsupported);
  CHECK(open_transfer_note(sign(R"({"format":"mailroom-transfer-note/1"})"), trusted()).error().code ==
        Errc::corrupt);
  auto json = to_json(sample_note());
  json["pages"][0]["role"] = "cover";
  CHECK(open_transfer_note(sign(json.dump()), trusted()).error().code == Errc::corrupt);
}

TEST_CASE("an auditor proves a note with openssl alone") {
  const test::TemporaryFolder folder;
  const auto sealed = seal_transfer_note(sample_note(), appliance()).value();
  const auto note = (folder.path() / "note.json").string();
  const auto signature = (folder.path() / "note.p7s").string();
  REQUIRE(write_durably(note, sealed.note));
  REQUIRE(write_durably(signature, sealed.signature));
  const auto verified =
      test::shell("openssl cms -verify -binary -inform DER -in " + signature + " -content " + note +
                  " -CAfile " + (identities() / "ca.pem").string() + " -out /dev/null");
  INFO(verified.output);
  CHECK(verified.code == 0);
}

TEST_CASE("a note is valid by its JSON Schema, and one with a wrong digest is not") {
  if (test::shell("python3 -c 'import jsonschema'").code != 0) {
    std::cout << "[skipped] python3-jsonschema is not installed\n";
    return;
  }
  const test::TemporaryFolder folder;
  const auto file = (folder.path() / "note.json").string();
  const auto validate = [&](const nlohmann::json& note) {
    REQUIRE(write_durably(file, as_bytes(note.dump())));
    return test::shell(
        "python3 -c 'import json, sys, jsonschema; "
        "jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))"
        ".validate(json.load(open(sys.argv[2])))' " +
        source_path("docs/formats/transfer-note.schema.json") + " " + file);
  };
  auto note = to_json(sample_note());
  const auto valid = validate(note);
  INFO(valid.output);
  CHECK(valid.code == 0);
  note["pages"][0]["sha256"] = "x";
  CHECK(validate(note).code != 0);
}
