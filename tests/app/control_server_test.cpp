#include "daemon/app/control_server.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <ctime>
#include <thread>

#include "daemon/app/line_socket.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::app;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// A server with commands of the test, and raw connections to it.
struct Counter {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "control.sock";
  std::atomic<int> at_work = 0;
  std::atomic<bool> let_go = false;
  ControlServer server = ControlServer::listen(path).value();
  std::jthread thread{[this](const std::stop_token& stop) { server.run(commands(), stop); }};

  std::map<std::string, Command> commands() {
    return {{"echo", [](const json& words, const CommandContext&) { return Result<json>(words); }},
            {"refuse",
             [](const json&, const CommandContext&) -> Result<json> {
               return fail(Errc::busy, "later", {}, "wait");
             }},
            {"repeat",
             [](const json& words, const CommandContext&) -> Result<json> {
               return json{{"text", std::string(words.at("times").get<std::size_t>(), 'x')}};
             }},
            {"who",
             [](const json&, const CommandContext& context) { return Result<json>(context.caller.name()); }},
            {"count",
             [](const json&, const CommandContext& context) -> Result<json> {
               for (int i = 0; i < 3; ++i) MAILROOM_TRY_VOID(context.event(i));
               return json("done");
             }},
            {"wait", [this](const json&, const CommandContext& context) -> Result<json> {
               ++at_work;
               while (!let_go && !context.stop.stop_requested()) std::this_thread::sleep_for(2ms);
               --at_work;
               return json("waited");
             }}};
  }

  [[nodiscard]] UniqueFd connect() const {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
  }

  /// Sends raw bytes as the whole request and gives the code of the error that answers it.
  [[nodiscard]] std::string error_for(const std::string& bytes) const {
    UniqueFd fd = connect();
    std::string_view left = bytes;
    while (!left.empty()) {
      const auto sent = ::send(fd.get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (sent < 0) break;  // refused before all of it was read
      left.remove_prefix(std::size_t(sent));
    }
    LineSocket line(std::move(fd));
    const auto answer = line.receive(5s);
    if (!answer || !*answer) return "";
    return (**answer).at("error").at("code");
  }

  [[nodiscard]] Result<json> ask(const std::string& command, const json& words = json::object()) const {
    return send_command(path, command, words, [](const json&) {});
  }
  void wait_until_at_work(int count) const {
    for (int i = 0; i < 2500 && at_work != count; ++i) std::this_thread::sleep_for(2ms);
    REQUIRE(at_work == count);
  }
};

}  // namespace

TEST_CASE("a command is answered with its result, its error or its events before the result") {
  const Counter counter;
  CHECK(counter.ask("echo", {{"a", "ü"}}).value() == json{{"a", "ü"}});
  const auto refused = counter.ask("refuse");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::busy);
  CHECK(refused.error().what.find("wait") != std::string::npos);
  std::vector<json> events;
  CHECK(send_command(counter.path, "count", json::object(), [&](const json& event) {
          events.push_back(event);
        }).value() == "done");
  CHECK(events == std::vector<json>{0, 1, 2});
}

TEST_CASE("the kernel says who calls") {
  const Counter counter;
  CHECK(counter.ask("who").value() == "uid:" + std::to_string(::geteuid()));
}

TEST_CASE("what is no request is answered with an error and the server goes on") {
  const Counter counter;
  for (const std::string bytes :
       {"garbage\n", "[]\n", "7\n", "\n", "{\"command\":\"nonsense\"}\n", "{\"command\":7}\n", "{}\n",
        "{\"command\":\"echo\",\"arguments\":[]}\n", "{\"command\":\"echo\",\"arguments\":\"x\"}\n",
        "{\"command\":\"\xff\xfe\"}\n"}) {
    CAPTURE(bytes);
    CHECK(counter.error_for(bytes) == "invalid_input");
  }
  CHECK(counter.error_for(std::string(3U << 20U, 'x')) != "invalid_input");
  CHECK(counter.ask("echo"));
}

TEST_CASE("what is asked is short, what is answered may be long: a stack of 10,000 sides") {
  const Counter counter;
  const std::size_t length = std::size_t{8} << 20U;
  CHECK(counter.ask("repeat", {{"times", length}}).value()["text"].get<std::string>().size() == length);
}

TEST_CASE("a line of just over 1 MiB is refused, one below is not") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  LineSocket reader{UniqueFd(ends[0])};
  LineSocket writer{UniqueFd(ends[1])};
  std::jthread writing([&] {
    REQUIRE(writer.send({{"a", std::string((1U << 20U) - 20, 'x')}}));
    (void)writer.send({{"a", std::string(1U << 20U, 'x')}});
  });
  CHECK(reader.receive(5s).value().has_value());
  const auto second = reader.receive(5s);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::refused);
}

TEST_CASE("a line that comes in pieces is one, what follows it is kept") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  LineSocket reader{UniqueFd(ends[0])};
  const UniqueFd writer(ends[1]);
  REQUIRE(::send(writer.get(), "{\"a\"", 4, 0) == 4);
  CHECK(reader.receive(10ms).error().code == Errc::timed_out);
  REQUIRE(::send(writer.get(), ":1}\n{\"b\":2}\n", 12, 0) == 12);
  CHECK(**reader.receive(1s) == json{{"a", 1}});
  CHECK(**reader.receive(1s) == json{{"b", 2}});
}

TEST_CASE("a client that goes away in the middle of its request or its command harms nobody") {
  Counter counter;
  {
    const UniqueFd fd = counter.connect();
    REQUIRE(::send(fd.get(), "{\"comm", 7, 0) == 7);
  }
  {
    const UniqueFd fd = counter.connect();
    const std::string request = "{\"command\":\"wait\"}\n";
    REQUIRE(::send(fd.get(), request.data(), request.size(), 0) == ssize_t(request.size()));
    counter.wait_until_at_work(1);
  }
  counter.let_go = true;
  CHECK(counter.ask("echo"));
  counter.wait_until_at_work(0);
}

TEST_CASE("commands work side by side") {
  Counter counter;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] { CHECK(counter.ask("wait").value() == "waited"); });
  }
  counter.wait_until_at_work(2);
  CHECK(counter.ask("echo"));
  counter.let_go = true;
}

TEST_CASE("64 connections that say nothing keep the next one waiting, not out, and cost no time") {
  Counter counter;
  std::vector<UniqueFd> idle;
  for (int i = 0; i < 64; ++i) idle.push_back(counter.connect());
  std::jthread client([&] { CHECK(counter.ask("echo")); });
  std::this_thread::sleep_for(300ms);
  const auto before = std::clock();
  std::this_thread::sleep_for(500ms);
  CHECK(double(std::clock() - before) / CLOCKS_PER_SEC < 0.35);
  idle.clear();
}

TEST_CASE("a stop ends commands at work and does not wait for silent clients") {
  auto counter = std::make_unique<Counter>();
  const UniqueFd silent = counter->connect();
  std::jthread client([path = counter->path] {
    const auto answer = send_command(path, "wait", json::object(), [](const json&) {});
    CHECK(answer.value() == "waited");
  });
  counter->wait_until_at_work(1);
  const auto begun = std::chrono::steady_clock::now();
  counter->thread.request_stop();
  counter->thread.join();
  CHECK(std::chrono::steady_clock::now() - begun < 3s);
  client.join();
}

TEST_CASE("a client that does not read what it is sent is given up") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  LineSocket writer{UniqueFd(ends[0])};
  const UniqueFd silent(ends[1]);
  REQUIRE(writer.limit_sending(1s));
  Result<void> sent;
  for (int i = 0; i < 100 && sent; ++i) sent = writer.send({{"a", std::string(100'000, 'x')}});
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == Errc::timed_out);
}

TEST_CASE("a socket of a dead daemon is replaced, a folder that is missing is named") {
  test::TemporaryFolder folder;
  const auto path = folder.path() / "control.sock";
  { const auto first = ControlServer::listen(path); }
  CHECK(ControlServer::listen(path));
  const auto missing = ControlServer::listen(folder.path() / "nowhere" / "control.sock");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().place.file.find("nowhere") != std::string::npos);
  CHECK(ControlServer::listen(folder.path() / std::string(120, 'x')).error().code == Errc::invalid_input);
}

TEST_CASE("without a daemon the error says what to look at") {
  test::TemporaryFolder folder;
  const auto answer =
      send_command(folder.path() / "control.sock", "status", json::object(), [](const json&) {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Errc::unreachable);
  CHECK(answer.error().remedy.find("mailroomd") != std::string::npos);
}
