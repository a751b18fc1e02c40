#include "daemon/app/setup.h"

#include <unistd.h>

#include "daemon/base/durable_file.h"
#include "daemon/config/kiosks.h"
#include "daemon/config/scan_computers.h"
#include "daemon/crypto/identity.h"
#include "daemon/delivery/broker_config.h"

namespace mailroom::app {
namespace {

std::vector<std::string> recipient_ids(const Configuration& configuration) {
  std::vector<std::string> ids;
  for (const auto& [id, recipient] : configuration.recipients) ids.push_back(id);
  return ids;
}

IdentityPlan identity_plan(const Configuration& configuration, const std::vector<ScanComputer>& computers,
                           const KioskConfiguration& kiosks) {
  IdentityPlan plan;
  plan.organisation = configuration.organisation;
  plan.site = configuration.site;
  plan.broker_hosts = {configuration.broker.host};
  plan.node = kNode;
  plan.recipients = recipient_ids(configuration);
  for (const auto& computer : computers) plan.scan_computers.emplace(computer.name, computer.host);
  for (const auto& [id, place] : kiosks.places) plan.kiosks.push_back(id);
  plan.kiosk_hosts = kiosks.names;
  return plan;
}

delivery::BrokerPlan broker_plan(const Folders& folders, const Configuration& configuration) {
  delivery::BrokerPlan plan;
  plan.address = configuration.broker.host;
  plan.port = configuration.broker.port;
  plan.ca = folders.identities() / "ca.pem";
  plan.certificate = folders.identities() / "broker.pem";
  plan.key = folders.identities() / "broker.key";
  plan.site = configuration.site;
  plan.node = kNode;
  plan.service = kNode;
  plan.recipients = recipient_ids(configuration);
  // A broker that root starts (development) would change to a user who may not read its key.
  if (::geteuid() == 0) plan.system_user = "root";
  return plan;
}

const char* word_for(IdentityState::Action action) {
  switch (action) {
    case IdentityState::Action::kept: return "kept";
    case IdentityState::Action::created: return "made";
    case IdentityState::Action::renewed: return "renewed";
  }
  return "";
}

}  // namespace

Result<void> set_up(const Folders& folders, const Configuration& configuration, std::ostream& out) {
  for (const auto& folder : {folders.data, folders.spool(), folders.identities(), folders.broker()}) {
    MAILROOM_TRY_VOID(create_folder_durably(folder));
  }
  MAILROOM_TRY(const auto computers, load_scan_computers(configuration.folder));
  MAILROOM_TRY(const auto kiosks, load_kiosks(configuration));
  MAILROOM_TRY(const auto report,
               set_up_identities(folders.identities(), identity_plan(configuration, computers, kiosks)));
  for (const IdentityState& identity : report.identities) {
    out << "identity " << identity.name << ": " << word_for(identity.action) << ", valid until "
        << to_iso_date(identity.not_after) << '\n';
  }
  out << "routing sheets are made with key " << report.routing_key_id << '\n';
  MAILROOM_TRY(const auto files,
               delivery::write_broker_config(folders.broker(), broker_plan(folders, configuration)));
  out << "broker: mosquitto -c " << files.configuration.string() << '\n';
  return {};
}

}  // namespace mailroom::app
