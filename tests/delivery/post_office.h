#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/delivery/manifest.h"
#include "daemon/delivery/messages.h"
#include "tests/delivery/broker.h"
#include "tests/delivery/memory_outbox.h"

namespace mailroom::test {

/// What a document of the tests consists of.
struct Letter {
  std::string recipient = "ecm";
  std::string document_class = "letter";
  std::size_t pdf_bytes = 1000;
  Priority priority = Priority::ordinary;
  bool confidential = false;
};

/// Broker, outbox and a running delivery session, with documents to owe.
class PostOffice {
 public:
  PostOffice() : PostOffice(delivery::SessionSettings{}) {}
  explicit PostOffice(delivery::SessionSettings settings)
      : broker(folder.path() / "broker"), signer_(read_identity(identities(), "appliance").value()) {
    settings.broker = access_of("node", broker.port());
    settings.site = "marburg";
    settings.node = "mailroom-1";
    if (settings.recipients.empty()) settings.recipients = {{"ecm"}, {"payment"}, {"hr"}};
    settings_ = settings;
  }
  ~PostOffice() { close(); }
  PostOffice(const PostOffice&) = delete;
  PostOffice& operator=(const PostOffice&) = delete;

  /// Lets the session reach the broker elsewhere, or as somebody else. Before open().
  void reach(delivery::BrokerAccess access) { settings_.broker = std::move(access); }

  void open() {
    session = std::make_unique<delivery::DeliverySession>(settings_, outbox, clock_);
    thread_ = std::jthread([this](const std::stop_token& stop) { session->run(stop); });
  }
  bool open_and_connected() {
    open();
    return eventually([this] { return session->status().broker == delivery::BrokerState::connected; });
  }
  void close() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  std::string owe(const Letter& letter = {}) {
    const auto pdf = random_bytes(letter.pdf_bytes);
    const Bytes note = {'{', '}'};
    delivery::ManifestFacts facts;
    facts.id = new_uuid(clock_);
    facts.site = "marburg";
    facts.node = "mailroom-1";
    facts.time = clock_.now();
    facts.recipient = letter.recipient;
    facts.number = "7K3P";
    facts.document_class = letter.document_class;
    facts.department = "buergerbuero";
    facts.received = {"2026-11-23", Channel::letter};
    facts.priority = letter.priority;
    facts.fields = {{"name", "Erika Mustermann", 0.97, "text", ""}};
    facts.confidential = letter.confidential;
    facts.audit_seq = 7;
    facts.audit_head = sha256_hex(note);
    MemoryOutbox::Row row;
    row.recipient = letter.recipient;
    row.priority = letter.priority;
    add(facts, row, {"document", "application/pdf"}, pdf, false);
    add(facts, row, {"transfer-note", "application/json"}, note, true);
    if (letter.confidential) {
      const auto fields = delivery::fields_content(facts.fields);
      add(facts, row, {"fields", "application/json"}, Bytes(fields.begin(), fields.end()), true);
    }
    row.manifest = delivery::build_manifest(facts, [this](ByteView text) {
                     return sign_detached(text, signer_);
                   }).value();
    outbox.owe(facts.id, std::move(row));
    if (session) session->poke();
    return facts.id;
  }

  /// Starts the reference recipient; its documents go to received(name).
  ChildProcess recipient(const std::string& name, std::vector<std::string> more = {},
                         std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> arguments = {"--id",   name,
                                          "--site", "marburg",
                                          "--port", std::to_string(broker.port()),
                                          "--ca",   identities() / "ca.pem",
                                          "--cert", identities() / (name + ".pem"),
                                          "--key",  identities() / (name + ".key"),
                                          "--out",  received(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ChildProcess::start({MAILROOM_RECIPIENT, std::move(arguments), std::move(environment)}).value();
  }
  [[nodiscard]] std::filesystem::path received(const std::string& name) const {
    return folder.path() / "out" / name;
  }

  [[nodiscard]] const delivery::SessionSettings& settings() const { return settings_; }

  TemporaryFolder folder;
  MemoryOutbox outbox;
  Broker broker;
  std::unique_ptr<delivery::DeliverySession> session;

 private:
  void add(delivery::ManifestFacts& facts, MemoryOutbox::Row& row, delivery::ManifestContent content,
           Bytes bytes, bool may_inline) {
    if (facts.confidential) {
      const auto certificate = Certificate::read(identities() / (facts.recipient + ".pem")).value();
      bytes = encrypt_for(bytes, certificate).value();
      content.encrypted = true;
    }
    content.size = bytes.size();
    content.sha256 = sha256_hex(bytes);
    if (may_inline) content.inline_bytes = bytes;
    row.contents[content.sha256] = std::move(bytes);
    facts.contents.push_back(std::move(content));
  }

  SystemClock clock_;
  Identity signer_;
  delivery::SessionSettings settings_;
  std::jthread thread_;
};

}  // namespace mailroom::test
