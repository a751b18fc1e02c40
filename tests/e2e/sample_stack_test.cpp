#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <set>

#include "daemon/base/bytes.h"
#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;
using test::text_of;

constexpr double kErrorsAllowed = 0.02;

const std::map<std::string, std::set<std::string>>& recipients_of_class() {
  static const std::map<std::string, std::set<std::string>> kRecipients = {
      {"letter", {"ecm"}}, {"invoice", {"ecm", "payment"}}, {"personnel", {"hr"}}};
  return kRecipients;
}

json draw_sample(const Mailroom& mailroom) {
  const fs::path stack = mailroom.root() / "stack";
  const auto drawn = test::shell(program("mailroom-sample").string() + mailroom.folder_options() + "--out " +
                                 stack.string());
  INFO(drawn.output);
  REQUIRE(drawn.code == 0);
  return json_of(mailroom.root() / "truth.json");
}

void check_routing(const json& document, const json& truth) {
  CHECK(document["class"] == truth["class"]);
  CHECK(document["department"] == truth["department"]);
  CHECK(document["priority"] == truth["priority"]);
  CHECK(document["pages"] == truth["page_count"]);
  CHECK(document["state"] == "receipted");
  std::set<std::string> recipients;
  for (const auto& delivery : document["deliveries"]) {
    recipients.insert(delivery["recipient"].get<std::string>());
    CHECK(delivery["state"] == "stored");
    CHECK(delivery["record"].is_string());
  }
  CHECK(recipients == recipients_of_class().at(document["class"]));
}

/// The pages in the PDF are the captured sides, byte for byte, and those are in the spool.
void check_captured_bytes(const Mailroom& mailroom, const Delivered& delivered, const json& batch) {
  const auto embedded = embedded_digests(delivered.folder / "document.pdf", mailroom.root());
  std::vector<std::string> noted;
  for (const auto& page : delivered.note["pages"]) {
    const std::string side = page["side"];
    char name[32];
    std::snprintf(name, sizeof name, "%05d-%s.jpg", page["sheet"].get<int>(), side.c_str());
    CHECK(sha256_of(mailroom.data() / "spool" / batch["id"].get<std::string>() / name) == page["sha256"]);
    if (page.contains("pdf_page")) noted.push_back(page["sha256"]);
  }
  CHECK(embedded == noted);
}

void check_delivery(const Mailroom& mailroom, const fs::path& folder, const json& document, const json& truth,
                    const json& batch) {
  const auto delivered = open_delivery(folder);
  CHECK(schema_complaints("manifest.json", folder / "manifest.json").empty());
  CHECK(signature_complaints(folder, mailroom.identities() / "ca.pem").empty());
  CHECK(qpdf_complaints(folder / "document.pdf").empty());
  CHECK(delivered.note["document"]["id"] == document["id"]);
  CHECK(delivered.note["document"]["pdf"]["sha256"] == sha256_of(folder / "document.pdf"));
  check_captured_bytes(mailroom, delivered, batch);
  int page = 0;
  for (const auto& text : truth["pages"]) {
    ++page;
    const double errors =
        character_error_rate(text.get<std::string>(), text_of_page(folder / "document.pdf", page));
    INFO(document["number"] << " page " << page);
    CHECK(errors <= kErrorsAllowed);
  }
  if (can_preflight()) {
    CHECK(preflight_complaints(folder / "document.pdf", mailroom.root()).empty());
  }
}

/// Nothing in a confidential manifest tells what the letter is about.
void check_silence(const fs::path& folder, const json& truth) {
  const std::string manifest = text_of(folder / "manifest.json");
  const json parsed = json::parse(manifest);
  CHECK_FALSE(parsed["data"].contains("fields"));
  for (const auto& content : parsed["data"]["contents"]) {
    CHECK(content["encryption"] == "cms-auth-enveloped");
    if (!content.contains("inline")) continue;
    const auto bytes = from_base64(content["inline"].get<std::string>());
    REQUIRE(bytes);
    CHECK(as_text(*bytes).find("mailroom-transfer-note") == std::string_view::npos);
  }
  for (const auto& page : truth["pages"]) {
    const std::string text = page;
    const std::string name = text.substr(0, text.find('\n'));
    CHECK(manifest.find(name) == std::string::npos);
  }
}

/// The documents in the order of the feed, as numbers of the batch say.
std::vector<json> documents_of(const json& summary) {
  std::vector<json> documents(summary["documents"].begin(), summary["documents"].end());
  const auto index = [](const json& document) {
    const std::string number = document["number"];
    return std::stoi(number.substr(number.rfind('-') + 1));
  };
  std::sort(documents.begin(), documents.end(),
            [&](const json& a, const json& b) { return index(a) < index(b); });
  return documents;
}

void check_summary(Mailroom& mailroom, const json& summary, const json& truth) {
  const fs::path file = mailroom.root() / "summary.json";
  std::ofstream(file) << summary;
  CHECK(schema_complaints("summary.json", file).empty());
  CHECK(summary["exit"] == 0);
  CHECK(summary["held"].empty());
  REQUIRE(summary["documents"].size() == truth["documents"].size());
  const auto documents = documents_of(summary);
  const json batch = mailroom.show(summary["batch"]["id"]);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const json& expected = truth["documents"][i];
    check_routing(documents[i], expected);
    for (const auto& delivery : documents[i]["deliveries"]) {
      const fs::path folder = mailroom.delivered(delivery["recipient"]) / delivery["id"].get<std::string>();
      REQUIRE(fs::exists(folder / "manifest.json"));
      check_delivery(mailroom, folder, documents[i], expected, batch);
      if (documents[i]["class"] == "personnel") check_silence(folder, expected);
    }
  }
}

/// Whoever writes the invoice of the stack is known to the payment system.
void import_creditors(const Mailroom& mailroom) {
  const auto imported =
      mailroom.ctl("creditors --import " + test::source_path(".ci/sample-creditors.csv") + " --operator mm");
  INFO(imported.output);
  REQUIRE(imported.code == 0);
}

/// The paper invoice has reached the payment system with what it says.
void check_invoice(const Mailroom& mailroom) {
  const auto deliveries = mailroom.deliveries("payment");
  REQUIRE(deliveries.size() == 1);
  const json manifest = json::parse(text_of(deliveries[0] / "manifest.json"));
  std::map<std::string, std::string> fields;
  for (const auto& field : manifest["data"]["document"]["fields"]) fields[field["name"]] = field["value"];
  CHECK(fields["invoice_number"] == "2026-1187");
  CHECK(fields["net_amount"] == "1530.00");
  CHECK(fields["vat_amount"] == "290.70");
  CHECK(fields["gross_amount"] == "1820.70");
  CHECK(fields["iban"] == "DE89370400440532013000");
  CHECK(fields["creditor"] == "70001");
  CHECK(manifest["data"]["document"]["records"][0]["key"] == "order-b-2026-00415");
}

/// Every side of the stack has the role that the truth gives it.
void check_roles(const json& batch, const json& truth) {
  REQUIRE(batch["pages"].size() == truth["sides"].size());
  for (std::size_t i = 0; i < truth["sides"].size(); ++i) {
    INFO(truth["sides"][i].dump());
    CHECK(batch["pages"][i]["sheet"] == truth["sides"][i]["sheet"]);
    CHECK(batch["pages"][i]["role"] == truth["sides"][i]["role"]);
  }
}

void change_byte(const fs::path& file, std::streamoff at) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(at);
  const char was = char(stream.get());
  stream.seekp(at);
  stream.put(char(was ^ 1));
  REQUIRE(stream.good());
}

void sql(const Mailroom& mailroom, const std::string& statement) {
  const auto outcome =
      test::shell("sqlite3 " + (mailroom.data() / "catalogue.db").string() + " \"" + statement + "\"");
  INFO(outcome.output);
  REQUIRE(outcome.code == 0);
}

/// What `verify` says of the data as it is after `damage`; the data is whole again afterwards.
std::string verdict_after(const Mailroom& mailroom, const std::function<void()>& damage) {
  const fs::path kept = mailroom.root() / "kept";
  fs::copy(mailroom.data(), kept, fs::copy_options::recursive);
  damage();
  const std::string findings = mailroom.findings().dump();
  fs::remove_all(mailroom.data());
  fs::rename(kept, mailroom.data());
  return findings;
}

void check_tampering(Mailroom& mailroom, const json& summary) {
  const std::string batch = summary["batch"]["id"], number = summary["batch"]["number"];
  const json document = mailroom.show(documents_of(summary)[0]["id"]);
  const std::string digest = document["contents"][0]["sha256"];
  CHECK(mailroom.findings().empty());
  mailroom.daemon().terminate();
  REQUIRE(mailroom.daemon_ended());
  CHECK(mailroom.findings().empty());

  const auto content_file = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(mailroom.data() / "content")) {
      if (entry.is_regular_file() && entry.path().string().find(digest) != std::string::npos)
        return entry.path();
    }
    return fs::path();
  }();
  REQUIRE_FALSE(content_file.empty());
  const fs::path side = mailroom.data() / "spool" / batch / "00003-front.jpg";
  using Catch::Matchers::Contains;
  CHECK_THAT(
      verdict_after(mailroom,
                    [&] { change_byte(content_file, std::streamoff(fs::file_size(content_file)) - 100); }),
      Contains(digest));
  CHECK_THAT(verdict_after(mailroom, [&] { fs::remove(content_file); }), Contains(digest));
  CHECK_THAT(verdict_after(mailroom, [&] { change_byte(side, 5000); }), Contains(number + " sheet 3 front"));
  CHECK_THAT(verdict_after(mailroom, [&] { fs::remove(side); }), Contains(number + " sheet 3 front"));
  CHECK_THAT(verdict_after(mailroom,
                           [&] {
                             sql(mailroom,
                                 "DROP TRIGGER IF EXISTS audit_never_changes; UPDATE audit SET actor = "
                                 "'operator:mallory' WHERE seq = 2");
                           }),
             Contains("audit"));
  CHECK_THAT(verdict_after(mailroom,
                           [&] {
                             sql(mailroom, "UPDATE page SET sha256 = '" + std::string(64, '0') +
                                               "' WHERE batch = '" + batch +
                                               "' AND sheet = 3 AND side = 'front'");
                           }),
             Contains(number + " sheet 3 front"));
  CHECK(mailroom.findings().empty());
}

TEST_CASE("the sample stack arrives document by document, provably the same as what came in") {
  Mailroom mailroom;
  mailroom.add_scanner("one");
  const json truth = draw_sample(mailroom);
  REQUIRE(truth["sides"].size() >= 24);
  mailroom.load_feeder("one", mailroom.root() / "stack");
  mailroom.configure("classes.toml", "reading", "\"invoice\"");
  mailroom.start_all();
  import_creditors(mailroom);
  const auto sheets = std::to_string(truth["sides"].size() / 2);
  const auto number = mailroom.scan("one", "--profile post-patch --declared " + sheets);
  const json summary = mailroom.follow(number, 100);
  check_summary(mailroom, summary, truth);
  check_invoice(mailroom);
  check_roles(mailroom.show(number), truth);
  check_tampering(mailroom, summary);
}

}  // namespace
}  // namespace mailroom::e2e
