#include "daemon/app/content_routes.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/delivery/content_token.h"

namespace mailroom::app {
namespace {

using web::Request;
using web::Response;

struct Range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

Response problem(int status, const std::string& code, const std::string& text) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"error", {{"code", code}, {"text", text}}}}.dump();
  return response;
}

Response not_there() {
  return problem(404, "not_found", "there is no such content");
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `first-last`, `first-` or `-count` of a content of `size` bytes; nothing when it cannot be satisfied.
std::optional<Range> range_in(std::string_view text, std::uint64_t size) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || size == 0) return std::nullopt;
  const auto left = number(text.substr(0, dash));
  const auto right = number(text.substr(dash + 1));
  if (dash == 0) {
    if (!right || *right == 0) return std::nullopt;
    const std::uint64_t count = std::min(*right, size);
    return Range{size - count, count};
  }
  const bool open = dash + 1 == text.size();
  if (!left || *left >= size || (!open && (!right || *right < *left))) return std::nullopt;
  return Range{*left, (open ? size : std::min(*right + 1, size)) - *left};
}

Response bytes_of(delivery::Outbox& outbox, const Request& request, const Range& range) {
  const auto bytes =
      outbox.content_block(request.parameter("recipient"), request.parameter("delivery"),
                           request.parameter("content"), range.first, std::size_t(range.count));
  if (!bytes && bytes.error().code == Errc::not_found) return not_there();
  if (!bytes) return problem(503, "unavailable", "the content cannot be read now");
  Response response;
  response.type = "application/octet-stream";
  response.body = as_text(*bytes);
  response.headers = {{"Accept-Ranges", "bytes"},
                      {"Cache-Control", "no-store"},
                      {"ETag", '"' + request.parameter("content") + '"'}};
  return response;
}

Response answer_range(delivery::Outbox& outbox, const Request& request, std::string_view wanted,
                      std::uint64_t size) {
  auto range = range_in(wanted, size);
  if (!range) {
    Response response = problem(416, "invalid_input", "the content has no such range");
    response.headers = {{"Content-Range", "bytes */" + std::to_string(size)}};
    return response;
  }
  range->count = std::min(range->count, kContentRange);
  Response response = bytes_of(outbox, request, *range);
  if (response.status != 200) return response;
  response.status = 206;
  response.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                     std::to_string(range->first + range->count - 1) + "/" +
                                                     std::to_string(size));
  return response;
}

Response answer(delivery::Outbox& outbox, const std::vector<RoutingKey>& keys, const Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string authorization = request.header("authorization");
  if (!request.secure || !authorization.starts_with(kBearer)) return not_there();
  const std::string delivery = request.parameter("delivery");
  if (!delivery::opens_content(authorization.substr(kBearer.size()), delivery, keys)) return not_there();
  const auto size =
      outbox.content_size(request.parameter("recipient"), delivery, request.parameter("content"));
  if (!size) return problem(503, "unavailable", "the content cannot be read now");
  if (!*size) return not_there();
  constexpr std::string_view kUnit = "bytes=";
  const std::string range = request.header("range");
  // Several ranges at once may be answered as if none had been asked for (RFC 9110 §14.2).
  if (range.starts_with(kUnit) && range.find(',') == std::string::npos)
    return answer_range(outbox, request, std::string_view(range).substr(kUnit.size()), **size);
  if (**size > kContentRange)
    return problem(413, "refused", "ask for ranges of at most " + std::to_string(kContentRange) + " bytes");
  return bytes_of(outbox, request, {0, **size});
}

}  // namespace

std::vector<web::Route> content_routes(delivery::Outbox& outbox, const std::vector<RoutingKey>& keys) {
  return {{web::Method::get, "/content/v1/{recipient}/{delivery}/{content}", "content.fetch",
           [&outbox, &keys](const Request& request) { return answer(outbox, keys, request); }}};
}

}  // namespace mailroom::app
