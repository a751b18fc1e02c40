#include "daemon/config/configuration.h"

#include "daemon/config/read_files.h"
#include "daemon/crypto/digest.h"

namespace mailroom {

Result<Configuration> load_configuration(const std::filesystem::path& folder) {
  Configuration configuration;
  configuration.folder = folder;
  MAILROOM_TRY_VOID(config::read_mailroom(folder / "mailroom.toml", configuration));
  MAILROOM_TRY_VOID(config::read_departments(folder / "departments.toml", configuration));
  MAILROOM_TRY_VOID(config::read_classes(folder / "classes.toml", configuration));
  MAILROOM_TRY_VOID(config::read_profiles(folder / "profiles.toml", configuration));
  MAILROOM_TRY(configuration.snapshot, config::snapshot_of(configuration));
  configuration.digest = sha256_hex(as_bytes(configuration.snapshot));
  return configuration;
}

}  // namespace mailroom
