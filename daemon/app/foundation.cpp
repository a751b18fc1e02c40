#include "daemon/app/foundation.h"

#include "daemon/app/backup_files.h"

namespace mailroom::app {
namespace {

Result<intake::RecipientCertificates> recipient_certificates(const Folders& folders,
                                                             const Configuration& configuration) {
  intake::RecipientCertificates certificates;
  for (const auto& [id, recipient] : configuration.recipients) {
    if (!recipient.encrypt) continue;
    MAILROOM_TRY(auto certificate, Certificate::read(folders.identities() / recipient.certificate));
    certificates.emplace(id, std::move(certificate));
  }
  return certificates;
}

}  // namespace

Result<Foundation> lay_foundation(const Folders& folders) {
  MAILROOM_TRY(auto configuration, load_configuration(folders.config));
  if (!std::filesystem::exists(folders.routing_key())) {
    return fail(Errc::not_found, "this data folder is not set up", Place::in_file(folders.data.string()),
                "run: mailroomctl setup");
  }
  MAILROOM_TRY(auto lock, archive::DataFolderLock::take(folders.data));
  if (std::filesystem::exists(restore_mark(folders))) {
    return fail(Errc::illegal_state, "a restore into this data folder was not finished",
                Place::in_file(folders.data.string()), "run mailroomctl restore again with the same backup");
  }
  MAILROOM_TRY(auto appliance, read_identity(folders.identities(), "appliance"));
  std::vector<Certificate> trusted;
  MAILROOM_TRY(auto authority, Certificate::read(folders.identities() / "ca.pem"));
  trusted.push_back(std::move(authority));
  MAILROOM_TRY(auto certificates, recipient_certificates(folders, configuration));
  MAILROOM_TRY(auto keys, read_routing_keys(folders.routing_key()));
  MAILROOM_TRY(auto contents, archive::ContentStore::open(folders.content()));
  MAILROOM_TRY(auto catalogue, archive::Catalogue::open(folders.catalogue()));
  return Foundation{std::move(lock),     std::move(configuration), std::move(appliance),
                    std::move(trusted),  std::move(certificates),  std::move(keys),
                    std::move(contents), std::move(catalogue)};
}

}  // namespace mailroom::app
