#include "daemon/web/guard.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mailroom::web {
namespace {

std::string without_port(std::string host) {
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) host.resize(colon);
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
  return host;
}

bool is_our_origin(const Request& request) {
  const std::string origin = request.header("origin");
  if (origin.empty()) return true;  // no browser: then there is no cookie of a browser to abuse
  return origin == (request.secure ? "https://" : "http://") + request.header("host");
}

bool is_json(const std::string& type) {
  return type == "application/json" || type.rfind("application/json;", 0) == 0;
}

}  // namespace

Response error_response(int status, const std::string& code, const std::string& text) {
  Response response;
  response.status = status;
  response.body = nlohmann::json({{"error", {{"code", code}, {"text", text}}}}).dump();
  return response;
}

std::optional<Response> refusal(const GuardRules& rules, const Request& request, bool has_body) {
  const std::string host = without_port(request.header("host"));
  if (std::find(rules.names.begin(), rules.names.end(), host) == rules.names.end())
    return error_response(421, "refused", "this mailroom is not called that");
  if (request.method == Method::get) return std::nullopt;
  const std::string site = request.header("sec-fetch-site");
  const bool foreign = !site.empty() && site != "same-origin";
  if (foreign || !is_our_origin(request))
    return error_response(403, "refused", "the request does not come from a page of this mailroom");
  if (has_body && !is_json(request.header("content-type")))
    return error_response(415, "unsupported", "the body must be application/json");
  return std::nullopt;
}

const std::vector<std::pair<std::string, std::string>>& protective_headers() {
  static const std::vector<std::pair<std::string, std::string>> headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src "
       "'self'; "
       "media-src blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
       "frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), payment=()"}};
  return headers;
}

}  // namespace mailroom::web
