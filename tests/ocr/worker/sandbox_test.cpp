#include <catch2/catch.hpp>

#include "ocr/worker/client/page_client.h"
#include "tests/ocr/worker/small_pdf.h"

using namespace mailroom;
using std::chrono::milliseconds;

namespace {

ocr::PageWorker started(milliseconds limit = milliseconds(20'000)) {
  auto worker = ocr::PageWorker::start({.program = MAILROOM_PAGE, .page_limit = limit});
  if (!worker) FAIL(worker.error().message());
  return std::move(*worker);
}

/// Asks the worker to do what it must not (self_test.h).
Errc outcome_of(ocr::PageWorker& worker, const std::string& fault) {
  const auto report = worker.read_page(as_bytes("mailroom-fault:" + fault), {});
  REQUIRE_FALSE(report.has_value());
  return report.error().code;
}

}  // namespace

TEST_CASE("a worker that is killed in the middle is told as crashed, and reads again after a restart") {
  auto worker = started();
  CHECK(outcome_of(worker, "crash") == Errc::crashed);
  CHECK_FALSE(worker.alive());
  CHECK(outcome_of(worker, "crash") == Errc::crashed);
  REQUIRE(worker.restart());
  CHECK(worker.read_page(as_bytes(test::small_image(300)), {}));
}

TEST_CASE("a worker that ends in the middle of a page is told as crashed") {
  auto worker = started();
  CHECK(outcome_of(worker, "exit") == Errc::crashed);
  CHECK_FALSE(worker.alive());
}

TEST_CASE("a page without end is given up at the limit and its worker killed") {
  auto worker = started(milliseconds(500));
  const auto begin = std::chrono::steady_clock::now();
  CHECK(outcome_of(worker, "hang") == Errc::timed_out);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  CHECK_FALSE(worker.alive());
}

TEST_CASE("a page cannot take all memory") {
  auto worker = started();
#ifndef __SANITIZE_ADDRESS__
  CHECK(outcome_of(worker, "memory") == Errc::refused);
  CHECK(worker.alive());
#endif
}

TEST_CASE("the worker can neither open nor create files nor reach the network") {
  auto worker = started();
  CHECK(outcome_of(worker, "open_file") == Errc::refused);
  CHECK(outcome_of(worker, "create_file") == Errc::refused);
  CHECK(outcome_of(worker, "socket") == Errc::refused);
  CHECK(worker.alive());
}

TEST_CASE("a worker that tries to run a program is ended") {
  auto worker = started();
  CHECK(outcome_of(worker, "exec") == Errc::crashed);
  CHECK_FALSE(worker.alive());
}
