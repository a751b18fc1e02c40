#include "tests/kiosk/kiosk_scene.h"

#include <algorithm>

#include "tests/support/shell.h"

namespace mailroom::test {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kCardPort = "6571";  // in a network namespace of its own

}  // namespace

void KioskScene::open(const std::string& terminal, const std::string& more,
                      const std::vector<std::string>& ecm, std::map<std::string, std::string> environment) {
  const auto papers = country.issue({kiosk_rights()});
  terminal_folder_ = fs::path(write_terminal(card::ReadingMode::kiosk, papers)).parent_path();
  mailroom_.emplace();
  mailroom_->add_scanner("foyer", scanner_lines);
  mailroom_->append_configuration("profiles.toml", e2e::kQuickProfile);
  mailroom_->append_configuration("mailroom.toml",
                                  "\n[stations.desk]\nname_de = \"Empfang\"\nname_en = \"Desk\"\n"
                                  "scanner = \"mailroomfeeder:foyer\"\n");
  mailroom_->configure("kiosks.toml", "listen",
                       "\"127.0.0.1:0\"\nterminal_folder = \"" + terminal_folder_.string() + '"');
  mailroom_->append_configuration(
      "kiosks.toml",
      "\n[kiosks.foyer]\nname = { de = \"Foyer\", en = \"Foyer\" }\nstation = \"desk\"\nscanner = "
      "\"mailroomfeeder:foyer\"\nprofile = \"quick\"\n" +
          std::string(far_reader ? "computer = \"foyer\"" : "reader = \"Keypad 00 00\"") + "\nterminal = \"" +
          terminal + "\"\n" + more);
  if (far_reader)
    mailroom_->append_configuration("scan_computers.toml", "\n[foyer]\nhost = \"127.0.0.1\"\ncard_port = " +
                                                               std::string(kCardPort) + "\n");
  mailroom_->start_broker();
  if (far_reader) switch_on();
  mailroom_->start_recipient("ecm", ecm);
  mailroom_->start_recipient("payment");
  mailroom_->start_recipient("hr");
  mailroom_->start_daemon(std::move(environment));
  const auto address = mailroom_->root() / "runtime/kiosk.url";
  REQUIRE(e2e::eventually([&] { return fs::exists(address); }));
  url_ = text_of(address);
  url_.resize(url_.find_last_not_of("/\n") + 1);
  await_reader("ok");
}

void KioskScene::switch_on() {
  auto started = ChildProcess::start(
      {e2e::program("mailroom-card-link"),
       {"serve", "--port", kCardPort, "--identities", mailroom_->identities().string(), "--as", "scan-foyer",
        "--program", e2e::program("mailroom-card").string(), "--reader", "Keypad 00 00", "--terminal",
        (terminal_folder_ / "terminal.json").string()}});
  REQUIRE(started);
  computer_ = *std::move(started);
}

void KioskScene::await_reader(const std::string& state) {
  REQUIRE(e2e::eventually(
      [&] { return ask("GET", "/state").json().value("/works/reader"_json_pointer, "") == state; }));
}

card::EidCard& KioskScene::lay(card::Personalisation personal) {
  auto& card = keep<card::EidCard>(std::move(personal));
  slot_.emplace(socket_path());
  slot_->insert(card);
  REQUIRE_FALSE(reader().empty());
  return card;
}

void KioskScene::take_card() {
  if (!slot_) return;
  slot_.reset();
  fs::remove(socket_path());
  const auto lies_there = [&] {
    const auto sights = readers->look();
    return !sights || std::any_of(sights->begin(), sights->end(), [](const auto& sight) {
      return sight.card && sight.name.rfind("Keypad", 0) == 0;
    });
  };
  REQUIRE(e2e::eventually([&] { return !lies_there(); }));
}

void KioskScene::type(const std::string& digits) const {
  std::ofstream(socket_path() + ".keypad") << digits << '\n';
}

void KioskScene::put(const std::vector<e2e::DrawnSide>& sides) {
  const auto stack = folder.path() / "paper";
  fs::remove_all(stack);
  e2e::draw_stack(stack, sides, mailroom_->identities() / "routing.key");
  mailroom_->load_feeder("foyer", stack);
}

void KioskScene::put_into_feeder(const std::string& mark) {
  put(e2e::plain_letters(1, mark));
}

KioskScene::Answer KioskScene::ask(const std::string& method, const std::string& path, const json& body,
                                   const std::string& visit) {
  std::string command =
      "curl -s -w '\\n%{http_code}' -X " + method + " '" + url_ + "/kiosk/v1/foyer" + path + "'";
  if (!visit.empty()) command += " -H 'X-Visit: " + visit + "'";
  if (!body.is_null()) command += " -H 'Content-Type: application/json' -d '" + body.dump() + "'";
  auto outcome = shell(command);
  const auto line = outcome.output.rfind('\n');
  REQUIRE(line != std::string::npos);
  return {std::stoi(outcome.output.substr(line + 1)), outcome.output.substr(0, line)};
}

json KioskScene::does(const std::string& method, const std::string& path, const json& body) {
  const auto answer = ask(method, path, body, token);
  INFO(method << " " << path << " " << answer.status << " " << answer.body << "\n"
              << mailroom_->log_of("mailroomd"));
  REQUIRE(answer.status >= 200);
  REQUIRE(answer.status < 300);
  return answer.json();
}

json KioskScene::until(const std::function<bool(const json&)>& condition, std::chrono::seconds limit) {
  json seen;
  const bool came = e2e::eventually(
      [&] {
        seen = sees();
        return condition(seen);
      },
      limit);
  INFO(seen.dump());
  REQUIRE(came);
  return seen;
}

void KioskScene::begin(const std::string& matter) {
  token.clear();
  token = does("POST", "/visits", {{"language", "de"}})["visit"];
  does("PUT", "/visit/matter", {{"matter", matter}});
  does("PUT", "/visit/consent");
}

void KioskScene::identify(const std::string& pin) {
  type(pin);
  does("POST", "/visit/identity");
  until([](const json& visit) {
    const auto& state = visit["identity"]["state"];
    return state == "done" || state == "failed";
  });
}

void KioskScene::scan(const std::string& proof) {
  does("POST", "/visit/proofs/" + proof + "/scan");
  until([](const json& visit) { return visit["proofs"][0]["state"] != "scanning"; });
}

fs::path KioskScene::opened_package(std::size_t deliveries) {
  const bool came = e2e::eventually([&] { return mailroom_->deliveries("ecm").size() >= deliveries; });
  if (!came) return {};
  const auto latest = mailroom_->deliveries("ecm").back();  // their names ascend with time
  const auto key = (mailroom_->identities() / "ecm").string();
  const auto out = folder.path() / "package.pdf";
  const std::string taken = "cd " + folder.path().string() + " && qpdf --show-attachment=matter.p7m " +
                            (latest / "original.pdf").string() +
                            " > matter.p7m && openssl cms -decrypt -inform DER -in "
                            "matter.p7m -inkey " +
                            key + ".key -recip " + key + ".pem -out " + out.string();
  const auto done = shell(taken);
  INFO(taken << "\n" << done.output << shell("ls -la " + latest.string()).output);
  REQUIRE(done.code == 0);
  return out;
}

}  // namespace mailroom::test
