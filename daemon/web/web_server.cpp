#include "daemon/web/web_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "daemon/base/log.h"
#include "daemon/web/connection.h"

namespace mailroom::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);

Result<void> ask_for_certificates(asio::ssl::context& context, const std::filesystem::path& authority) {
  if (authority.empty()) return {};
  error_code error;
  context.load_verify_file(authority.string(), error);
  if (error) {
    return fail(Errc::corrupt, "the authority of the devices cannot be used: " + error.message(),
                Place::in_file(authority.string()));
  }
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  return {};
}

Result<std::unique_ptr<asio::ssl::context>> tls_context(const TlsFiles& files) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                           asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                       error);
  if (!error) context->use_certificate_chain_file(files.certificate.string(), error);
  if (error) {
    return fail(Errc::corrupt, "the certificate of the screens cannot be used: " + error.message(),
                Place::in_file(files.certificate.string()), "give a PEM file with its chain");
  }
  context->use_private_key_file(files.key.string(), asio::ssl::context::pem, error);
  if (error) {
    return fail(Errc::corrupt, "the key of the screens cannot be used: " + error.message(),
                Place::in_file(files.key.string()), "give the PEM file of the certificate's key");
  }
  MAILROOM_TRY_VOID(ask_for_certificates(*context, files.clients));
  return context;
}

std::vector<std::string> known_names(const ServerSettings& settings, const asio::ip::address& address) {
  std::vector<std::string> names = settings.names;
  if (address.is_loopback()) names.insert(names.end(), {"127.0.0.1", "localhost", "[::1]"});
  names.push_back(address.is_v6() ? "[" + address.to_string() + "]" : address.to_string());
  return names;
}

Result<tcp::acceptor> open_port(asio::io_context& context, const tcp::endpoint& endpoint) {
  error_code error;
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return acceptor;
  return fail(error == asio::error::address_in_use ? Errc::busy : Errc::io,
              "the screens cannot be served at " + endpoint.address().to_string() + ":" +
                  std::to_string(endpoint.port()) + ": " + error.message(),
              {}, "choose another address in [web] of mailroom.toml");
}

}  // namespace

struct WebServer::Core {
  Core(const ServerSettings& settings, const GuardRules& rules, std::vector<Route> routes,
       std::optional<Screens> screens, Handler otherwise)
      : serving{settings, rules, RouteTable(std::move(routes)), std::move(screens), std::move(otherwise)} {}

  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor->async_accept(kQuietly);
      if (serving.stopping) co_return;
      if (error) {  // out of descriptors: others have to end first
        asio::steady_timer pause(context, std::chrono::milliseconds(100));
        co_await pause.async_wait(kQuietly);
        continue;
      }
      if (serving.open >= serving.settings.connections) continue;  // closes it
      ++serving.open;
      asio::co_spawn(context, serve_connection(std::move(socket), tls.get(), serving),
                     [this](const std::exception_ptr& failure) {
                       --serving.open;
                       if (failure) std::rethrow_exception(failure);
                     });
    }
  }

  void run() {
    for (;;) {
      try {
        context.run();
        return;
      } catch (const boost::system::system_error& error) {
        log::warning(std::string("a connection of a screen ended badly: ") + error.what());
      }
    }
  }

  Serving serving;
  asio::io_context context{1};
  std::unique_ptr<asio::ssl::context> tls;
  std::optional<tcp::acceptor> acceptor;
  std::string url;
  std::thread thread;
};

WebServer::WebServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}

WebServer::~WebServer() {
  stop();
}

Result<std::unique_ptr<WebServer>> WebServer::listen(const ServerSettings& settings,
                                                     std::vector<Route> routes, Handler otherwise) {
  error_code error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return fail(Errc::invalid_input, "'" + settings.address + "' is no IP address");
  if (!address.is_loopback() && !settings.tls) {
    return fail(Errc::refused, "screens that others reach need TLS", {},
                "give certificate and key in [web] of mailroom.toml, or listen on 127.0.0.1");
  }
  std::optional<Screens> screens;
  if (!settings.screens.empty()) {
    auto opened = Screens::open(settings.screens);
    if (opened) screens = *std::move(opened);
    if (!opened) log::error(opened.error());
  }
  auto core = std::make_unique<Core>(settings, GuardRules{known_names(settings, address)}, std::move(routes),
                                     std::move(screens), std::move(otherwise));
  if (settings.tls) {
    MAILROOM_TRY(core->tls, tls_context(*settings.tls));
  }
  MAILROOM_TRY(core->acceptor,
               open_port(core->context, tcp::endpoint(address, static_cast<unsigned short>(settings.port))));
  const auto local = core->acceptor->local_endpoint();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  core->url = (settings.tls ? "https://" : "http://") + host + ":" + std::to_string(local.port()) + "/";
  asio::co_spawn(core->context, core->accept(), asio::detached);
  core->thread = std::thread([&core = *core] { core.run(); });
  return std::unique_ptr<WebServer>(new WebServer(std::move(core)));
}

std::string WebServer::url() const {
  return core_->url;
}

int WebServer::connections() const {
  return core_->serving.open;
}

void WebServer::stop() {
  if (core_->serving.stopping.exchange(true)) return;
  // Everything that is open ends by itself; then the thread has no work left.
  asio::post(core_->context, [&core = *core_] {
    error_code error;
    core.acceptor->close(error);
    const auto enders = core.serving.enders;
    for (const auto& end : enders) end();
  });
  if (core_->thread.joinable()) core_->thread.join();
  core_->serving.handlers.join();
}

}  // namespace mailroom::web
