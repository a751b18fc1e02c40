#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/web/event_stream.h"

namespace mailroom::web {

enum class Method { get, post, put, patch, remove };
std::string_view name_of(Method method);  ///< "GET", ...

/// A request whose form has been checked: host, origin, path and size are allowed.
struct Request {
  Method method = Method::get;
  std::string path;                               ///< decoded, begins with '/'
  std::map<std::string, std::string> parameters;  ///< what stands for {name} in the route, decoded
  std::map<std::string, std::string> query;       ///< decoded; of a repeated name the last
  std::map<std::string, std::string> headers;     ///< names in lower case
  std::string body;
  std::string peer;     ///< address of the other end
  bool secure = false;  ///< came over TLS
  std::string device;   ///< common name of the certificate that the browser proved; empty: none was asked for

  [[nodiscard]] std::string header(const std::string& name) const;
  [[nodiscard]] std::string cookie(std::string_view name) const;
  [[nodiscard]] std::string parameter(const std::string& name) const;
  [[nodiscard]] std::string asked(const std::string& name) const;  ///< of the query; empty when not given
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::shared_ptr<EventStream> events = {};  ///< when set, the body is this stream
};

using Handler = std::function<Response(const Request&)>;

/// What answers one method at one address. Handlers run on threads of the server, several at once.
struct Route {
  Method method = Method::get;
  std::string pattern;  ///< "/api/v1/batches/{batch}"
  std::string name;     ///< the operationId of the contract
  Handler handler;
  std::size_t body_limit = 64 * 1024;  ///< bytes
};

}  // namespace mailroom::web
