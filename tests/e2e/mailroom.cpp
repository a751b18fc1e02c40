#include "tests/e2e/mailroom.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "daemon/base/unique_fd.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;
using test::build_path;
using test::shell;
using test::source_path;

bool answers(int port) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::uint16_t(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

std::string must(const CommandOutcome& outcome, const std::string& what) {
  if (outcome.code != 0) throw std::runtime_error(what + " failed: " + outcome.output);
  return outcome.output;
}

/// Keys and certificates, made once for the build folder because making them is slow. Test cases are
/// processes of their own, hence the lock.
fs::path common_identities(const fs::path& config) {
  const fs::path folder = fs::path(build_path("tests")) / "e2e-identities";
  fs::create_directories(folder);
  const UniqueFd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (::flock(lock.get(), LOCK_EX) != 0) throw std::runtime_error("the identities cannot be locked");
  if (!fs::exists(folder / "data/identities/routing.key")) {
    must(shell(program("mailroomctl").string() + " --config " + config.string() + " --data " +
               (folder / "data").string() + " --runtime " + folder.string() + " setup"),
         "setup");
  }
  return folder / "data/identities";
}

}  // namespace

fs::path program(const std::string& name) {
  return fs::path(build_path("bin")) / name;
}

json json_of(const fs::path& file) {
  return json::parse(test::text_of(file));
}

Mailroom::Mailroom() : root_(folder_.path()), data_(root_ / "data") {
  prepare();
}

Mailroom::Mailroom(const fs::path& data) : root_(folder_.path()), data_(data) {
  prepare();
}

void Mailroom::prepare() {
  for (const char* name : {"config", "runtime", "sane", "log", "feeder", "out"}) {
    fs::create_directories(root_ / name);
  }
  for (const auto& entry : fs::directory_iterator(fs::path(source_path("config")))) {
    if (entry.path().extension() == ".toml") fs::copy(entry.path(), config());
  }
  fs::create_directories(data_);
  fs::copy(common_identities(config()), identities(), fs::copy_options::recursive);
  std::ofstream(root_ / "sane" / "dll.conf") << "mailroomfeeder\n";
  std::ofstream(root_ / "sane" / "mailroomfeeder.conf").flush();
  configure("mailroom.toml", "port", std::to_string(port()));
  configure("mailroom.toml", "disk_reserve_mib", "16");
  configure("mailroom.toml", "workers", "2");
  configure("classes.toml", "reading", "\"none\"");  // invoices have tests of their own
}

void Mailroom::configure(const std::string& file, const std::string& key, const std::string& value) {
  std::istringstream lines(test::text_of(config() / file));
  std::ofstream out(config() / file);
  bool changed = false;
  for (std::string line; std::getline(lines, line);) {
    const bool here = !changed && line.starts_with(key + " =");
    out << (here ? key + " = " + value : line) << '\n';
    changed = changed || here;
  }
  if (!changed) throw std::logic_error("no key " + key + " in " + file);
}

void Mailroom::append_configuration(const std::string& file, const std::string& text) {
  std::ofstream(config() / file, std::ios::app) << text;
}

ChildProcess Mailroom::start(const std::string& name, const fs::path& what,
                             const std::vector<std::string>& arguments,
                             std::map<std::string, std::string> environment) const {
  std::string command = "exec " + what.string();
  for (const auto& argument : arguments) command += " '" + argument + "'";
  command += " >>" + (root_ / "log" / (name + ".log")).string() + " 2>&1 </dev/null";
  auto child = ChildProcess::start({"/bin/sh", {"-c", command}, std::move(environment)});
  if (!child) throw std::runtime_error(child.error().message());
  return std::move(*child);
}

void Mailroom::start_broker() {
  must(ctl("setup"), "setup");
  broker_ = start("broker", "/usr/sbin/mosquitto", {"-c", (data_ / "broker/mosquitto.conf").string()}, {});
  if (!eventually([this] { return answers(port()); }))
    throw std::runtime_error("no broker: " + log_of("broker"));
}

void Mailroom::start_recipient(const std::string& id, std::vector<std::string> more,
                               std::map<std::string, std::string> environment) {
  fs::create_directories(delivered(id));
  std::vector<std::string> arguments = {"--id",   id,
                                        "--site", "marburg",
                                        "--host", "127.0.0.1",
                                        "--port", std::to_string(port()),
                                        "--ca",   (identities() / "ca.pem").string(),
                                        "--cert", (identities() / (id + ".pem")).string(),
                                        "--key",  (identities() / (id + ".key")).string(),
                                        "--out",  delivered(id).string()};
  if (id == "hr") arguments.emplace_back("--decrypt");
  arguments.insert(arguments.end(), more.begin(), more.end());
  recipients_[id] =
      start("recipient-" + id, program("mailroom-recipient"), arguments, std::move(environment));
}

void Mailroom::start_recipients() {
  for (const char* id : {"ecm", "payment", "hr"}) start_recipient(id);
}

ChildProcess Mailroom::spawn_daemon(std::map<std::string, std::string> environment) {
  environment["SANE_CONFIG_DIR"] = (root_ / "sane").string();
  environment["LD_LIBRARY_PATH"] = (fs::path(build_path("lib/sane"))).string();
  environment["OMP_THREAD_LIMIT"] = "1";
  return start(
      "mailroomd", program("mailroomd"),
      {"--config", config().string(), "--data", data_.string(), "--runtime", (root_ / "runtime").string()},
      std::move(environment));
}

void Mailroom::start_daemon(std::map<std::string, std::string> environment) {
  daemon_ = spawn_daemon(std::move(environment));
  const bool up =
      eventually([this] { return daemon_.wait(0ms).has_value() || ctl("status --json").code == 0; }, 30s);
  if (!up || !daemon_.running()) throw std::runtime_error("no daemon: " + log_of("mailroomd"));
}

void Mailroom::start_all() {
  start_broker();
  start_recipients();
  start_daemon();
}

void Mailroom::add_scanner(const std::string& name, const std::string& more) {
  fs::create_directories(feeder(name));
  std::ofstream(root_ / "sane" / "mailroomfeeder.conf", std::ios::app)
      << "device " << name << "\nfolder = " << feeder(name).string() << '\n'
      << more << '\n';
}

void Mailroom::load_feeder(const std::string& name, const fs::path& stack) {
  fs::remove_all(feeder(name));
  fs::create_directories(feeder(name));
  fs::remove(root_ / "feeder" / (name + ".feeder"));
  for (const auto& entry : fs::directory_iterator(stack)) {
    if (entry.is_regular_file()) fs::create_symlink(entry.path(), feeder(name) / entry.path().filename());
  }
}

void Mailroom::put_back(const std::string& name, int safe, bool duplex) {
  const fs::path state = root_ / "feeder" / (name + ".feeder");
  std::vector<std::string> sides;
  for (const auto& entry : fs::directory_iterator(feeder(name))) sides.push_back(entry.path().filename());
  std::sort(sides.begin(), sides.end());
  sides.resize(std::min(sides.size(), std::size_t(safe * (duplex ? 2 : 1))));
  std::string kept;
  // Without a state nothing has gone through yet.
  std::istringstream lines(fs::exists(state) ? test::text_of(state) : "mailroomfeeder-state 1\n");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("fed ")) kept += line + '\n';
  }
  std::ofstream out(state);
  out << kept;
  for (const auto& side : sides) out << "fed " << side << '\n';
}

std::string Mailroom::folder_options() const {
  return " --config " + config().string() + " --data " + data_.string() + " --runtime " +
         (root_ / "runtime").string() + " ";
}

CommandOutcome Mailroom::ctl(const std::string& words) const {
  return shell(program("mailroomctl").string() + folder_options() + words);
}

json Mailroom::ask(const std::string& words) const {
  return json::parse(must(ctl(words + " --json"), words));
}

std::string Mailroom::scan(const std::string& scanner, const std::string& words) const {
  const std::string said =
      must(ctl("scan --scanner mailroomfeeder:" + scanner + " --operator anna " + words), "scan");
  return said.substr(said.find(' ') + 1, said.find('\n') - said.find(' ') - 1);
}

json Mailroom::follow(const std::string& batch, int seconds) const {
  const fs::path file = root_ / ("summary-" + batch + ".json");
  fs::remove(file);
  const auto outcome =
      ctl("follow " + batch + " --seconds " + std::to_string(seconds) + " --summary " + file.string());
  if (!fs::exists(file)) throw std::runtime_error("follow failed: " + outcome.output);
  json summary = json_of(file);
  if (summary["exit"] != outcome.code) throw std::runtime_error("follow and its summary differ");
  return summary;
}

json Mailroom::findings() const {
  const auto outcome = ctl("verify --deep --json");
  if (outcome.code != 0 && outcome.code != 2) throw std::runtime_error("verify failed: " + outcome.output);
  json findings = json::parse(outcome.output)["findings"];
  if (findings.empty() != (outcome.code == 0)) throw std::runtime_error("verify: wrong exit code");
  return findings;
}

std::string Mailroom::latest_batch() const {
  return ask("batches")["batches"].at(0)["number"];
}

std::vector<fs::path> Mailroom::deliveries(const std::string& recipient) const {
  std::vector<fs::path> folders;
  if (!fs::exists(delivered(recipient))) return folders;
  for (const auto& entry : fs::directory_iterator(delivered(recipient))) {
    const bool half = entry.path().filename().string().starts_with('.');  // it gets its name when it is whole
    if (!half && entry.is_directory() && fs::exists(entry.path() / "manifest.json"))
      folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::string Mailroom::log_of(const std::string& process) const {
  return test::text_of(root_ / "log" / (process + ".log"));
}

}  // namespace mailroom::e2e
