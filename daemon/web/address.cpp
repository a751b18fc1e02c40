#include "daemon/web/address.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace mailroom::web {
namespace {

constexpr std::size_t kLongest = 2048;
constexpr std::size_t kMostSegments = 16;
constexpr std::size_t kMostQueries = 32;

tl::unexpected<Error> bad() {
  return fail(Errc::invalid_input, "the address is not well formed");
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Result<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad();
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (is_control(c)) return bad();
    out += c;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<std::map<std::string, std::string>> read_query(std::string_view text) {
  std::map<std::string, std::string> query;
  if (text.empty()) return query;
  const auto parts = split(text, '&');
  if (parts.size() > kMostQueries) return bad();
  for (const auto part : parts) {
    const auto equals = part.find('=');
    MAILROOM_TRY(std::string name, decoded(part.substr(0, equals), true));
    const auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    MAILROOM_TRY(query[name], decoded(value, true));
  }
  return query;
}

std::vector<std::string> segments_of(std::string_view pattern) {
  std::vector<std::string> segments;
  for (const auto part : split(pattern.substr(1), '/')) segments.emplace_back(part);
  return segments;
}

bool is_parameter(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

Result<Address> read_address(std::string_view target) {
  if (target.empty() || target.front() != '/' || target.size() > kLongest) return bad();
  const auto mark = target.find('?');
  Address address;
  const auto path = target.substr(0, mark);
  const auto parts = split(path.substr(1), '/');
  if (parts.size() > kMostSegments) return bad();
  for (const auto part : parts) {
    MAILROOM_TRY(std::string segment, decoded(part, false));
    const bool only = parts.size() == 1 && segment.empty();  // "/"
    if (!only && (segment.empty() || segment == "." || segment == "..")) return bad();
    if (segment.find('/') != std::string::npos || segment.find('\\') != std::string::npos) return bad();
    address.path += "/" + segment;
    address.segments.push_back(std::move(segment));
  }
  const auto asked = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  MAILROOM_TRY(address.query, read_query(asked));
  return address;
}

RouteTable::RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::set<std::pair<Method, std::string>> seen;
  for (const Route& route : routes_) {
    if (!seen.insert({route.method, route.pattern}).second)
      throw std::logic_error("two routes at " + route.pattern);
    patterns_.push_back(segments_of(route.pattern));
  }
}

std::optional<RouteMatch> RouteTable::find(Method method, const Address& address) const {
  std::optional<RouteMatch> best;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto& pattern = patterns_[i];
    if (routes_[i].method != method || pattern.size() != address.segments.size()) continue;
    RouteMatch match{&routes_[i], {}};
    bool fits = true;
    for (std::size_t s = 0; s < pattern.size() && fits; ++s) {
      if (is_parameter(pattern[s])) {
        match.parameters[pattern[s].substr(1, pattern[s].size() - 2)] = address.segments[s];
      } else {
        fits = pattern[s] == address.segments[s];
      }
    }
    // A written word goes before a {name}.
    if (fits && (!best || match.parameters.size() < best->parameters.size())) best = std::move(match);
  }
  return best;
}

}  // namespace mailroom::web
