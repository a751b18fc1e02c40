#include "daemon/identity/statement.h"

#include "daemon/crypto/canonical_json.h"

namespace mailroom::identity {

Result<std::string> statement_of(const archive::IdentityReading& row, const std::string& authority) {
  nlohmann::json body{{"version", 1},
                      {"reading", row.id},
                      {"matter", row.matter},
                      {"mode", row.mode},
                      {"assurance", row.assurance},
                      {"kind", row.kind},
                      {"read_at", row.read_at},
                      {"terminal", row.terminal},
                      {"authority", authority},
                      {"certificate_digest", row.certificate_digest},
                      {"record_digest", row.record_digest},
                      {"sealed_digest", row.sealed_digest}};
  if (!row.pseudonym.empty()) body["pseudonym"] = row.pseudonym;
  if (!row.staff.empty()) body["staff"] = row.staff;
  return canonical_json(body);
}

}  // namespace mailroom::identity
