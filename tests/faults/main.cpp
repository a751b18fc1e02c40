#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "tests/faults/fault_run.h"
#include "tests/faults/table.h"

/// `mailroom-faults --minutes N`: the whole matrix as a table.
/// `mailroom-faults --family NAME (--seconds N | --sample) [--only TEXT] [--seed N]`: one family, or its rows
/// with TEXT in their names; a line per row.
namespace {

using namespace mailroom::faults;

/// A sample ends after this even when the machine is so busy that it has not all its cases; each row must
/// have one.
constexpr std::chrono::seconds kSampleTime{120};
constexpr std::chrono::seconds kFullTime{3600};

struct Words {
  std::string family;
  std::string only;
  std::optional<std::chrono::seconds> time;
  bool sample = false;
  std::uint64_t seed = 1;
};

Words read_words(int argc, char** argv) {
  Words words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string {
      if (i + 1 >= argc) throw std::invalid_argument(word + " needs a value");
      return argv[++i];
    };
    if (word == "--family") {
      words.family = value();
    } else if (word == "--only") {
      words.only = value();
    } else if (word == "--seconds") {
      words.time = std::chrono::seconds(std::stol(value()));
    } else if (word == "--minutes") {
      words.time = std::chrono::minutes(std::stol(value()));
    } else if (word == "--seed") {
      words.seed = std::stoull(value());
    } else if (word == "--sample") {
      words.sample = true;
    } else {
      throw std::invalid_argument("unknown word " + word);
    }
  }
  return words;
}

int run_family(const Words& words) {
  const auto& all = families();
  const auto family =
      std::find_if(all.begin(), all.end(), [&](const Family& f) { return f.name == words.family; });
  if (family == all.end()) throw std::invalid_argument("there is no fault family " + words.family);
  // What the rooms log of what they are put through would bury what matters.
  if (std::getenv("MAILROOM_DEBUG") == nullptr && std::freopen("/dev/null", "w", stderr) == nullptr)
    throw std::runtime_error("stderr cannot be closed");
  FaultRun run(words.sample,
               FaultRun::Clock::now() + words.time.value_or(words.sample ? kSampleTime : kFullTime),
               words.seed, words.only);
  family->run(run);
  int violations = 0;
  for (const Row& row : run.rows()) {
    report(row);
    violations += row.violations;
    if (!words.sample || row.wanted == 0 || row.cases > 0) continue;
    std::cout << "no time for a single case of: " << row.fault << '\n';
    ++violations;
  }
  return violations == 0 ? 0 : 1;
}

int run_matrix(const Words& words) {
  Table table("/proc/self/exe", words.time.value_or(kFullTime), words.seed);
  table.run(families());
  table.print();
  if (table.missing() > 0)
    std::cout << table.missing() << " rows have fewer cases than a full run wants: give it more minutes\n";
  return table.violations() == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const Words words = read_words(argc, argv);
  return words.family.empty() ? run_matrix(words) : run_family(words);
} catch (const std::exception& error) {
  std::cout << "mailroom-faults: " << error.what() << std::endl;
  return 2;
}
