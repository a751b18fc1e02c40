#include "daemon/archive/catalogue.h"

#include "daemon/archive/schema.h"

namespace mailroom::archive {

Result<Catalogue> Catalogue::open(const std::filesystem::path& file) {
  MAILROOM_TRY(Database database, Database::open(file, catalogue_migrations()));
  return Catalogue(std::move(database));
}

}  // namespace mailroom::archive
