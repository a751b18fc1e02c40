#include "daemon/web/connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cstring>
#include <exception>
#include <memory>

#include "daemon/base/log.h"

namespace mailroom::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kHeaderLimit = 16 * 1024;
constexpr std::chrono::seconds kWriteTime{30};
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::seconds kHearOut{1};
constexpr std::size_t kHearOutBytes = 1024UL * 1024;

using Parser = http::request_parser<http::string_body>;
using Reply = http::response<http::string_body>;

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
    case http::verb::head: return Method::get;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::patch: return Method::patch;
    case http::verb::delete_: return Method::remove;
    default: return std::nullopt;
  }
}

/// A header that comes twice is kept once where that cannot matter; where it could, nothing is kept.
std::map<std::string, std::string> headers_of(const Parser& parser) {
  std::map<std::string, std::string> headers;
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const bool first = headers.emplace(name, std::string(field.value())).second;
    if (!first) headers[name] = "";
  }
  return headers;
}

/// Who is at the other end.
struct Peer {
  std::string address;
  bool secure = false;
  std::string device = {};
};

/// What is known of a request once its header is there: where it leads, or why nowhere.
struct Arrival {
  Request request;
  const Route* route = nullptr;
  std::optional<Response> answer;
};

Arrival arrive(const Parser& parser, const Peer& peer, const Serving& serving) {
  Arrival arrival;
  arrival.request.peer = peer.address;
  arrival.request.secure = peer.secure;
  arrival.request.device = peer.device;
  arrival.request.headers = headers_of(parser);
  const auto method = method_of(parser.get().method());
  const auto target = parser.get().target();
  const auto address = read_address({target.data(), target.size()});
  if (!method) {
    arrival.answer = error_response(405, "unsupported", "this method is not offered");
  } else if (!address) {
    arrival.answer = error_response(400, "invalid_input", "the address is not well formed");
  } else {
    arrival.request.method = *method;
    arrival.request.path = address->path;
    arrival.request.query = address->query;
    const bool has_body = parser.content_length().value_or(0) > 0 || parser.chunked();
    arrival.answer = refusal(serving.rules, arrival.request, has_body);
    if (auto match = serving.routes.find(*method, *address)) {
      arrival.route = match->route;
      arrival.request.parameters = std::move(match->parameters);
    }
  }
  return arrival;
}

/// Runs on a thread of the handlers.
Response handled(const Arrival& arrival, const Serving& serving) {
  try {
    if (arrival.route != nullptr) return arrival.route->handler(arrival.request);
    if (serving.screens && arrival.request.method == Method::get) {
      if (auto file = serving.screens->answer(arrival.request.path, arrival.request)) return *std::move(file);
    }
    return serving.otherwise(arrival.request);
  } catch (const std::logic_error& error) {
    log::error(std::string("an error of our own while answering a request: ") + error.what());
    return error_response(500, "crashed", "an error of the mailroom itself; it is in the log");
  }
}

Reply reply_from(Response response, unsigned version, bool secure) {
  Reply reply{http::status(response.status), version};
  for (const auto& [name, value] : protective_headers()) reply.set(name, value);
  if (secure) reply.set(http::field::strict_transport_security, "max-age=31536000");
  reply.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) reply.set(name, value);
  const bool bare = response.status == 204 || response.status == 304;
  if (!bare) reply.set(http::field::content_type, response.type);
  reply.body() = std::move(response.body);
  if (!bare) reply.prepare_payload();
  return reply;
}

template <typename Stream>
class Connection {
 public:
  Connection(Stream& stream, Peer peer, Serving& serving)
      : stream_(stream), peer_(std::move(peer)), serving_(serving) {}

  asio::awaitable<void> serve() {
    auto limit = serving_.settings.request_time;
    for (bool more = true; more && !serving_.stopping;) {
      more = co_await serve_request(limit);
      limit = serving_.settings.idle_time;
    }
  }

 private:
  auto& lowest() { return beast::get_lowest_layer(stream_); }

  /// False when the connection is over.
  asio::awaitable<bool> serve_request(std::chrono::milliseconds until_header) {
    Parser parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(boost::none);  // set once the route is known
    lowest().expires_after(until_header);
    auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kQuietly);
    if (error) co_return co_await refuse(error);
    Arrival arrival = arrive(parser, peer_, serving_);
    const std::uint64_t limit = arrival.route != nullptr ? arrival.route->body_limit : 0;
    // The parser compares a stated length only while it reads the header, when no route is known yet.
    if (parser.content_length().value_or(0) > limit) co_return co_await refuse(http::error::body_limit);
    parser.body_limit(limit);
    lowest().expires_after(serving_.settings.request_time);
    std::tie(error, size) = co_await http::async_read(stream_, buffer_, parser, kQuietly);
    if (error) co_return co_await refuse(error);
    arrival.request.body = std::move(parser.get().body());
    wipe_read();
    // Never inside ?: or &&: g++ 12 destroys twice what such a co_await makes.
    Response response;
    if (arrival.answer) {
      response = *std::move(arrival.answer);
    } else {
      response = co_await on_handlers(arrival);
    }
    const bool head = parser.get().method() == http::verb::head;
    if (response.events) {
      co_await stream_events(std::move(response), parser.get().version());
      co_return false;
    }
    co_return co_await send(std::move(response), parser.get().version(), parser.get().keep_alive(), head);
  }

  /// What a request said does not linger in the buffer of a connection that stays.
  void wipe_read() {
    const auto room = buffer_.prepare(buffer_.capacity() - buffer_.size());
    std::memset(room.data(), 0, room.size());
  }

  asio::awaitable<Response> on_handlers(const Arrival& arrival) {
    co_return co_await asio::co_spawn(
        serving_.handlers, [&]() -> asio::awaitable<Response> { co_return handled(arrival, serving_); },
        asio::use_awaitable);
  }

  /// Answers what was too big or not HTTP, then ends; what just went away gets no answer.
  asio::awaitable<bool> refuse(error_code error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout || error == asio::error::eof ||
        error.category() != error_code(http::error::bad_method).category())
      co_return false;
    const bool too_big = error == http::error::body_limit || error == http::error::header_limit;
    const int status = error == http::error::body_limit     ? 413
                       : error == http::error::header_limit ? 431
                                                            : 400;
    co_await send(error_response(status, too_big ? "refused" : "invalid_input",
                                 too_big ? "the request is too big" : "the request is not well formed"),
                  11, false, false);
    co_await hear_out();
    co_return false;
  }

  /// Takes what is still being sent for a moment: closing at once would throw the answer away with it.
  asio::awaitable<void> hear_out() {
    std::array<char, 8192> thrown_away{};
    std::size_t taken = 0;
    lowest().expires_after(kHearOut);
    while (taken < kHearOutBytes) {
      const auto [error, size] = co_await stream_.async_read_some(asio::buffer(thrown_away), kQuietly);
      if (error) co_return;
      taken += size;
    }
  }

  asio::awaitable<bool> send(Response response, unsigned version, bool keep, bool head) {
    Reply reply = reply_from(std::move(response), version, peer_.secure);
    reply.keep_alive(keep);
    lowest().expires_after(kWriteTime);
    http::response_serializer<http::string_body> serializer{reply};
    if (head) {
      const auto [error, size] = co_await http::async_write_header(stream_, serializer, kQuietly);
      co_return !error && keep;
    }
    const auto [error, size] = co_await http::async_write(stream_, serializer, kQuietly);
    co_return !error && keep;
  }

  asio::awaitable<void> stream_events(Response response, unsigned version) {
    const auto events = response.events;
    const Open open(serving_, [events] { events->close(); });
    Reply reply = reply_from(std::move(response), version, peer_.secure);
    reply.erase(http::field::content_length);
    reply.keep_alive(false);
    lowest().expires_after(kWriteTime);
    http::response_serializer<http::string_body> serializer{reply};
    auto [error, size] = co_await http::async_write_header(stream_, serializer, kQuietly);
    while (!error && !serving_.stopping) {
      co_await wait_for(*events);
      std::string text = events->take();
      if (text.empty() && events->closed()) break;
      if (text.empty()) text = ":\n\n";  // keeps the line open and tells us when nobody is there
      lowest().expires_after(kWriteTime);
      std::tie(error, size) = co_await asio::async_write(stream_, asio::buffer(text), kQuietly);
    }
    events->close();
  }

  /// Until there is something to send, or a heartbeat is due.
  asio::awaitable<void> wait_for(EventStream& events) {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, kHeartbeat);
    events.wake_with([timer, executor] { asio::post(executor, [timer] { timer->cancel(); }); });
    lowest().expires_never();
    co_await timer->async_wait(kQuietly);
  }

  Stream& stream_;
  Peer peer_;
  Serving& serving_;
  beast::flat_buffer buffer_{kHeaderLimit + 64UL * 1024};
};

std::string common_name_of(SSL* tls) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls), &X509_free);
  if (!certificate) return {};
  std::array<char, 256> name{};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                               int(name.size()));
  return length > 0 ? std::string(name.data(), std::size_t(length)) : std::string();
}

asio::awaitable<void> serve_secure(beast::tcp_stream socket, const std::string& peer, asio::ssl::context& tls,
                                   Serving& serving) {
  beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), tls);
  const Open open(serving, [&stream] { beast::get_lowest_layer(stream).close(); });
  beast::get_lowest_layer(stream).expires_after(serving.settings.request_time);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kQuietly);
  if (error) co_return;
  // Named: g++ 12 destroys aggregates that are temporaries of a co_await twice.
  Connection connection(stream, Peer{peer, true, common_name_of(stream.native_handle())}, serving);
  co_await connection.serve();
  beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(2));
  co_await stream.async_shutdown(kQuietly);
}

}  // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, asio::ssl::context* tls,
                                       Serving& serving) {
  error_code error;
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  const auto peer = socket.remote_endpoint(error).address().to_string();
  beast::tcp_stream stream(std::move(socket));
  if (tls != nullptr) {
    co_await serve_secure(std::move(stream), peer, *tls, serving);
  } else {
    const Open open(serving, [&stream] { stream.close(); });
    Connection connection(stream, Peer{peer}, serving);
    co_await connection.serve();
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  }
}

}  // namespace mailroom::web
