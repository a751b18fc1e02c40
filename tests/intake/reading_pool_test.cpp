#include "daemon/intake/reading_pool.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <future>

#include "daemon/crypto/digest.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::intake;
using namespace std::chrono_literals;

namespace {

/// A pool of real page workers over a real spool; remembers the outcomes in their order.
struct Readers {
  test::TemporaryFolder folder;
  Spool spool{folder.path()};
  std::mutex mutex;
  std::condition_variable told;
  std::vector<std::pair<std::string, Result<PageReport>>> outcomes;
  std::optional<ReadingPool> pool;

  explicit Readers(int workers, std::chrono::milliseconds page_limit = 20s) {
    ocr::PageWorkerOptions options;
    options.program = MAILROOM_PAGE;
    options.page_limit = page_limit;
    pool.emplace(workers, options, spool, [this](const ReadingJob& job, Result<PageReport> outcome) {
      const std::scoped_lock lock(mutex);
      outcomes.emplace_back(job.page, std::move(outcome));
      told.notify_all();
    });
  }

  void add(int sheet, const std::string& bytes, Priority priority = Priority::ordinary) {
    ReadingJob job;
    job.page = std::to_string(sheet);
    job.entry = {"b1", sheet, Side::front, ImageFormat::jpeg};
    job.sha256 = sha256_hex(as_bytes(bytes));
    job.priority = priority;
    REQUIRE(spool.store(job.entry, as_bytes(bytes)));
    pool->add(std::move(job));
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    REQUIRE(told.wait_for(lock, 60s, [&] { return outcomes.size() >= count; }));
    std::vector<std::string> order;
    for (const auto& [page, outcome] : outcomes) order.push_back(page);
    return order;
  }
};

/// A white page as PGM, with `comment` in its head.
std::string white(const std::string& comment = "") {
  return "P5\n#" + comment + "\n40 60\n255\n" + std::string(40 * 60, '\xff');
}

}  // namespace

TEST_CASE("higher priority is read first, else in the order given") {
  Readers readers(1);
  readers.add(1, white());
  readers.add(2, white());
  readers.add(3, white(), Priority::deadline);
  readers.add(4, white(), Priority::urgent);
  readers.add(5, white());
  auto order = readers.wait_for(5);
  // The first may have been taken before the others were there.
  if (order.front() == "1") {
    CHECK(order == std::vector<std::string>{"1", "3", "4", "2", "5"});
  } else {
    CHECK(order == std::vector<std::string>{"3", "4", "1", "2", "5"});
  }
  for (const auto& [page, outcome] : readers.outcomes) CHECK(outcome.has_value());
}

TEST_CASE("a page that was changed in the spool is its own error") {
  Readers readers(1);
  ReadingJob job;
  job.page = "1";
  job.entry = {"b1", 1, Side::front, ImageFormat::jpeg};
  job.sha256 = std::string(64, '0');
  REQUIRE(readers.spool.store(job.entry, as_bytes(white())));
  readers.pool->add(job);
  readers.add(2, white());
  readers.wait_for(2);
  CHECK(readers.outcomes[0].second.error().code == Errc::corrupt);
  CHECK(readers.outcomes[1].second.has_value());
}

#ifdef MAILROOM_FAULTS
TEST_CASE("a worker that dies or hangs costs that page only, the next has a fresh one") {
  Readers readers(1, 1s);
  readers.add(1, white("mailroom-fault:crash"));
  readers.add(2, white());
  readers.add(3, white("mailroom-fault:hang"));
  readers.add(4, white());
  CHECK(readers.wait_for(4) == std::vector<std::string>{"1", "2", "3", "4"});
  CHECK(readers.outcomes[0].second.error().code == Errc::crashed);
  CHECK(readers.outcomes[1].second.has_value());
  CHECK(readers.outcomes[2].second.error().code == Errc::timed_out);
  CHECK(readers.outcomes[3].second.has_value());
}
#endif

TEST_CASE("stopping finishes the job at work and drops those that wait") {
  Readers readers(1);
  for (int sheet = 1; sheet <= 50; ++sheet) readers.add(sheet, white());
  readers.wait_for(1);
  readers.pool->stop();
  const auto read = readers.outcomes.size();
  CHECK(read < 50);
  CHECK(readers.pool->waiting() == 50 - read);
  readers.pool->stop();
}

TEST_CASE("stopping a pool that waits for work ends at once") {
  Readers readers(2);
  readers.pool->stop();
  CHECK(readers.pool->waiting() == 0);
}

TEST_CASE("a program that is not there is every page's error and no loop") {
  test::TemporaryFolder folder;
  Spool spool(folder.path());
  std::promise<Errc> code;
  ocr::PageWorkerOptions options;
  options.program = "/nonexistent/mailroom-page";
  ReadingPool pool(1, options, spool, [&](const ReadingJob&, Result<PageReport> outcome) {
    code.set_value(outcome.error().code);
  });
  ReadingJob job;
  job.entry = {"b1", 1, Side::front, ImageFormat::jpeg};
  pool.add(job);
  auto told = code.get_future();
  REQUIRE(told.wait_for(20s) == std::future_status::ready);
  CHECK(told.get() == Errc::not_found);
}
