#include "tests/faults/table.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "daemon/base/unique_fd.h"

namespace mailroom::faults {
namespace {

using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kProgressEvery = seconds(15);
constexpr auto kGrace = seconds(600);  // for the case that runs when a family's time is over

}  // namespace

struct Table::Running {
  std::string name;
  pid_t pid = -1;
  UniqueFd lines;
  std::string rest;
  SteadyClock::time_point killed_at;

  Running(const std::string& program, std::string family, seconds time, std::uint64_t seed)
      : name(std::move(family)), killed_at(SteadyClock::now() + time + kGrace) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    lines.reset(ends[0]);
    const UniqueFd writing(ends[1]);
    const std::string length = std::to_string(time.count()), number = std::to_string(seed);
    pid = ::fork();
    if (pid != 0) return;
    ::dup2(writing.get(), STDOUT_FILENO);
    ::execl(program.c_str(), program.c_str(), "--family", name.c_str(), "--seconds", length.c_str(), "--seed",
            number.c_str(), nullptr);
    ::_exit(127);
  }
};

void Table::read_lines(Running& family) {
  char piece[4096];
  const ssize_t got = ::read(family.lines.get(), piece, sizeof piece);
  if (got <= 0) return family.lines.reset();
  family.rest.append(piece, std::size_t(got));
  for (auto end = family.rest.find('\n'); end != std::string::npos; end = family.rest.find('\n')) {
    const auto line = nlohmann::json::parse(family.rest.substr(0, end), nullptr, false);
    family.rest.erase(0, end + 1);
    if (line.is_object() && line.contains("violation"))
      std::cerr << "VIOLATION " << line["violation"].get<std::string>() << std::endl;
    if (!line.is_object() || !line.contains("fault")) continue;
    const Row row{line["fault"], line["wanted"], line["cases"], line["violations"]};
    auto& rows = rows_[family.name];
    const auto known =
        std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.fault == row.fault; });
    if (known != rows.end()) {
      *known = row;
    } else {
      rows.push_back(row);
    }
  }
}

void Table::finish(Running& family) {
  int status = 0;
  while (::waitpid(family.pid, &status, 0) < 0 && errno == EINTR) {
  }
  const bool clean = WIFEXITED(status) && WEXITSTATUS(status) <= 1;  // 1: it has counted violations itself
  if (!clean) died_.push_back(family.name);
}

void Table::run(const std::vector<Family>& families) {
  const auto end = SteadyClock::now() + time_;
  // One more than there are cores: most families wait for their processes half of the time.
  const int at_once = int(std::max(1U, std::thread::hardware_concurrency())) + 1;
  int weights = 0;
  for (const auto& family : families) weights += family.weight;
  std::vector<std::unique_ptr<Running>> running;
  auto shown = SteadyClock::now();
  for (std::size_t next = 0; next < families.size() || !running.empty();) {
    if (next < families.size() && int(running.size()) < at_once) {
      const Family& family = families[next++];
      const auto left = std::max(seconds(1), std::chrono::duration_cast<seconds>(end - SteadyClock::now()));
      const auto share = left * std::min(at_once, int(families.size() - next) + 1) * family.weight / weights;
      weights -= family.weight;
      running.push_back(std::make_unique<Running>(program_, family.name,
                                                  std::max(seconds(1), std::min(left, share)), seed_));
      continue;
    }
    std::vector<pollfd> wanted;
    for (const auto& family : running) wanted.push_back({family->lines.get(), POLLIN, 0});
    ::poll(wanted.data(), wanted.size(), 1000);
    for (std::size_t i = 0; i < running.size(); ++i) {
      if (wanted[i].revents != 0) read_lines(*running[i]);
      if (SteadyClock::now() > running[i]->killed_at) ::kill(running[i]->pid, SIGKILL);
    }
    std::erase_if(running, [this](const auto& family) {
      if (family->lines.valid()) return false;
      finish(*family);
      return true;
    });
    if (SteadyClock::now() - shown < kProgressEvery) continue;
    shown = SteadyClock::now();
    show_progress();
  }
}

void Table::show_progress() const {
  long cases = 0, wanted = 0;
  for (const auto& [family, rows] : rows_) {
    for (const Row& row : rows) {
      cases += row.cases;
      wanted += row.wanted;
    }
  }
  std::cerr << "  " << cases << " of " << wanted << " cases of " << rows_.size() << " families, "
            << violations() << " violations" << std::endl;
}

int Table::violations() const {
  int sum = int(died_.size());
  for (const auto& [family, rows] : rows_) {
    for (const Row& row : rows) sum += row.violations;
  }
  return sum;
}

int Table::missing() const {
  int sum = 0;
  for (const auto& [family, rows] : rows_) {
    for (const Row& row : rows) sum += row.cases < row.wanted ? 1 : 0;
  }
  return sum;
}

void Table::print() const {
  std::printf("%-62s %8s %8s %11s\n", "fault", "cases", "of", "violations");
  long cases = 0;
  for (const auto& family : families()) {
    const auto found = rows_.find(family.name);
    if (found == rows_.end()) continue;
    for (const Row& row : found->second) {
      cases += row.cases;
      std::printf("%-62s %8d %8d %11d\n", row.fault.c_str(), row.cases, row.wanted, row.violations);
    }
  }
  for (const auto& name : died_)
    std::printf("%-62s %8s %8s %11d\n", (name + ": the check itself died").c_str(), "", "", 1);
  std::printf("%-62s %8ld %8s %11d\n", "all", cases, "", violations());
}

}  // namespace mailroom::faults
