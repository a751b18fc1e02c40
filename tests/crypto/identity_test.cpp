#include "daemon/crypto/identity.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

#include "daemon/base/durable_file.h"
#include "daemon/crypto/certificate.h"
#include "tests/crypto/crypto_samples.h"

using namespace mailroom;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using test::sample_identities;
using test::sample_plan;
using test::shell;

namespace {

constexpr auto kDay = 24h;

std::map<std::string, Bytes> files_in(const fs::path& folder) {
  std::map<std::string, Bytes> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename()] = read_file(entry.path()).value();
  }
  return files;
}

/// A copy of the sample identities to do things to.
struct CopiedIdentities {
  test::TemporaryFolder outer;
  fs::path folder = outer.path() / "identities";
  CopiedIdentities() { fs::copy(sample_identities(), folder); }
};

using Action = IdentityState::Action;

Action action_on(const IdentityReport& report, const std::string& name) {
  for (const auto& identity : report.identities) {
    if (identity.name == name) return identity.action;
  }
  FAIL("no identity " << name);
  return Action::kept;
}

std::string openssl_text(const std::string& name) {
  return shell("openssl x509 -noout -text -in " + (sample_identities() / (name + ".pem")).string()).output;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("setup makes every identity, and only the owner may read the keys") {
  for (const std::string name : {"ca", "broker", "node", "appliance", "ecm", "hr"}) {
    INFO(name);
    CHECK(read_identity(sample_identities(), name));
    struct stat status {};
    REQUIRE(::stat((sample_identities() / (name + ".key")).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
  }
  CHECK(read_routing_keys(sample_identities() / "routing.key").value().size() == 1);
  CHECK(files_in(sample_identities()).size() == 13);
}

TEST_CASE("openssl verify accepts each certificate for its own purpose and no other") {
  const auto verify = [](const std::string& purpose, const std::string& name) {
    return shell("openssl verify -x509_strict -purpose " + purpose + " -CAfile " +
                 (sample_identities() / "ca.pem").string() + " " +
                 (sample_identities() / (name + ".pem")).string())
               .code == 0;
  };
  CHECK(verify("sslserver", "broker"));
  CHECK_FALSE(verify("sslclient", "broker"));
  CHECK(verify("sslclient", "node"));
  CHECK(verify("sslclient", "ecm"));
  CHECK_FALSE(verify("sslserver", "ecm"));
  CHECK_FALSE(verify("smimesign", "ecm"));
  CHECK(verify("smimesign", "appliance"));
  CHECK_FALSE(verify("sslclient", "appliance"));
}

TEST_CASE("certificates say what docs/formats/identities.md says") {
  const auto broker = Certificate::read(sample_identities() / "broker.pem").value();
  for (const auto* host : {"localhost", "127.0.0.1", "::1", "mailroom.marburg.example", "192.0.2.7"}) {
    INFO(host);
    CHECK(broker.is_for_host(host));
  }
  CHECK_FALSE(broker.is_for_host("broker"));
  CHECK_FALSE(broker.is_for_host("127.0.0.2"));
  const auto node = Certificate::read(sample_identities() / "node.pem").value();
  CHECK(node.common_name() == "mailroomd");
  const auto now = SystemClock().now();
  CHECK(node.not_before() < now);
  CHECK(node.not_after() > now + 729 * kDay);
  CHECK(Certificate::read(sample_identities() / "ca.pem").value().not_after() > now + 7000 * kDay);
  CHECK(holds(openssl_text("ca"), "CA:TRUE, pathlen:0"));
  CHECK(holds(openssl_text("ca"), "NIST CURVE: P-384"));
  CHECK(holds(openssl_text("ecm"), "Public-Key: (3072 bit)"));
  CHECK(holds(openssl_text("appliance"), "1.3.6.1.5.5.7.3.36"));
}

TEST_CASE("serial numbers are long, random and different") {
  std::map<std::string, int> serials;
  for (const std::string name : {"ca", "broker", "node", "appliance", "ecm", "hr"}) {
    const auto text =
        shell("openssl x509 -noout -serial -in " + (sample_identities() / (name + ".pem")).string()).output;
    CHECK(text.size() == std::string("serial=").size() + 32 + 1);
    ++serials[text];
  }
  CHECK(serials.size() == 6);
}

TEST_CASE("setup run again keeps every byte") {
  const CopiedIdentities copy;
  const auto before = files_in(copy.folder);
  const auto report = set_up_identities(copy.folder, sample_plan()).value();
  CHECK((files_in(copy.folder) == before));
  for (const auto& identity : report.identities) CHECK(identity.action == Action::kept);
  CHECK(report.identities.size() == 6);
  CHECK(report.routing_key_id == read_routing_keys(copy.folder / "routing.key").value()[0].id);
}

TEST_CASE("a new recipient gets its identity and the others keep theirs") {
  const CopiedIdentities copy;
  auto before = files_in(copy.folder);
  auto plan = sample_plan();
  plan.recipients.push_back("payment");
  const auto report = set_up_identities(copy.folder, plan).value();
  CHECK(action_on(report, "payment") == Action::created);
  auto after = files_in(copy.folder);
  CHECK(after.erase("payment.pem") == 1);
  CHECK(after.erase("payment.key") == 1);
  CHECK((after == before));
}

TEST_CASE("a certificate near its end is renewed over the same key") {
  const CopiedIdentities copy;
  const auto before = files_in(copy.folder);
  const ManualClock later(SystemClock().now() + 700 * kDay);
  const auto report = set_up_identities(copy.folder, sample_plan(), later).value();
  CHECK(action_on(report, "ca") == Action::kept);
  CHECK(action_on(report, "appliance") == Action::kept);
  CHECK(action_on(report, "broker") == Action::renewed);
  CHECK(action_on(report, "ecm") == Action::renewed);
  const auto after = files_in(copy.folder);
  CHECK(after.at("ecm.key") == before.at("ecm.key"));
  CHECK(after.at("ecm.pem") != before.at("ecm.pem"));
  CHECK(read_identity(copy.folder, "ecm").value().certificate.not_after() > later.now() + 700 * kDay);
}

TEST_CASE("a broker that gets another host name gets another certificate") {
  const CopiedIdentities copy;
  auto plan = sample_plan();
  plan.broker_hosts.push_back("mqtt.marburg.example");
  CHECK(action_on(set_up_identities(copy.folder, plan).value(), "broker") == Action::renewed);
  CHECK(Certificate::read(copy.folder / "broker.pem").value().is_for_host("mqtt.marburg.example"));
}

TEST_CASE("keys that were moved away are not missed until they are needed") {
  const CopiedIdentities copy;
  fs::remove(copy.folder / "ecm.key");
  fs::remove(copy.folder / "ca.key");
  CHECK(set_up_identities(copy.folder, sample_plan()));
  auto plan = sample_plan();
  plan.recipients.push_back("payment");
  const auto refused = set_up_identities(copy.folder, plan);
  REQUIRE_FALSE(refused);
  CHECK(holds(refused.error().message(), "ca.key"));
  CHECK_FALSE(fs::exists(copy.folder / "payment.key"));
}

TEST_CASE("damaged identities are named and never overwritten") {
  const CopiedIdentities copy;
  const auto expect_error = [&](const std::string& file, Errc code) {
    const auto before = files_in(copy.folder);
    const auto result = set_up_identities(copy.folder, sample_plan());
    REQUIRE_FALSE(result);
    CHECK(result.error().code == code);
    CHECK(result.error().place.file == (copy.folder / file).string());
    CHECK((files_in(copy.folder) == before));
  };
  const auto put_back = [&](const std::string& file) {
    fs::copy_file(sample_identities() / file, copy.folder / file, fs::copy_options::overwrite_existing);
  };
  fs::remove(copy.folder / "appliance.key");
  expect_error("appliance.pem", Errc::corrupt);
  put_back("appliance.key");

  fs::copy_file(copy.folder / "ecm.key", copy.folder / "hr.key", fs::copy_options::overwrite_existing);
  expect_error("hr.key", Errc::corrupt);
  put_back("hr.key");

  REQUIRE(write_durably(copy.folder / "node.pem", as_bytes("not a certificate")));
  expect_error("node.pem", Errc::corrupt);
  put_back("node.pem");

  fs::permissions(copy.folder / "broker.key", fs::perms::group_read, fs::perm_options::add);
  expect_error("broker.key", Errc::refused);
}

TEST_CASE("identities of another CA are not mixed in") {
  const CopiedIdentities copy;
  const test::TemporaryFolder other;
  REQUIRE(set_up_identities(other.path(), {"Elsewhere", "x", {}, "mailroomd", {}}));
  for (const auto* file : {"node.pem", "node.key"}) {
    fs::copy_file(other.path() / file, copy.folder / file, fs::copy_options::overwrite_existing);
  }
  const auto result = set_up_identities(copy.folder, sample_plan());
  REQUIRE_FALSE(result);
  CHECK(result.error().place.file == (copy.folder / "node.pem").string());
}

TEST_CASE("a plan with names that cannot be is refused before anything is written") {
  const test::TemporaryFolder folder;
  const auto refused = [&](const IdentityPlan& plan) {
    const auto result = set_up_identities(folder.path() / "i", plan);
    return !result && result.error().code == Errc::invalid_input;
  };
  for (const auto* id : {"ca", "../x", "Ecm", "", "mailroomd", "a b", "1a"}) {
    INFO(id);
    CHECK(refused({"O", "s", {}, "mailroomd", {id}}));
  }
  CHECK_FALSE(fs::exists(folder.path() / "i"));
  CHECK(refused({std::string(65, 'x'), "s", {}, "mailroomd", {}}));
  CHECK(refused({"O", "s", {"evil,DNS:*"}, "mailroomd", {}}));
}

TEST_CASE("a setup that was killed is completed by the next one") {
#ifdef MAILROOM_FAULTS
  for (const int at : {1, 2, 4}) {
    const test::TemporaryFolder folder;
    const auto killed = shell("MAILROOM_KILL_AT=identity.after_key:" + std::to_string(at) + " " +
                              MAILROOM_SETUP_CHILD + " " + folder.path().string());
    REQUIRE(killed.code == 137);  // the shell's word for SIGKILL
    CHECK(set_up_identities(folder.path(), {"O", "s", {}, "mailroomd", {}}));
    CHECK(read_identity(folder.path(), "ca"));
    CHECK(read_identity(folder.path(), "appliance"));
  }
#else
  std::cout << "[skipped] built without MAILROOM_FAULTS\n";
#endif
}
