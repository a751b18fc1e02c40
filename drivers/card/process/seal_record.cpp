#include "drivers/card/process/seal_record.h"

#include "daemon/crypto/canonical_json.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"

namespace mailroom::card {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

json record_of(const IdentityReading& reading, const ReadRequest& request, const SealedReading& seal) {
  json record{{"version", kVersion},
              // Without it a digest of the record could be tried out with the names of a town.
              {"salt", to_hex(random_bytes(32))},
              {"reading", seal.reading},
              {"matter", request.matter},
              {"mode", seal.mode},
              {"assurance", seal.assurance},
              {"kind", seal.kind},
              {"read_at", seal.read_at},
              {"terminal", seal.terminal},
              {"data", reading.data}};
  if (reading.pseudonym) record["pseudonym"] = *reading.pseudonym;
  if (reading.old_enough) record["age_check"] = json{{"years", *request.min_age}, {"reached", *reading.old_enough}};
  if (reading.in_community)
    record["place_check"] = json{{"community", request.community}, {"lives_there", *reading.in_community}};
  return record;
}

Result<std::vector<Certificate>> recipients_of(const ReadRequest& request) {
  std::vector<Certificate> list;
  for (const auto& pem : request.recipients) {
    MAILROOM_TRY(auto certificate, Certificate::from_pem(pem));
    list.push_back(std::move(certificate));
  }
  return list;
}

}  // namespace

Result<SealedReading> seal_record(const IdentityReading& reading, const ReadRequest& request,
                                  const CvCertificate& terminal, Timestamp read_at) {
  MAILROOM_TRY(const auto recipients, recipients_of(request));
  SealedReading seal;
  seal.reading = request.reading;
  seal.kind = name_of(reading.kind);
  seal.mode = name_of(request.mode);
  seal.assurance = assurance_of(request.mode);
  seal.read_at = to_rfc3339(read_at);
  seal.terminal = terminal.holder;
  seal.authority = terminal.authority;
  seal.certificate_digest = sha256_hex(terminal.object);
  seal.pseudonym = reading.pseudonym.value_or("");
  seal.old_enough = reading.old_enough;
  seal.in_community = reading.in_community;
  MAILROOM_TRY(std::string text, canonical_json(record_of(reading, request, seal)));
  seal.record_digest = sha256_hex(as_bytes(text));
  auto sealed = encrypt_for(as_bytes(text), recipients);
  std::fill(text.begin(), text.end(), '\0');
  if (!sealed) return fail(sealed.error());
  seal.sealed = *std::move(sealed);
  return seal;
}

}  // namespace mailroom::card
