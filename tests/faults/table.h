#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/fault_run.h"

namespace mailroom::faults {

/// Runs families as processes of their own, one more at once than there are cores, and gathers their
/// rows: one that dies is a violation, not the end of the table. Thread-bound.
class Table {
 public:
  Table(std::string program, std::chrono::seconds time, std::uint64_t seed)
      : program_(std::move(program)), time_(time), seed_(seed) {}

  void run(const std::vector<Family>& families);  ///< shows on stderr how far it is
  void print() const;                             ///< the table, on stdout
  [[nodiscard]] int violations() const;
  [[nodiscard]] int missing() const;  ///< rows with fewer cases than wanted

 private:
  struct Running;
  void read_lines(Running& family);
  void finish(Running& family);
  void show_progress() const;

  std::string program_;
  std::chrono::seconds time_;
  std::uint64_t seed_;
  std::map<std::string, std::vector<Row>> rows_;  // by family
  std::vector<std::string> died_;
};

}  // namespace mailroom::faults
