#include <fstream>

#include "daemon/crypto/digest.h"
#include "daemon/intake/hot_folder.h"
#include "daemon/intake/verification.h"
#include "daemon/invoice/xml/read_xml.h"
#include "tests/intake/file_office.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

using Office = FileOffice;
using Reasons = std::vector<std::string>;

}  // namespace

TEST_CASE("an electronic invoice goes to payment as an invoice: original bytes, readable form, model") {
  Office office;
  const auto xml = bytes_of(small_invoice("119.00", kAccount));
  const auto batch = office.receive(xml);
  REQUIRE(office.reasons().empty());
  REQUIRE(batch.state == BatchState::released);
  CHECK(batch.counted_by == "file");
  office.seal_asked();
  CHECK(office.content(batch, "original") == xml);
  const auto model = json::parse(office.content(batch, "invoice"));
  CHECK(model["syntax"] == "UBL-Invoice");
  CHECK(model["terms"]["BT-1"][0]["value"] == "RE-1");
  const auto pdf = office.content(batch, "document");
  CHECK(as_text(pdf).starts_with("%PDF-"));
  const auto owed = office.owed_to(batch, "payment");
  const auto manifest = delivery::read_manifest(owed.manifest).value();
  CHECK(manifest.json["type"] == "mailroom.invoice.v1");
  std::vector<std::string> roles;
  for (const auto& one : manifest.contents) roles.push_back(one.role);
  std::sort(roles.begin(), roles.end());
  CHECK(roles ==
        std::vector<std::string>{"document", "invoice", "original", "transfer-note", "transfer-note"});
  std::map<std::string, std::string> fields;
  for (const auto& field : manifest.json["data"]["document"]["fields"])
    fields[field["name"]] = field["value"];
  CHECK(fields["invoice_number"] == "RE-1");
  CHECK(fields["gross_amount"] == "119.00");
  CHECK(fields["iban"] == "DE89370400440532013000");
  CHECK(fields["due_date"] == "2026-12-02");
  CHECK(fields["skonto_date"] == "2026-11-16");
  CHECK(fields["creditor"] == "70001");
}

TEST_CASE("sealing a received file again gives the same bytes") {
  Office office;
  office.receive(bytes_of(small_invoice("119.00", kAccount)));
  const auto document = office.asked.sealed.at(0);
  auto order = office.flow->seal_order(document).value();
  intake::Sealing sealing(office.configuration, appliance(), House::certificates(), office.spool,
                          *office.contents);
  const auto once = sealing.seal(order).value();
  const auto again = sealing.seal(order).value();
  for (std::size_t i = 0; i < once.contents.size(); ++i) {
    if (once.contents[i].row.name == "transfer-note.p7s") continue;  // a signature has a time
    INFO(once.contents[i].row.name);
    CHECK(once.contents[i].row.sha256 == again.contents[i].row.sha256);
  }
}

TEST_CASE("an e-mail is kept whole; what counts is the invoice in it") {
  Office office;
  const auto mail = mail_with(small_invoice("119.00", kAccount));
  const auto batch = office.receive(mail);
  REQUIRE(batch.state == BatchState::released);
  CHECK(batch.received.channel == Channel::email);
  office.seal_asked();
  CHECK(office.content(batch, "original") == mail);
}

TEST_CASE("the archive of received files is proven, and one that was changed is found") {
  Office office;
  const auto batch = office.receive(bytes_of(small_invoice("119.00", kAccount)));
  office.seal_asked();
  WorkThread core;
  std::vector<Certificate> trusted;
  trusted.push_back(Certificate::read(identities() / "ca.pem").value());
  const auto verify = [&] {
    return intake::Verification(core, *office.catalogue, *office.contents, office.spool, trusted)
        .run(intake::Verification::Depth::deep)
        .value()
        .findings;
  };
  for (const auto& finding : verify()) FAIL(finding.what + " " + finding.where + ": " + finding.text);
  office.catalogue->database().run("UPDATE content SET role = 'fields' WHERE role = 'original'").value();
  const auto found = verify();
  CHECK(std::any_of(found.begin(), found.end(),
                    [](const auto& finding) { return finding.text.find("original") != std::string::npos; }));
  CHECK(office.now(batch).state == BatchState::released);
}

TEST_CASE("the same file again is stopped and names the earlier document") {
  Office office;
  const auto xml = bytes_of(small_invoice("119.00", kAccount));
  const auto first = office.receive(xml, "one");
  const auto again = office.receive(xml, "two");
  CHECK(again.state == BatchState::held);
  REQUIRE(office.reasons() == Reasons{"invoice_duplicate"});
  CHECK(office.open_questions().at(0).body["values"]["earlier"] == office.documents(first).at(0).number);
}

TEST_CASE("the same arrival twice is one batch") {
  Office office;
  const auto xml = bytes_of(small_invoice("119.00", kAccount));
  const auto first = office.give(xml, "one").value();
  CHECK(office.give(xml, "one").value().id == first.id);
}

TEST_CASE(
    "broken rules hold an invoice until a person takes it; without an invoice it can only go elsewhere") {
  Office office;
  const auto broken = office.receive(bytes_of(small_invoice("118.00", kAccount)), "one");
  CHECK(broken.state == BatchState::held);
  REQUIRE(office.reasons() == Reasons{"invoice_form"});
  const auto question = office.open_questions().at(0);
  REQUIRE(office.flow->answer({question.id, "confirm", json::object(), "mm", {}}));
  CHECK(office.now(broken).state == BatchState::released);

  const auto other = office.receive(bytes_of("<?xml version=\"1.0\"?><letter/>"), "two");
  CHECK(other.state == BatchState::held);
  REQUIRE(office.reasons() == Reasons{"invoice_missing"});
  const auto what = office.open_questions().at(0);
  CHECK_FALSE(office.flow->answer({what.id, "confirm", json::object(), "mm", {}}));
  REQUIRE(office.flow->answer({what.id, "set_routing", {{"class", "letter"}}, "mm", {}}));
  CHECK(office.now(other).state == BatchState::released);
  office.seal_asked();
  const auto manifest = delivery::read_manifest(office.owed_to(other, "ecm").manifest).value();
  CHECK(manifest.json["type"] == "mailroom.document.v1");
}

TEST_CASE("what is no XML, PDF or e-mail is refused and leaves no batch") {
  Office office;
  for (const auto& bytes : {bytes_of("hello"), bytes_of(""), Bytes{0xFF, 0xD8, 0xFF, 0xE0}}) {
    const auto refused = office.give(bytes, "x");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::refused);
  }
  CHECK(office.catalogue->batches().latest(10).value().empty());
}

TEST_CASE("files come in by profiles for files only, and those scan nothing") {
  Office office;
  intake::ReceivedFile file;
  file.profile = "post";
  file.bytes = bytes_of("<a/>");
  CHECK(office.take(file).error().code == Errc::invalid_input);
  CHECK(office.flow->feed_settings("electronic-invoices").error().code == Errc::invalid_input);
}

TEST_CASE("a file that was stored and not taken is given back at the next start") {
  Office office;
  const auto batch =
      office.flow->open({"files", "electronic-invoices", "folder:invoices", 1, "", {}, ""}).value();
  const auto xml = bytes_of("<a/>");
  REQUIRE(office.spool.store({batch.id, 1, Side::front, ImageFormat::xml}, xml));
  office.restart();
  REQUIRE(office.flow->recover());
  CHECK(office.now(batch).state == BatchState::discarded);
  CHECK(office.spool.files_of(batch.id).value().untaken.size() == 1);
  CHECK(office.give(xml, "one"));  // the folder still has it
}

TEST_CASE("an erased invoice leaves neither its file nor its name") {
  Office office;
  const auto batch = office.receive(bytes_of(small_invoice("119.00", kAccount)));
  office.seal_asked();
  const auto document = office.documents(batch).at(0).id;
  const auto original = sha256_hex(office.content(batch, "original"));
  const auto wish = office.flow->request_erasure({document, "private_mail", "mm"});
  if (!wish) FAIL(wish.error().message());
  REQUIRE(office.flow->confirm_erasure({wish->id, "kk"}));
  CHECK_FALSE(office.contents->contains(original));
  CHECK(office.catalogue->invoices().received_by_batch(batch.id).value()->name.empty());
  CHECK(office.catalogue->invoices().model_of(document).value().empty());
  CHECK(office.catalogue->records().of_document(document).value().empty());
  CHECK_FALSE(std::filesystem::exists(office.spool.path_of({batch.id, 1, Side::front, ImageFormat::xml})));
}

TEST_CASE("what the payment system says is where an invoice stands") {
  Office office;
  const auto batch = office.receive(bytes_of(small_invoice("119.00", kAccount)));
  office.seal_asked();
  const auto owed = office.owed_to(batch, "payment");
  const auto state = [&] { return office.catalogue->invoice_states().find("RE-1").value(); };
  CHECK(state().state == "received");
  CHECK(state().payable == "119.00");
  auto deliveries = office.catalogue->deliveries();
  REQUIRE(deliveries.insert_progress({owed.id, 1, "in_approval", "Bauamt"}, office.clock.now()));
  CHECK(state().state == "in_approval");
  office.clock.advance(1h);
  REQUIRE(deliveries.insert_progress({owed.id, 2, "filed", "Akte 7"}, office.clock.now()));
  CHECK(state().state == "in_approval");
  office.clock.advance(1h);
  REQUIRE(deliveries.insert_progress({owed.id, 3, "paid", "2026-11-12"}, office.clock.now()));
  CHECK(state().state == "paid");
  CHECK(state().state_text == "2026-11-12");
  CHECK(office.catalogue->invoice_states().to_be_paid().value().empty());
  const auto steps = office.catalogue->invoice_states().timeline(state().document).value();
  std::vector<std::string> names;
  for (const auto& step : steps) names.push_back(step.step);
  CHECK(names == std::vector<std::string>{"received", "released", "in_approval", "filed", "paid"});
}

TEST_CASE("deadlines are told once in the audit and again each day until the invoice is paid") {
  Office office;
  const auto batch =
      office.receive(bytes_of(small_invoice("119.00", kAccount)));  // reduction until 16.11., a Monday
  office.seal_asked();
  const auto document = office.documents(batch).at(0).id;
  const auto tell = [&] {
    const auto before = office.told.size();
    REQUIRE(office.flow->tell_deadlines());
    return office.told.size() - before;
  };
  const auto entries = [&] {
    const auto all = office.actions(document);
    return std::count(all.begin(), all.end(), "invoice.deadline");
  };
  CHECK(tell() == 0);
  office.clock.advance(24h * 6);  // Wednesday the eleventh: three working days before
  CHECK(tell() == 1);
  CHECK(tell() == 0);
  CHECK(entries() == 1);
  const auto event = json::parse(office.told.back().second);
  CHECK(office.told.back().first == "payment");
  CHECK(event["type"] == "mailroom.invoice-deadline.v1");
  CHECK(event["data"]["kind"] == "skonto");
  CHECK(event["data"]["pay_by"] == "2026-11-16");
  office.clock.advance(24h);
  CHECK(tell() == 1);
  CHECK(entries() == 1);
  CHECK(json::parse(office.told.back().second)["id"] == event["id"]);
  office.clock.advance(24h * 5);  // the seventeenth: passed
  CHECK(tell() == 1);
  CHECK(json::parse(office.told.back().second)["data"]["urgency"] == "passed");
  CHECK(entries() == 2);
  REQUIRE(office.catalogue->deliveries().insert_progress(
      {office.owed_to(batch, "payment").id, 1, "paid", "2026-11-17"}, office.clock.now()));
  office.clock.advance(24h);
  CHECK(tell() == 0);
}

namespace {

/// A folder, and what was taken from it.
struct Folder {
  TemporaryFolder place;
  ManualClock clock{from_rfc3339("2026-11-05T09:00:00.000Z").value()};
  std::vector<std::pair<std::string, std::string>> taken;  ///< name and origin
  std::optional<Error> fault;
  intake::HotFolder folder{
      {"invoices", place.path() / "in", "electronic-invoices", 5},
      [this](const std::string& name, const Bytes&, const std::string& origin) { return take(name, origin); },
      clock};

  Result<std::string> take(const std::string& name, const std::string& origin) {
    if (fault) return fail(*fault);
    taken.emplace_back(name, origin);
    return std::string("26-00001");
  }
  [[nodiscard]] std::filesystem::path in() const { return place.path() / "in"; }
  void put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(in());
    std::ofstream(in() / name) << text;
  }
  void look_after(std::chrono::milliseconds pause) {
    clock.advance(pause);
    folder.look();
  }
  [[nodiscard]] bool has(const std::string& path) const { return std::filesystem::exists(in() / path); }
};

}  // namespace

TEST_CASE("a file is taken when it has stayed the same for a while, and moved away") {
  Folder folder;
  folder.put("a.xml", "<a>");
  folder.look_after(0s);
  folder.put("a.xml", "<a></a>");
  folder.look_after(6s);
  CHECK(folder.taken.empty());  // it had changed
  folder.look_after(4s);
  CHECK(folder.taken.empty());
  folder.look_after(2s);
  REQUIRE(folder.taken.size() == 1);
  CHECK(folder.taken[0].first == "a.xml");
  CHECK(folder.has("taken/26-00001-a.xml"));
  CHECK_FALSE(folder.has("a.xml"));
}

TEST_CASE("half a file waits for the rest of it and is refused when it never comes") {
  Folder folder;
  folder.put("half.xml", "<a><b>tex");
  folder.put("half.pdf", "%PDF-1.7\n1 0 obj");
  folder.put("empty.xml", "");
  for (int i = 0; i < 9; ++i) folder.look_after(1min);
  CHECK(folder.has("half.xml"));
  CHECK(folder.has("empty.xml"));
  folder.put("half.xml", "<a><b>text</b></a>");
  folder.look_after(1s);
  folder.look_after(6s);
  CHECK(folder.has("taken/26-00001-half.xml"));
  folder.look_after(11min);
  CHECK(folder.has("refused/half.pdf"));
  CHECK(folder.has("refused/empty.xml"));
  const auto refused = folder.folder.refused().value();
  REQUIRE(refused.size() == 2);
  CHECK(refused[1].name == "half.pdf");
  CHECK(refused[1].reason == "the file ends in the middle");
}

TEST_CASE("what can never be taken is refused with its reason; a link is not followed") {
  Folder folder;
  folder.put("a.docx", "PK\x03\x04");
  folder.put("b.xml.part", "<a/>");
  std::ofstream(folder.place.path() / "secret.xml") << "<secret/>";
  std::filesystem::create_symlink(folder.place.path() / "secret.xml", folder.in() / "link.xml");
  folder.look_after(0s);
  folder.look_after(6s);
  CHECK(folder.taken.empty());
  CHECK(folder.has("refused/a.docx"));
  CHECK(folder.has("refused/a.docx.reason.txt"));
  CHECK(folder.has("b.xml.part"));
  CHECK(std::filesystem::is_symlink(folder.in() / "refused/link.xml"));
}

TEST_CASE("a full disk leaves the file where it is, and it is taken when there is room") {
  Folder folder;
  folder.put("a.xml", "<a/>");
  folder.fault = Error{Errc::disk_full, "no room"};
  folder.look_after(0s);
  folder.look_after(6s);
  CHECK(folder.has("a.xml"));
  CHECK(folder.folder.fault().find("no room") != std::string::npos);
  folder.fault.reset();
  folder.look_after(1s);
  CHECK(folder.has("taken/26-00001-a.xml"));
  CHECK(folder.folder.fault().empty());
}

TEST_CASE("a file that was taken and not moved has the same origin again; another one of its name has not") {
  Folder folder;
  folder.put("a.xml", "<a/>");
  folder.look_after(0s);
  folder.look_after(6s);
  std::filesystem::rename(folder.in() / "taken/26-00001-a.xml", folder.in() / "a.xml");
  folder.look_after(0s);
  folder.look_after(6s);
  folder.put("a.xml", "<b/>");
  folder.look_after(0s);
  folder.look_after(6s);
  REQUIRE(folder.taken.size() == 3);
  CHECK(folder.taken[0].second == folder.taken[1].second);
  CHECK(folder.taken[1].second != folder.taken[2].second);
  CHECK(folder.has("taken/2-26-00001-a.xml"));
}
