#include "daemon/app/control_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <thread>

#include "daemon/app/line_socket.h"
#include "daemon/base/log.h"

namespace mailroom::app {
namespace {

using nlohmann::json;
constexpr std::chrono::seconds kRequestTime{10};
constexpr std::chrono::seconds kSendTime{10};
constexpr std::chrono::milliseconds kLookAround{100};  ///< how soon a stop is noticed
constexpr std::chrono::hours kAnswerTime{24};
constexpr std::size_t kConnections = 64;

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) {
    return fail(Errc::invalid_input, "the path of the control socket is too long",
                Place::in_file(path.string()), "choose a shorter runtime folder");
  }
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

json error_json(const Error& error) {
  return {{"error", {{"code", name_of(error.code)}, {"text", error.message()}}}};
}

Result<Caller> caller_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return fail_errno("the kernel does not say who calls", errno);
  }
  return Caller{peer.uid};
}

Result<json> answer(const json& request, const std::map<std::string, Command>& commands,
                    const CommandContext& context) {
  const auto name = request.value("command", json());
  const auto found = name.is_string() ? commands.find(name.get<std::string>()) : commands.end();
  if (found == commands.end()) return fail(Errc::invalid_input, "there is no such command");
  const json arguments = request.value("arguments", json::object());
  if (!arguments.is_object()) return fail(Errc::invalid_input, "'arguments' is not a JSON object");
  return found->second(arguments, context);
}

/// Waits for the one request of a connection, but not beyond a stop.
Result<std::optional<json>> receive_request(LineSocket& line, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kRequestTime;
  for (;;) {
    auto request = line.receive(kLookAround);
    if (request || request.error().code != Errc::timed_out) return request;
    if (stop.stop_requested()) return fail(Errc::cancelled, "the mailroom is going down");
    if (std::chrono::steady_clock::now() >= deadline) return request;
  }
}

Result<json> serve_request(LineSocket& line, const json& request,
                           const std::map<std::string, Command>& commands, const std::stop_token& stop) {
  MAILROOM_TRY(const Caller caller, caller_of(line.fd()));
  const CommandContext context{caller,
                               [&](const json& event) {
                                 return line.send({{"event", event}});
                               },
                               stop};
  return answer(request, commands, context);
}

void serve(UniqueFd socket, const std::map<std::string, Command>& commands, const std::stop_token& stop) {
  LineSocket line(std::move(socket));
  if (const auto limited = line.limit_sending(kSendTime); !limited) return log::error(limited.error());
  const auto request = receive_request(line, stop);
  if (request && !*request) return;  // gone without a word
  const Result<json> result =
      request ? serve_request(line, **request, commands, stop) : Result<json>(fail(request.error()));
  // A client that has gone away needs no answer; what it asked for is done and audited.
  (void)line.send(result ? json{{"result", *result}} : error_json(result.error()));
}

struct Connection {
  std::atomic<bool> done = false;
  std::thread thread;
};

void reap(std::list<Connection>& connections, bool all) {
  for (auto it = connections.begin(); it != connections.end();) {
    if (!all && !it->done) {
      ++it;
      continue;
    }
    it->thread.join();
    it = connections.erase(it);
  }
}

}  // namespace

std::string Caller::name() const {
  return "uid:" + std::to_string(uid);
}

Result<ControlServer> ControlServer::listen(const std::filesystem::path& path) {
  MAILROOM_TRY(const sockaddr_un address, address_of(path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail_errno("the control socket cannot be made", errno);
  ::unlink(path.c_str());
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0660) != 0 || ::listen(socket.get(), 16) != 0) {
    return fail_errno("the control socket cannot be opened", errno, Place::in_file(path.string()));
  }
  return ControlServer(std::move(socket));
}

void ControlServer::run(const std::map<std::string, Command>& commands, const std::stop_token& stop) {
  std::list<Connection> connections;
  while (!stop.stop_requested()) {
    reap(connections, false);
    if (connections.size() >= kConnections) {  // the next one waits in the kernel's queue
      std::this_thread::sleep_for(kLookAround);
      continue;
    }
    pollfd wanted{socket_.get(), POLLIN, 0};
    if (::poll(&wanted, 1, int(kLookAround.count())) <= 0) continue;
    UniqueFd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client.valid()) {
      // Out of descriptors: others have to end first. A client that has gone already costs as little.
      std::this_thread::sleep_for(kLookAround);
      continue;
    }
    Connection& connection = connections.emplace_back();
    connection.thread = std::thread([&connection, &commands, &stop, fd = client.release()] {
      serve(UniqueFd(fd), commands, stop);
      connection.done = true;
    });
  }
  reap(connections, true);
}

Result<json> send_command(const std::filesystem::path& path, const std::string& command,
                          const json& arguments, const std::function<void(const json&)>& on_event) {
  MAILROOM_TRY(const sockaddr_un address, address_of(path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail_errno("no socket can be made", errno);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail(Errc::unreachable, "the mailroom daemon does not answer", Place::in_file(path.string()),
                "is mailroomd running? see: systemctl status mailroomd");
  }
  LineSocket line(std::move(socket), kAnswerBytes);
  MAILROOM_TRY_VOID(line.send({{"command", command}, {"arguments", arguments}}));
  for (;;) {
    MAILROOM_TRY(auto message, line.receive(kAnswerTime));
    if (!message) return fail(Errc::crashed, "the mailroom daemon went away before it answered");
    if (message->contains("result")) return (*message)["result"];
    if (message->contains("event")) on_event((*message)["event"]);
    if (!message->contains("error")) continue;
    const auto& error = (*message)["error"];
    return fail(errc_from(error.value("code", "")).value_or(Errc::crashed), error.value("text", ""));
  }
}

}  // namespace mailroom::app
