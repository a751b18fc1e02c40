#include <algorithm>

#include "tests/app/scene.h"
#include "tests/support/places.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;

namespace {

/// The other end of NOTIFY_SOCKET.
class ServiceManager {
 public:
  ServiceManager() : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  [[nodiscard]] std::string path() const { return (folder_.path() / "notify").string(); }

  /// All that has been told so far.
  std::string told() {
    char text[4096];
    for (ssize_t got = 0; (got = ::recv(fd_.get(), text, sizeof text, MSG_DONTWAIT)) > 0;)
      told_ += std::string(text, std::size_t(got)) + "\n";
    return told_;
  }

 private:
  TemporaryFolder folder_;
  UniqueFd fd_;
  std::string told_;
};

int sheets_of(const Scene& scene, const std::string& batch) {
  return scene.ask("show", {{"id", batch}}).value().at("sheets");
}

}  // namespace

TEST_CASE("the service manager is told that the daemon is ready, works and stops") {
  Scene scene;
  ServiceManager manager;
  scene.start({{"NOTIFY_SOCKET", manager.path()}, {"WATCHDOG_USEC", "600000"}});
  for (int i = 0; i < 500 && manager.told().find("WATCHDOG=1") == std::string::npos; ++i)
    std::this_thread::sleep_for(10ms);
  CHECK(scene.stop() == 0);
  const auto told = manager.told();
  CHECK(told.find("READY=1") < told.find("WATCHDOG=1"));
  CHECK(told.find("STATUS=broker") != std::string::npos);
  CHECK(told.find("WATCHDOG=1") < told.find("STOPPING=1"));
  CHECK(told.find("STOPPING=1") != std::string::npos);
}

TEST_CASE("SIGTERM in the middle of a feed keeps every sheet that was taken and exits 0") {
  Scene scene;
  scene.station.add_scanner("one", 60, "pace = 300");
  scene.start();
  const auto begun = scene.scan("one");
  if (!begun) FAIL(begun.error().message());
  const std::string batch = begun->at("batch");
  for (int i = 0; i < 500 && sheets_of(scene, batch) < 2; ++i) std::this_thread::sleep_for(10ms);
  CHECK(scene.stop() == 0);
  scene.start();
  const auto after = scene.ask("show", {{"id", batch}}).value();
  CHECK(after.at("feed_end") == "paused");
  CHECK(after.at("state") == "interrupted");
  CHECK(after.at("sheets") >= 2);
  CHECK(after.at("sheets") < 30);
  CHECK(after.at("pages").size() == 2 * after.at("sheets").get<std::size_t>());
  CHECK(scene.stop() == 0);
}

TEST_CASE("a second daemon on the same data is refused and says who has them") {
  Scene scene;
  scene.start();
  std::string words = Scene::program("mailroomd");
  for (const auto& option : scene.options()) words += " " + option;
  const auto second = shell(words);
  CHECK(second.code == 1);
  CHECK(second.output.find(std::to_string(scene.daemon.pid())) != std::string::npos);
  CHECK(scene.ask("status"));
  CHECK(scene.stop() == 0);
}

TEST_CASE("a data folder that was not set up is named with the remedy") {
  Scene scene;
  std::filesystem::remove_all(scene.folders.identities());
  std::string words = Scene::program("mailroomd");
  for (const auto& option : scene.options()) words += " " + option;
  const auto outcome = shell(words);
  CHECK(outcome.code == 1);
  CHECK(outcome.output.find("mailroomctl setup") != std::string::npos);
}

TEST_CASE("whatever comes over the control socket, the daemon answers and lives") {
  Scene scene;
  scene.start();
  for (const std::string command : {"scan", "stop", "show", "follow", "clarify", "discard"}) {
    for (const json& words :
         {json::object(), json{{"batch", 7}}, json{{"id", json::array()}},
          json{{"batch", "x"}, {"seconds", "soon"}}, json{{"nonsense", 1}},
          json{{"scanner", nullptr}, {"operator", 1}},
          json{{"id", "x"}, {"resolution", "y"}, {"operator", "z"}, {"version", "one"}}}) {
      CAPTURE(command, words.dump());
      CHECK(scene.ask(command, words).error().code == Errc::invalid_input);
    }
  }
  CHECK(scene.ask("show", {{"id", "nobody"}}).error().code == Errc::not_found);
  CHECK(scene.ask("discard", {{"batch", "nobody"}, {"operator", "mm"}, {"reason", "r"}}).error().code ==
        Errc::not_found);
  CHECK(scene.scan("nobody").error().code == Errc::not_found);
  CHECK(scene.scan("one", {{"profile", "nonsense"}}).error().code == Errc::not_found);
  CHECK(scene.scan("one", {{"channel", "pigeon"}}).has_value() == false);
  CHECK(scene.ask("status"));
  CHECK(scene.stop() == 0);
}

TEST_CASE("a batch is discarded only when its feed is over, and the daemon lives on") {
  Scene scene;
  scene.station.add_scanner("one", 40, "pace = 300");
  scene.start();
  const auto begun = scene.scan("one", {{"declared", 20}});
  if (!begun) FAIL(begun.error().message());
  const std::string batch = begun->at("batch");
  const json words = {{"batch", batch}, {"operator", "mm"}, {"reason", "wrong stack"}};
  CHECK(scene.ask("discard", words).error().code == Errc::illegal_state);
  REQUIRE(scene.ask("stop", {{"scanner", "mailroomfeeder:one"}}));
  Result<json> discarded = fail(Errc::busy, "");
  for (int i = 0; i < 1000 && !discarded; ++i) {
    discarded = scene.ask("discard", words);
    std::this_thread::sleep_for(10ms);
  }
  if (!discarded) FAIL(discarded.error().message());
  CHECK(discarded->at("state") == "discarded");
  const auto audit = scene.ask("show", {{"id", batch}}).value().at("audit");
  CHECK(audit.back().at("details").at("caller") == "uid:" + std::to_string(::geteuid()));
  CHECK(scene.stop() == 0);
}

TEST_CASE("the exit codes of mailroomctl say done, failed, found and held") {
  Scene scene;
  CHECK(scene.ctl("status").code == 1);
  CHECK(scene.ctl("").code != 0);
  CHECK(scene.ctl("nonsense").code != 0);
  CHECK(scene.ctl("setup").code == 0);
  CHECK(scene.ctl("verify").code == 0);
  CHECK(scene.ctl("separators --kind patch_t --out " + (scene.folders.data / "s.pdf").string()).code == 0);
  CHECK(scene.ctl("separators --kind nonsense").code == 1);
  scene.station.add_scanner("one", 2);
  scene.start();
  CHECK(scene.ctl("status").code == 0);
  CHECK(scene.ctl("scanners").output.find("mailroomfeeder:one") != std::string::npos);
  const auto summary = scene.folders.data / "summary.json";
  const auto held = scene.ctl(
      "scan --scanner mailroomfeeder:one --operator mm --declared 7 --wait 60 --summary " + summary.string());
  CAPTURE(held.output);
  CHECK(held.code == 3);
  const auto checked = shell(
      "python3 -c 'import json,jsonschema,sys; jsonschema.validate(json.load(open(sys.argv[1])), "
      "json.load(open(sys.argv[2])))' " +
      summary.string() + " " + source_path("config/contract/schemas/summary.json"));
  if (checked.output.find("No module named") == std::string::npos) {
    CAPTURE(checked.output);
    CHECK(checked.code == 0);
  }
  CHECK(scene.ctl("verify").code == 0);
  shell("for side in " + scene.folders.spool().string() + "/*/00001-front.jpg; do printf x >> $side; done");
  CHECK(scene.ctl("verify").code == 2);
  CHECK(scene.stop() == 0);
  CHECK(scene.ctl("verify").code == 2);
}

TEST_CASE("files are read without a daemon, one line a page, and what cannot be read is said") {
  Scene scene;
  const auto folder = scene.folders.data;
  std::ofstream(folder / "page.pgm", std::ios::binary) << "P5\n40 60\n255\n" << std::string(2400, '\xff');
  std::ofstream(folder / "broken.jpg") << "garbage";
  const auto read = scene.ctl("read " + (folder / "page.pgm").string());
  CAPTURE(read.output);
  CHECK(read.code == 0);
  CHECK(json::parse(read.output).at("blank") == true);
  const auto broken =
      scene.ctl("read " + (folder / "broken.jpg").string() + " " + (folder / "missing.jpg").string());
  CHECK(broken.code == 1);
  CHECK(std::count(broken.output.begin(), broken.output.end(), '\n') == 2);
  CHECK(broken.output.find("\"error\"") != std::string::npos);
}
