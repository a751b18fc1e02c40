#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::delivery {

/// What the embedded broker needs to know. Certificates are PEM; `user` names are the common names
/// of the certificates, because the broker takes the name from there (use_identity_as_username).
struct BrokerPlan {
  std::string address = "127.0.0.1";
  int port = 8883;
  std::filesystem::path ca;           ///< of all parties
  std::filesystem::path certificate;  ///< the broker's own, for `address`
  std::filesystem::path key;
  std::string site;                     ///< "marburg"
  std::string node;                     ///< "mailroom-1"
  std::string service = "mailroomd";    ///< common name of the appliance's certificate
  std::vector<std::string> recipients;  ///< common names and topic parts: "ecm", "payment", "hr"
  std::string system_user = {};         ///< user a broker started as root changes to; empty: stays
};

/// The files that were written.
struct BrokerFiles {
  std::filesystem::path configuration;  ///< `mosquitto -c` this
  std::filesystem::path access_list;
};

/// Writes mosquitto.conf and access.acl into `folder` (made if absent; it also holds the broker's
/// own state). From the templates in config/broker. Errc::invalid_input for a name that could
/// change the meaning of the files: only a-z, 0-9 and '-' are allowed in names. Reentrant.
Result<BrokerFiles> write_broker_config(const std::filesystem::path& folder, const BrokerPlan& plan);

}  // namespace mailroom::delivery
