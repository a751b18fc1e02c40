#include "daemon/kiosk/routes.h"

#include <string.h>

#include <array>
#include <charconv>

namespace mailroom::kiosk {
namespace {

using nlohmann::json;
using web::Method;
using web::Request;
using web::Response;

constexpr int kThumbnail = 400;
constexpr int kScreen = 1600;

/// One request at a kiosk.
struct Call {
  const Request& request;
  Kiosk& kiosk;
  json body;

  [[nodiscard]] std::string token() const { return request.header("x-visit"); }
  [[nodiscard]] std::string text(const char* name) const {
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
  }
  [[nodiscard]] int number(const char* name) const {
    const std::string text = request.parameter(name);
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
};

using Work = std::function<Result<Response>(const Call&)>;

/// Short texts live on the stack of the thread that answers: what lies below the caller is overwritten.
[[gnu::noinline]] void wipe_stack() {
  std::array<char, 128 * 1024> below;
  ::explicit_bzero(below.data(), below.size());
}

Response plain(int status, const std::string& type, std::string body) {
  Response response;
  response.status = status;
  response.type = type;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response json_response(const json& body, int status = 200) {
  return plain(status, "application/json", body.dump(-1, ' ', false, json::error_handler_t::replace));
}

Response empty(int status = 204) {
  return plain(status, "application/json", {});
}

Response bytes_response(const char* type, const Bytes& bytes) {
  return plain(200, type, std::string(as_text(bytes)));
}

int status_of(Errc code) {
  switch (code) {
    case Errc::not_found: return 410;
    case Errc::refused: return 404;
    case Errc::invalid_input: return 422;
    case Errc::unsupported:
    case Errc::busy:
    case Errc::conflict:
    case Errc::illegal_state: return 409;
    case Errc::disk_full: return 507;
    case Errc::io:
    case Errc::corrupt: return 500;
    default: return 503;
  }
}

/// A visit that is over is Errc::not_found, and why stands in its remedy.
Response error_response(const Error& error) {
  json body = {{"code", name_of(error.code)}, {"text", error.what}};
  if (error.code == Errc::not_found) {
    body["code"] = "gone";
    body["reason"] = error.remedy;
  }
  return json_response({{"error", body}}, status_of(error.code));
}

Result<Response> answered(const Result<json>& view, int status = 200) {
  if (!view) return fail(view.error());
  return json_response(*view, status);
}

class Routes {
 public:
  explicit Routes(FindKiosk find) : find_(std::move(find)) {}

  void add(Method method, const std::string& path, const std::string& name, Work work) {
    web::Route route;
    route.method = method;
    route.pattern = "/kiosk/v1/{kiosk}" + path;
    route.name = name;
    route.handler = [find = find_, work = std::move(work)](const Request& request) {
      const auto kiosk = find(request);
      if (!kiosk) return error_response(kiosk.error());
      json body = request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
      if (!body.is_object()) return error_response({Errc::invalid_input, "the body is no JSON object"});
      auto answer = work({request, **kiosk, std::move(body)});
      wipe_stack();
      return answer ? *std::move(answer) : error_response(answer.error());
    };
    routes_.push_back(std::move(route));
  }
  std::vector<web::Route> take() { return std::move(routes_); }

 private:
  FindKiosk find_;
  std::vector<web::Route> routes_;
};

Result<Response> fill_in(const Call& call) {
  std::map<std::string, std::string> details;
  const json given = call.body.value("details", json::object());
  for (const auto& [name, value] : given.items()) {
    if (!value.is_string() || value.get<std::string>().size() > 200)
      return fail(Errc::invalid_input, "a detail is a text of at most 200 bytes");
    details[name] = value.get<std::string>();
  }
  std::vector<std::string> wrong;
  const auto view = call.kiosk.fill_in(call.token(), std::move(details), wrong);
  if (wrong.empty()) return answered(view);
  return json_response({{"error", {{"code", "invalid_input"}, {"text", "look at these"}, {"fields", wrong}}}},
                       422);
}

Result<Response> picture(const Call& call) {
  const bool small = call.request.asked("small") == "1";
  MAILROOM_TRY(const auto jpeg, call.kiosk.picture(call.token(), call.request.parameter("proof"),
                                                   call.number("side"), small ? kThumbnail : kScreen));
  return bytes_response("image/jpeg", jpeg);
}

Result<Response> look_up(const Call& call) {
  const auto view = call.kiosk.look_up(call.token(), call.text("tracking"));
  if (view || view.error().code == Errc::not_found) return answered(view);
  const bool too_many = view.error().code == Errc::busy;
  return json_response({{"error", {{"code", too_many ? "busy" : "not_found"}, {"text", view.error().what}}}},
                       too_many ? 429 : 404);
}

void add_visit(Routes& routes) {
  routes.add(Method::get, "/state", "kiosk.show",
             [](const Call& call) -> Result<Response> { return json_response(call.kiosk.view()); });
  routes.add(Method::post, "/visits", "visit.begin", [](const Call& call) -> Result<Response> {
    const auto view = call.kiosk.begin(call.text("language"));
    if (!view) return json_response({{"error", {{"code", "closed"}, {"text", view.error().what}}}}, 409);
    return json_response(*view, 201);
  });
  routes.add(Method::get, "/visit", "visit.show",
             [](const Call& call) { return answered(call.kiosk.show(call.token())); });
  routes.add(Method::remove, "/visit", "visit.end", [](const Call& call) -> Result<Response> {
    MAILROOM_TRY_VOID(call.kiosk.end(call.token()));
    return empty();
  });
  routes.add(Method::post, "/visit/touch", "visit.touch",
             [](const Call& call) { return answered(call.kiosk.touch(call.token())); });
  routes.add(Method::put, "/visit/language", "visit.set_language", [](const Call& call) {
    return answered(call.kiosk.set_language(call.token(), call.text("language")));
  });
  routes.add(Method::put, "/visit/matter", "visit.choose_matter", [](const Call& call) {
    return answered(call.kiosk.choose_matter(call.token(), call.text("matter")));
  });
  routes.add(Method::put, "/visit/consent", "visit.consent",
             [](const Call& call) { return answered(call.kiosk.consent(call.token())); });
  routes.add(Method::put, "/visit/details", "visit.fill_in", fill_in);
  routes.add(Method::post, "/visit/identity", "visit.identify",
             [](const Call& call) { return answered(call.kiosk.identify(call.token()), 202); });
  routes.add(Method::remove, "/visit/identity", "visit.stop_identifying",
             [](const Call& call) { return answered(call.kiosk.stop_identifying(call.token())); });
}

void add_proofs(Routes& routes) {
  const auto proof = [](const Call& call) { return call.request.parameter("proof"); };
  routes.add(Method::post, "/visit/proofs/{proof}/scan", "visit.scan",
             [proof](const Call& call) { return answered(call.kiosk.scan(call.token(), proof(call)), 202); });
  routes.add(Method::remove, "/visit/proofs/{proof}/scan", "visit.stop_scanning",
             [](const Call& call) { return answered(call.kiosk.stop_scanning(call.token())); });
  routes.add(Method::remove, "/visit/proofs/{proof}/sides", "visit.retake",
             [proof](const Call& call) { return answered(call.kiosk.retake(call.token(), proof(call))); });
  routes.add(Method::remove, "/visit/proofs/{proof}/sides/{side}", "visit.drop_side",
             [proof](const Call& call) {
               return answered(call.kiosk.drop_side(call.token(), proof(call), call.number("side")));
             });
  routes.add(Method::get, "/visit/proofs/{proof}/sides/{side}/picture", "visit.picture", picture);
  routes.add(Method::put, "/visit/proofs/{proof}/earlier", "visit.use_earlier", [proof](const Call& call) {
    return answered(call.kiosk.use_earlier(call.token(), proof(call), true));
  });
  routes.add(Method::remove, "/visit/proofs/{proof}/earlier", "visit.use_no_earlier",
             [proof](const Call& call) {
               return answered(call.kiosk.use_earlier(call.token(), proof(call), false));
             });
}

void add_handing_in(Routes& routes) {
  routes.add(Method::post, "/visit/hand-in", "visit.hand_in", [](const Call& call) {
    return answered(call.kiosk.hand_in(call.token(), call.text("pay")), 202);
  });
  routes.add(Method::post, "/visit/payment", "visit.pay_again",
             [](const Call& call) { return answered(call.kiosk.pay(call.token(), call.text("pay")), 202); });
  routes.add(Method::remove, "/visit/payment", "visit.abort_payment",
             [](const Call& call) { return answered(call.kiosk.abort_payment(call.token()), 202); });
  routes.add(Method::get, "/visit/receipt", "visit.receipt", [](const Call& call) -> Result<Response> {
    MAILROOM_TRY(const auto pdf, call.kiosk.receipt(call.token()));
    return bytes_response("application/pdf", pdf);
  });
  routes.add(Method::get, "/visit/code", "visit.code", [](const Call& call) -> Result<Response> {
    MAILROOM_TRY(auto svg, call.kiosk.code(call.token(), call.request.asked("of")));
    return plain(200, "image/svg+xml", std::move(svg));
  });
}

void add_rest(Routes& routes) {
  routes.add(Method::put, "/visit/tracking", "visit.look_up", look_up);
  routes.add(Method::get, "/visit/answers/{answer}/pages/{page}", "visit.answer_page",
             [](const Call& call) -> Result<Response> {
               MAILROOM_TRY(const auto jpeg,
                            call.kiosk.answer_page(call.token(), call.number("answer"), call.number("page")));
               return bytes_response("image/jpeg", jpeg);
             });
  routes.add(Method::post, "/visit/speech", "visit.speak", [](const Call& call) -> Result<Response> {
    if (call.text("text").size() > 8000) return fail(Errc::invalid_input, "this is too long to be spoken");
    MAILROOM_TRY(const auto sound, call.kiosk.speak(call.token(), call.text("text"), call.text("language")));
    return bytes_response("audio/wav", sound);
  });
  routes.add(Method::put, "/visit/opinion", "visit.give_opinion", [](const Call& call) -> Result<Response> {
    const auto easy = call.body.find("easy");
    const bool fits = easy != call.body.end() && easy->is_number_integer() && *easy >= 1 && *easy <= 5;
    if (!fits) return fail(Errc::invalid_input, "an opinion is a number from 1 to 5");
    MAILROOM_TRY_VOID(call.kiosk.give_opinion(call.token(), easy->get<int>()));
    return empty();
  });
  routes.add(Method::post, "/help", "kiosk.call_for_help", [](const Call& call) -> Result<Response> {
    call.kiosk.set_help(Help::called);
    return empty(202);
  });
  routes.add(Method::remove, "/help", "kiosk.need_no_help", [](const Call& call) -> Result<Response> {
    call.kiosk.set_help(Help::none);
    return empty();
  });
}

}  // namespace

std::vector<web::Route> kiosk_routes(const FindKiosk& find) {
  Routes routes(find);
  add_visit(routes);
  add_proofs(routes);
  add_handing_in(routes);
  add_rest(routes);
  return routes.take();
}

}  // namespace mailroom::kiosk
