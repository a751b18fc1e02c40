#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/child_process.h"
#include "daemon/base/clock.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/identity.h"
#include "daemon/delivery/broker_config.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/delivery/manifest.h"
#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "daemon/delivery/tcp.h"
#include "tests/delivery/memory_outbox.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

using namespace std::chrono_literals;

inline int free_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd.get(), any, length) != 0 || ::getsockname(fd.get(), any, &length) != 0) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = 10s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

/// Certificates of the tests, made once for the build folder: making keys is slow. Every test case
/// is a process of its own, hence the lock.
inline const std::filesystem::path& identities() {
  static const std::filesystem::path path = [] {
    const auto folder = std::filesystem::path(build_path("tests")) / "delivery-identities";
    std::filesystem::create_directories(folder);
    const UniqueFd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (::flock(lock.get(), LOCK_EX) != 0) throw std::runtime_error("the identities cannot be locked");
    const auto made =
        set_up_identities(folder, {"Stadt", "marburg", {}, "mailroomd", {"ecm", "payment", "hr", "sniffer"}});
    if (!made) throw std::runtime_error(made.error().message());
    return folder;
  }();
  return path;
}

inline delivery::BrokerAccess access_of(const std::string& name, int port) {
  return {"127.0.0.1", port, identities() / "ca.pem", identities() / (name + ".pem"),
          identities() / (name + ".key")};
}

/// A real mosquitto with the configuration that set-up writes, plus a sniffer that may read all.
class Broker {
 public:
  explicit Broker(const std::filesystem::path& folder) : port_(free_port()) {
    delivery::BrokerPlan plan;
    plan.port = port_;
    plan.ca = identities() / "ca.pem";
    plan.certificate = identities() / "broker.pem";
    plan.key = identities() / "broker.key";
    plan.site = "marburg";
    plan.node = "mailroom-1";
    plan.recipients = {"ecm", "payment", "hr"};
    if (::geteuid() == 0) plan.system_user = "root";
    files_ = delivery::write_broker_config(folder, plan).value();
    auto list = read_file(files_.access_list).value();
    const auto more = as_bytes("user sniffer\ntopic read mailroom/#\n");
    list.insert(list.end(), more.begin(), more.end());
    if (!write_durably(files_.access_list, list)) throw std::runtime_error("access list");
    start();
  }

  void start() {
    child_ = ChildProcess::start({"/usr/sbin/mosquitto", {"-c", files_.configuration.string()}}).value();
    const bool up = eventually([this] { return delivery::answers_tcp("127.0.0.1", port_, 200ms); });
    if (!up) throw std::runtime_error("mosquitto does not start");
  }
  void kill() { child_.kill(); }
  [[nodiscard]] int port() const { return port_; }

 private:
  int port_;
  delivery::BrokerFiles files_;
  ChildProcess child_;
};

/// A client of the tests' own: remembers what it gets.
class Listener {
 public:
  Listener(const std::string& name, int port, std::vector<std::string> topics,
           const std::string& client_id = "")
      : client_(settings(name, port, std::move(topics), client_id),
                {[this](delivery::MqttMessage&& message) {
                   const std::lock_guard lock(mutex_);
                   messages_.push_back(std::move(message));
                 },
                 [](std::uint64_t, const Result<delivery::Published>&) {}, [] {}}) {
    const auto connected = client_.connect(std::nullopt, 5s);
    if (!connected) throw std::runtime_error(connected.error().message());
  }

  std::vector<delivery::MqttMessage> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  Result<delivery::Published> say(const std::string& topic, std::string_view text,
                                  const std::string& response_topic = "") {
    delivery::MqttMessage message;
    message.topic = topic;
    message.payload.assign(text.begin(), text.end());
    message.response_topic = response_topic;
    message.correlation = response_topic.empty() ? "" : "c";
    return client_.publish_and_wait(message, 5s);
  }
  delivery::MqttClient& client() { return client_; }

 private:
  static delivery::MqttSettings settings(const std::string& name, int port, std::vector<std::string> topics,
                                         const std::string& client_id) {
    delivery::MqttSettings settings;
    settings.access = access_of(name, port);
    settings.client_id = client_id.empty() ? name + "-test" : client_id;
    settings.receive_maximum = 1000;
    settings.subscriptions = std::move(topics);
    return settings;
  }

  mutable std::mutex mutex_;
  std::vector<delivery::MqttMessage> messages_;
  delivery::MqttClient client_;
};

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

/// A session that resends soon, for tests that lose messages on purpose.
inline delivery::SessionSettings impatient() {
  delivery::SessionSettings settings;
  settings.resend_first = 300ms;
  settings.resend_last = 1s;
  settings.reconnect_last = 500ms;
  return settings;
}

}  // namespace mailroom::test
