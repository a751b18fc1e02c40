#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/web/message.h"

/// Addresses of requests and which route they mean (RFC 3986, RFC 9112 §3.2).
namespace mailroom::web {

struct Address {
  std::string path;  ///< decoded
  std::vector<std::string> segments;
  std::map<std::string, std::string> query;
};

/// Reads the target of a request line. Errc::invalid_input for anything but an absolute path, for
/// bad percent signs, control characters, empty, "." and ".." segments and for too much of anything.
Result<Address> read_address(std::string_view target);

/// A route and what its {names} stand for.
struct RouteMatch {
  const Route* route = nullptr;
  std::map<std::string, std::string> parameters;
};

/// Finds routes by address. Thread-safe once made.
class RouteTable {
 public:
  /// Throws std::logic_error for two routes of one method and pattern.
  explicit RouteTable(std::vector<Route> routes);
  [[nodiscard]] std::optional<RouteMatch> find(Method method, const Address& address) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;
};

}  // namespace mailroom::web
