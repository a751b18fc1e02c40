#include "daemon/crypto/identity.h"

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/crypto/certificate.h"
#include "daemon/crypto/issue_certificate.h"
#include "daemon/crypto/secret_file.h"

namespace mailroom {
namespace fs = std::filesystem;
namespace {

using Action = IdentityState::Action;
using namespace std::chrono_literals;

constexpr auto kYear = std::chrono::hours(24 * 365);
constexpr auto kRenewBefore = std::chrono::hours(24 * 60);
constexpr std::array<const char*, 5> kReserved = {"ca", "broker", "node", "appliance", "routing"};
constexpr std::array<const char*, 3> kLoopback = {"localhost", "127.0.0.1", "::1"};

/// One identity that shall exist: its files NAME.key and NAME.pem and what its certificate says.
struct Wanted {
  std::string file;
  CertificateRequest request;
  bool rsa = false;
  bool key_may_be_elsewhere = false;
};

int years_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::authority: return 20;
    case Purpose::signing: return 5;
    default: return 2;
  }
}

Wanted wanted(const IdentityPlan& plan, Purpose purpose, std::string file, std::string common_name,
              Timestamp now) {
  Wanted identity;
  identity.file = std::move(file);
  identity.rsa = purpose == Purpose::recipient;
  identity.key_may_be_elsewhere = purpose == Purpose::recipient || purpose == Purpose::authority;
  // An hour back: the clocks of the machines that check it need not agree with ours.
  identity.request = {purpose,
                      plan.organisation,
                      plan.site,
                      std::move(common_name),
                      {},
                      now - 1h,
                      now + years_of(purpose) * kYear};
  return identity;
}

std::vector<Wanted> leaves_of(const IdentityPlan& plan, Timestamp now) {
  std::vector<Wanted> leaves;
  leaves.push_back(wanted(plan, Purpose::server, "broker", "broker", now));
  leaves.back().request.hosts.assign(kLoopback.begin(), kLoopback.end());
  for (const auto& host : plan.broker_hosts) {
    auto& hosts = leaves.back().request.hosts;
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
  }
  leaves.push_back(wanted(plan, Purpose::client, "node", plan.node, now));
  leaves.push_back(wanted(plan, Purpose::signing, "appliance", "appliance", now));
  for (const auto& id : plan.recipients) leaves.push_back(wanted(plan, Purpose::recipient, id, id, now));
  for (const auto& [name, host] : plan.scan_computers) {
    leaves.push_back(wanted(plan, Purpose::server, "scan-" + name, "scan-" + name, now));
    leaves.back().request.hosts = {host};
    leaves.back().key_may_be_elsewhere = true;
  }
  if (!plan.kiosks.empty()) {
    leaves.push_back(wanted(plan, Purpose::server, "kiosks", "kiosks", now));
    leaves.back().request.hosts = plan.kiosk_hosts;
    for (const char* loopback : {"localhost", "127.0.0.1", "::1"}) leaves.back().request.hosts.emplace_back(loopback);
  }
  for (const auto& name : plan.kiosks) {
    leaves.push_back(wanted(plan, Purpose::client, "kiosk-" + name, "kiosk-" + name, now));
    leaves.back().key_may_be_elsewhere = true;
  }
  return leaves;
}

bool is_plain_id(const std::string& id) {
  return !id.empty() && id.size() <= 32 && id[0] >= 'a' && id[0] <= 'z' &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Result<void> check_plan(const IdentityPlan& plan) {
  if (!is_plain_id(plan.node))
    return fail(Errc::invalid_input, "not a name for a node's certificate: " + plan.node);
  for (const auto& id : plan.recipients) {
    const bool reserved = std::find(kReserved.begin(), kReserved.end(), id) != kReserved.end();
    if (!is_plain_id(id) || reserved || id == plan.node) {
      return fail(Errc::invalid_input, "a recipient cannot have this id: " + id, {},
                  "use at most 32 of a-z, 0-9 and -, beginning with a letter, and none of ca, broker, node, "
                  "appliance, routing or the node's name");
    }
  }
  for (const auto& [name, host] : plan.scan_computers) {
    const auto& others = plan.recipients;
    const bool taken = std::find(others.begin(), others.end(), "scan-" + name) != others.end();
    if (!is_plain_id("scan-" + name) || host.empty() || taken)
      return fail(Errc::invalid_input, "a scan computer cannot have this name or host: " + name);
  }
  for (const auto& name : plan.kiosks) {
    const auto& others = plan.recipients;
    const bool taken = std::find(others.begin(), others.end(), "kiosk-" + name) != others.end();
    if (!is_plain_id("kiosk-" + name) || taken)
      return fail(Errc::invalid_input, "a kiosk cannot have this name: " + name);
  }
  return {};
}

/// Works on one folder of identities.
class Setup {
 public:
  Setup(fs::path folder, const IdentityPlan& plan, Timestamp now)
      : folder_(std::move(folder)), plan_(plan), now_(now) {}

  Result<IdentityReport> run();

 private:
  [[nodiscard]] fs::path key_file(const std::string& name) const { return folder_ / (name + ".key"); }
  [[nodiscard]] fs::path certificate_file(const std::string& name) const { return folder_ / (name + ".pem"); }

  Result<void> set_up_authority();
  Result<void> set_up_leaf(const Wanted& leaf);
  Result<void> set_up_routing_key();
  Result<PrivateKey> key_for(const Wanted& identity);
  Result<std::optional<Certificate>> existing(const Wanted& identity);
  Result<const Identity*> authority();
  Result<void> keep(const Wanted& identity, const Certificate& certificate, Action action);
  Result<void> create(const Wanted& identity, const Identity* issuer);
  [[nodiscard]] bool must_be_renewed(const Wanted& leaf, const Certificate& certificate) const;

  fs::path folder_;
  const IdentityPlan& plan_;
  Timestamp now_;
  std::optional<Certificate> ca_;
  std::optional<Identity> issuer_;
  IdentityReport report_;
};

Result<IdentityReport> Setup::run() {
  MAILROOM_TRY_VOID(check_plan(plan_));
  MAILROOM_TRY_VOID(create_folder_durably(folder_));
  MAILROOM_TRY_VOID(set_up_authority());
  for (const auto& leaf : leaves_of(plan_, now_)) MAILROOM_TRY_VOID(set_up_leaf(leaf));
  MAILROOM_TRY_VOID(set_up_routing_key());
  return std::move(report_);
}

/// The key is written before its certificate, so a key alone is the trace of an interrupted run
/// and is used; it was never shown to anybody.
Result<PrivateKey> Setup::key_for(const Wanted& identity) {
  if (fs::exists(key_file(identity.file))) return PrivateKey::read(key_file(identity.file));
  const bool authority = identity.request.purpose == Purpose::authority;
  MAILROOM_TRY(auto key, identity.rsa ? PrivateKey::generate_rsa_3072()
                         : authority  ? PrivateKey::generate_ec_p384()
                                      : PrivateKey::generate_ec_p256());
  MAILROOM_TRY_VOID(write_secret_file(key_file(identity.file), as_bytes(key.pem())));
  kill_point("identity.after_key");
  return key;
}

/// The certificate that is there, checked against its key; nullopt when there is none yet.
Result<std::optional<Certificate>> Setup::existing(const Wanted& identity) {
  const auto file = certificate_file(identity.file);
  if (!fs::exists(file)) return std::nullopt;
  if (fs::exists(key_file(identity.file))) {
    MAILROOM_TRY(auto pair, read_identity(folder_, identity.file));
    return std::optional<Certificate>(std::move(pair.certificate));
  }
  if (!identity.key_may_be_elsewhere) {
    return fail(Errc::corrupt, "the key of this certificate is missing", Place::in_file(file.string()),
                "restore the key from the backup, or remove the certificate to get a new identity");
  }
  MAILROOM_TRY(auto certificate, Certificate::read(file));
  return std::optional<Certificate>(std::move(certificate));
}

Result<void> Setup::keep(const Wanted& identity, const Certificate& certificate, Action action) {
  report_.identities.push_back({identity.file, certificate.subject(), certificate.not_after(), action});
  if (action == Action::kept) return {};
  return write_durably(certificate_file(identity.file), as_bytes(certificate.pem()), 0644);
}

Result<void> Setup::create(const Wanted& identity, const Identity* issuer) {
  MAILROOM_TRY(const auto key, key_for(identity));
  MAILROOM_TRY(const auto certificate, issue_certificate(identity.request, key, issuer));
  return keep(identity, certificate, Action::created);
}

Result<void> Setup::set_up_authority() {
  const auto ca = wanted(plan_, Purpose::authority, "ca", "mailroom CA", now_);
  MAILROOM_TRY(auto found, existing(ca));
  if (found) {
    MAILROOM_TRY_VOID(keep(ca, *found, Action::kept));
    ca_ = std::move(found);
    return {};
  }
  MAILROOM_TRY_VOID(create(ca, nullptr));
  MAILROOM_TRY(ca_, Certificate::read(certificate_file("ca")));
  return {};
}

/// The CA's key, wanted only when something has to be issued.
Result<const Identity*> Setup::authority() {
  if (!issuer_) {
    if (!fs::exists(key_file("ca"))) {
      return fail(Errc::not_found, "a certificate has to be issued and the key of the CA is not here",
                  Place::in_file(key_file("ca").string()), "bring ca.key back for the time of the setup");
    }
    MAILROOM_TRY(issuer_, read_identity(folder_, "ca"));
  }
  return &*issuer_;
}

bool Setup::must_be_renewed(const Wanted& leaf, const Certificate& certificate) const {
  const auto& hosts = leaf.request.hosts;
  return certificate.not_after() < now_ + kRenewBefore ||
         !std::all_of(hosts.begin(), hosts.end(),
                      [&](const auto& host) { return certificate.is_for_host(host); });
}

Result<void> Setup::set_up_leaf(const Wanted& leaf) {
  MAILROOM_TRY(const auto found, existing(leaf));
  if (!found) {
    MAILROOM_TRY(const Identity* issuer, authority());
    return create(leaf, issuer);
  }
  if (!found->is_issued_by(*ca_)) {
    return fail(Errc::corrupt, "this certificate was not issued by the CA beside it",
                Place::in_file(certificate_file(leaf.file).string()),
                "restore the whole folder from one backup");
  }
  if (!must_be_renewed(leaf, *found)) return keep(leaf, *found, Action::kept);
  MAILROOM_TRY(const Identity* issuer, authority());
  MAILROOM_TRY(const auto certificate, renew_certificate(leaf.request, *found, *issuer));
  return keep(leaf, certificate, Action::renewed);
}

Result<void> Setup::set_up_routing_key() {
  const auto file = folder_ / "routing.key";
  if (!fs::exists(file)) MAILROOM_TRY_VOID(write_secret_file(file, as_bytes(to_text({new_routing_key()}))));
  MAILROOM_TRY(const auto keys, read_routing_keys(file));
  report_.routing_key_id = keys.front().id;
  return {};
}

}  // namespace

Result<IdentityReport> set_up_identities(const fs::path& folder, const IdentityPlan& plan,
                                         const Clock& clock) {
  return Setup(folder, plan, clock.now()).run();
}

}  // namespace mailroom
