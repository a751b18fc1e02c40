#include "daemon/kiosk/mailbox.h"

#include <nlohmann/json.hpp>

#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/issue_certificate.h"
#include "daemon/crypto/secret_box.h"

namespace mailroom::kiosk {
namespace {

constexpr std::string_view kInfo = "mailroom mailbox";
constexpr std::chrono::hours kLife{24 * 365 * 20};  // nobody checks it: the certificate only carries the key

}  // namespace

Result<MailboxKeys> make_mailbox(const std::string& matter, const std::string& pseudonym, Timestamp now) {
  MAILROOM_TRY(const auto key, PrivateKey::generate_ec_p256());
  const CertificateRequest request{Purpose::recipient,          "mailroom", "mailbox", "mailbox", {},
                                   now - std::chrono::hours(1), now + kLife};
  MAILROOM_TRY(const auto certificate, issue_certificate(request, key, nullptr));
  MAILROOM_TRY(auto shut, shut_away(as_bytes(key.pem()), as_bytes(pseudonym), matter, kInfo));
  return MailboxKeys{certificate.pem(), std::move(shut)};
}

Result<Bytes> seal_reply(const archive::MatterRow& matter, const std::string& title, ByteView pdf) {
  if (matter.mailbox_certificate.empty())
    return fail(Errc::illegal_state, "this matter was handed in without a mailbox");
  MAILROOM_TRY(const auto certificate, Certificate::from_pem(matter.mailbox_certificate));
  const nlohmann::json body = {{"title", title},
                               {"media_type", "application/pdf"},
                               {"sha256", sha256_hex(pdf)},
                               {"data", to_base64(pdf)}};
  return encrypt_for(as_bytes(body.dump()), certificate);
}

Result<OpenedReply> open_reply(const archive::MatterRow& matter, const archive::MatterReplyRow& reply,
                               const std::string& pseudonym) {
  MAILROOM_TRY(const auto pem, open_with(matter.mailbox_key, as_bytes(pseudonym), matter.id, kInfo));
  MAILROOM_TRY(auto key, PrivateKey::from_pem(as_text(pem)));
  MAILROOM_TRY(auto certificate, Certificate::from_pem(matter.mailbox_certificate));
  MAILROOM_TRY(const auto text, decrypt_with(reply.sealed, Identity{std::move(key), std::move(certificate)}));
  const auto body = nlohmann::json::parse(as_text(text), nullptr, false);
  if (!body.is_object()) return fail(Errc::corrupt, "an answer in a mailbox cannot be read");
  MAILROOM_TRY(auto pdf, from_base64(body.value("data", "")));
  return OpenedReply{reply.number, reply.at, body.value("title", ""), std::move(pdf)};
}

}  // namespace mailroom::kiosk
