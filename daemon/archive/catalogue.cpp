#include "daemon/archive/catalogue.h"

#include "daemon/archive/schema.h"
#include "daemon/base/uuid.h"

namespace mailroom::archive {

namespace {

/// The latest of the ids that order what is listed and sent.
Result<std::string> latest_id(Database& database) {
  MAILROOM_TRY(auto row,
               database.query("SELECT max(id) FROM (SELECT max(id) AS id FROM batch "
                              "UNION ALL SELECT max(id) FROM page UNION ALL SELECT max(id) FROM document "
                              "UNION ALL SELECT max(id) FROM outbox UNION ALL SELECT max(id) FROM "
                              "resolution UNION ALL SELECT max(id) FROM clarification)"));
  MAILROOM_TRY([[maybe_unused]] const bool found, row.next());
  return row.text(0);
}

}  // namespace

Result<Catalogue> Catalogue::open(const std::filesystem::path& file) {
  MAILROOM_TRY(Database database, Database::open(file, catalogue_migrations()));
  MAILROOM_TRY(const std::string latest, latest_id(database));
  new_uuids_follow(latest);
  return Catalogue(std::move(database));
}

}  // namespace mailroom::archive
