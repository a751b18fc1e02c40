#include "daemon/intake/verification.h"

#include <fstream>

#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

/// A house with one receipted letter of two sides in its PDF.
struct Archived : House {
  Archived() {
    batch = released(2);
    seal_asked();
    document = documents(batch).at(0);
    row = deliveries(document.id).at(0);
    trusted.push_back(Certificate::read(identities() / "ca.pem").value());
  }
  archive::Batch batch;
  archive::DocumentRow document;
  archive::DeliveryRow row;
  std::vector<Certificate> trusted;

  intake::VerificationReport verify() {
    WorkThread core;
    intake::Verification verification(core, *catalogue, *contents, spool, trusted);
    auto report = verification.run();
    if (!report) FAIL(report.error().message());
    return *report;
  }
  /// The kinds of findings, sorted, each once.
  std::vector<std::string> found() {
    std::vector<std::string> kinds;
    const auto report = verify();
    for (const auto& finding : report.findings) kinds.push_back(finding.what);
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    return kinds;
  }
  std::filesystem::path content(const std::string& name) {
    const auto rows = catalogue->documents().contents_of(document.id).value();
    for (const auto& content : rows) {
      if (content.name == name) return contents->path_of(content.sha256);
    }
    throw std::runtime_error("no content " + name);
  }
  static void damage(const std::filesystem::path& file) {
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(-1, std::ios::end);
    const auto last = char(stream.get());
    stream.seekp(-1, std::ios::end);
    stream.put(char(last ^ 1));
  }
  void sql(const std::string& statement) { REQUIRE(catalogue->database().run(statement)); }
};
using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("an archive in order is proven whole") {
  Archived archived;
  const auto report = archived.verify();
  for (const auto& finding : report.findings)
    UNSCOPED_INFO(finding.what << ' ' << finding.where << ": " << finding.text);
  CHECK(report.findings.empty());
  CHECK(report.documents == 1);
  CHECK(report.contents == 3);
  CHECK(report.pages == 4);
  CHECK(report.audit_entries == 4);
}

TEST_CASE("a changed content is named by its digest") {
  Archived archived;
  Archived::damage(archived.content("document.pdf"));
  const auto findings = archived.verify().findings;
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].what == "content");
  CHECK(findings[0].text.find(archived.content("document.pdf").string()) != std::string::npos);
}

TEST_CASE("a content that is gone and one that is too many are named") {
  Archived archived;
  std::filesystem::remove(archived.content("transfer-note.json"));
  REQUIRE(archived.contents->put(as_bytes("nobody's")));
  std::ofstream(archived.path() / "content" / "note.txt") << "not ours";
  const auto findings = archived.verify().findings;
  CHECK(findings.size() == 3);
  CHECK(archived.found() == Kinds{"content"});
}

TEST_CASE("contents of a document that is just being sealed are no findings") {
  Archived archived;
  archived.released(1);
  REQUIRE(archived.contents->put(as_bytes("a PDF whose row comes next")));
  CHECK(archived.verify().findings.empty());
}

TEST_CASE("a captured side that was changed or lost is named by batch, sheet and side") {
  Archived archived;
  Archived::damage(archived.spool.path_of({archived.batch.id, 1, Side::front, ImageFormat::jpeg}));
  std::filesystem::remove(archived.spool.path_of({archived.batch.id, 2, Side::back, ImageFormat::jpeg}));
  const auto findings = archived.verify().findings;
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].what == "page");
  CHECK(findings[0].where == "batch " + archived.batch.number + " sheet 1 front");
  CHECK(findings[1].where == "batch " + archived.batch.number + " sheet 2 back");
}

TEST_CASE("a note that speaks of another side than the catalogue is named") {
  Archived archived;
  archived.sql("UPDATE page SET sha256 = '" + std::string(64, 'a') + "' WHERE sheet = 1 AND side = 'front'");
  CHECK(archived.found() == Kinds{"note", "page", "pdf"});
}

TEST_CASE("a signature of somebody else is named") {
  Archived archived;
  archived.trusted.clear();
  TemporaryFolder strangers;
  REQUIRE(set_up_identities(strangers.path(), {"Elsewhere", "town", {}, "mailroomd", {}}));
  archived.trusted.push_back(Certificate::read(strangers.path() / "ca.pem").value());
  CHECK(archived.found() == Kinds{"signature"});
}

TEST_CASE("a manifest that is no JSON or was changed is named") {
  Archived archived;
  archived.sql("UPDATE outbox SET manifest = 'garbage'");
  CHECK(archived.found() == Kinds{"delivery"});
  auto json = nlohmann::json::parse(archived.row.manifest);
  json["data"]["document"]["department"] = "elsewhere";
  archived.sql("UPDATE outbox SET manifest = '" + json.dump() + "'");
  CHECK(archived.found() == Kinds{"signature"});
  json = nlohmann::json::parse(archived.row.manifest);
  json["data"] = 7;
  archived.sql("UPDATE outbox SET manifest = '" + json.dump() + "'");
  CHECK(archived.found() == Kinds{"delivery"});
}

TEST_CASE("an audit that is not the one a recipient has witnessed is named") {
  Archived archived;
  archived.sql("DROP TRIGGER IF EXISTS audit_no_delete");
  archived.sql("DROP TRIGGER IF EXISTS audit_no_update");
  auto json = nlohmann::json::parse(archived.row.manifest);
  json["data"]["audit"]["seq"] = 99;
  archived.sql("UPDATE outbox SET manifest = '" + json.dump() + "'");
  CHECK(archived.found() == Kinds{"audit", "signature"});
}

TEST_CASE("a document that counts as receipted without a receipt is named") {
  Archived archived;
  archived.sql("UPDATE document SET state = 'receipted'");
  CHECK(archived.found() == Kinds{"delivery"});
  archived.sql("DELETE FROM outbox");
  CHECK(archived.found() == Kinds{"delivery"});
}
