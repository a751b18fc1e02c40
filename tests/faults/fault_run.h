#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace mailroom::faults {

/// One line of the table: a fault, how often it happened, and what it broke.
struct Row {
  std::string fault;
  int wanted = 0;  ///< cases of this run; more are welcome while there is time
  int cases = 0;
  int violations = 0;
};

/// What a fault family works with: the rows it fills, its share of the time, its random numbers.
/// Thread-bound.
class FaultRun {
 public:
  using Clock = std::chrono::steady_clock;

  /// `sample`: the representative part that the tests run, else the whole matrix. `only`: the rows that
  /// have this in their name, or all when it is empty.
  FaultRun(bool sample, Clock::time_point deadline, std::uint64_t seed, std::string only)
      : sample_(sample), deadline_(deadline), random_(seed), only_(std::move(only)) {}

  /// Opens a row of the table. The reference stays valid.
  Row& row(const std::string& fault, int full, int sample);

  /// True while `row` lacks cases and time is left: the condition of the loop over its cases.
  [[nodiscard]] bool goes_on(const Row& row) const { return row.cases < row.wanted && in_time(); }
  [[nodiscard]] bool in_time() const { return Clock::now() < deadline_; }
  [[nodiscard]] bool is_sample() const { return sample_; }

  /// Counts one case. `broken` says what did not hold and how to see it again; empty: all held.
  void count(Row& row, const std::vector<std::string>& broken);

  std::mt19937_64& random() { return random_; }
  int below(int limit) { return int(random_() % std::uint64_t(limit)); }  ///< from 0

  [[nodiscard]] const std::deque<Row>& rows() const { return rows_; }

 private:
  bool sample_;
  Clock::time_point deadline_;
  std::mt19937_64 random_;
  std::string only_;
  std::deque<Row> rows_;
};

/// Writes a row as one line for the program that gathers the table.
void report(const Row& row);

/// A fault family: a function that opens its rows and fills them.
struct Family {
  const char* name;
  int weight;  ///< share of the time of a full run
  void (*run)(FaultRun&);
};

/// All of them, as families.inc lists them.
const std::vector<Family>& families();

}  // namespace mailroom::faults
