#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/crypto/routing_key.h"

namespace mailroom {

/// Who shall exist. Names become certificate common names, which the broker uses as user names.
struct IdentityPlan {
  std::string organisation;               ///< O of every subject, at most 64 characters
  std::string site;                       ///< OU of every subject
  std::vector<std::string> broker_hosts;  ///< DNS names and IP addresses besides loopback's
  std::string node = "mailroomd";         ///< common name of the daemon's client certificate
  std::vector<std::string> recipients;    ///< [a-z][a-z0-9-]*, at most 32; none of the file names used here
  std::map<std::string, std::string> scan_computers = {};  ///< name (as of recipients) to DNS name or IP address
  std::vector<std::string> kiosks = {};                    ///< names (as of recipients)
  std::vector<std::string> kiosk_hosts = {};  ///< DNS names and IP addresses the kiosks reach us by, besides loopback's
};

/// What was found or made of one identity.
struct IdentityState {
  enum class Action { kept, created, renewed };
  std::string name;     ///< file name without suffix: "ca", "broker", "node", "appliance", a recipient
  std::string subject;  ///< RFC 4514
  Timestamp not_after;
  Action action = Action::kept;
};

struct IdentityReport {
  std::vector<IdentityState> identities;
  std::string routing_key_id;  ///< of the key that new routing sheets are made with
};

/// Makes what is missing in `folder` (docs/formats/identities.md): ca, broker, node, appliance and
/// one identity per recipient as NAME.pem and NAME.key (mode 0600), scan-NAME for each scan
/// computer, kiosk-NAME for each kiosk's browser with "kiosks" for what serves them, and routing.key. What exists
/// is kept byte for byte, except that a certificate with less than 60 days to live, or a broker
/// certificate that lacks a host of the plan, is renewed over the same public key. Every file is
/// durable before the next is begun, so an interrupted run is simply repeated. The keys of the CA
/// and of recipients may have been moved away. Errc::corrupt when key and certificate do not
/// belong together or a file cannot be read; nothing is ever overwritten then.
Result<IdentityReport> set_up_identities(const std::filesystem::path& folder, const IdentityPlan& plan,
                                         const Clock& clock = SystemClock{});

}  // namespace mailroom
