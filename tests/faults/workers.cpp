#include <future>
#include <optional>

#include "daemon/intake/reading_pool.h"
#include "tests/e2e/mailroom.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"

/// Real page workers that crash, hang, eat all memory or talk nonsense over certain pages.
namespace mailroom::faults {
namespace {

using namespace std::chrono_literals;

const char* const kFaults[] = {"crash", "exit", "hang", "memory", "garbage"};

/// The daemon's pool of page workers, one page at a time.
class Readers {
 public:
  Readers(const intake::Spool& spool, std::chrono::milliseconds page_limit) {
    ocr::PageWorkerOptions options;
    options.program = e2e::program("mailroom-page");
    options.page_limit = page_limit;
    pool_.emplace(1, options, spool, [this](const intake::ReadingJob&, Result<PageReport> outcome) {
      told_.set_value(std::move(outcome));
    });
  }

  Result<PageReport> read(const archive::Page& page) {
    told_ = {};
    auto outcome = told_.get_future();
    intake::ReadingJob job;
    job.page = page.id;
    job.entry = {page.batch, page.image.sheet, page.image.side, page.image.format};
    job.sha256 = page.image.sha256;
    job.request.recognise = false;
    pool_->add(std::move(job));
    auto read = outcome.get();
    // The tiny pages are not blank for a real reader; what is on the back is said by the paper.
    if (read) read->blank = page.image.side == Side::back;
    return read;
  }

 private:
  std::promise<Result<PageReport>> told_;
  std::optional<intake::ReadingPool> pool_;
};

std::vector<std::string> misbehave(const std::string& fault, const std::vector<int>& sheets) {
  World world;
  world.stacks = {{"post", "ecm", 4}, {"post", "ecm", 1}};
  for (const int sheet : sheets) make_vicious({0, sheet, Side::front}, fault);
  const Scratch house;
  std::vector<std::string> broken;
  {
    Office office(house.path());
    // Long enough for an honest page on a busy machine; a hanging one is waited for in full.
    Readers readers(office.spool(), fault == "hang" ? 8s : 30s);
    office.read_with([&](const archive::Page& page) { return readers.read(page); });
    office.expect_question("page_ended_workers", "accept_as_content");
    office.expect_question("page_unreadable", "accept_as_content");
    office.work(world);
    broken = office.unfinished(world);
    const auto found = office.findings();
    broken.insert(broken.end(), found.begin(), found.end());
    const auto pages = office.catalogue().pages().of_batch(world.stacks[0].batch).value();
    for (const auto& page : pages) {
      const bool vicious = page.image.side == Side::front &&
                           std::find(sheets.begin(), sheets.end(), page.image.sheet) != sheets.end();
      if (vicious != page.failure.has_value())
        broken.push_back("sheet " + std::to_string(page.image.sheet) +
                         (vicious ? " counts as read" : " was not read"));
      if (page.deaths > 2) broken.push_back("a page has ended " + std::to_string(page.deaths) + " workers");
      if (!vicious && page.deaths > 0) broken.emplace_back("an innocent page is blamed for a death");
    }
  }
  for (const int sheet : sheets) make_vicious({0, sheet, Side::front}, "");
  return broken;
}

}  // namespace

void workers(FaultRun& run) {
  for (const std::string fault : kFaults) {
    const bool quick = fault == "crash" || fault == "garbage";
    Row& same = run.row("worker: " + fault + ", on the same page twice", 25, quick ? 1 : 0);
    while (run.goes_on(same)) run.count(same, misbehave(fault, {2}));
    Row& alternating = run.row("worker: " + fault + ", on every other page", 25, fault == "crash" ? 1 : 0);
    while (run.goes_on(alternating)) run.count(alternating, misbehave(fault, {1, 3}));
  }
}

}  // namespace mailroom::faults
