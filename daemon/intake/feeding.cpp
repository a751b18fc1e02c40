#include "daemon/intake/feeding.h"

#include <atomic>
#include <chrono>

#include "daemon/base/log.h"

namespace mailroom::intake {
namespace {

constexpr const char* kDiskRemedy = "free space on the data disk; the sheets taken so far are safe";
constexpr auto kRoomPatience = std::chrono::minutes(10);  // longer would hold a scanner for nothing
constexpr auto kRoomLook = std::chrono::milliseconds(500);

}  // namespace

struct Feeding::Feed {
  std::promise<Result<void>> begun;  // set once: first side durable, or the error before it
  bool has_begun = false;            // of the feed's thread
  std::atomic<bool> paused = false;
  std::atomic<bool> over = false;  // no sheet moves any more; what came of it is being recorded
  std::jthread thread;

  void begin(Result<void> outcome) {
    if (has_begun) return;
    has_begun = true;
    begun.set_value(std::move(outcome));
  }
};

Feeding::Feeding(std::filesystem::path scan_program, drivers::ScanOptions options, const Spool& spool,
                 std::uint64_t reserve_mib, FeedEvents events, std::vector<FarScanners> far)
    : sites_(std::move(scan_program), std::move(options), std::move(far)),
      spool_(spool),
      reserve_mib_(reserve_mib),
      events_(std::move(events)) {}

Feeding::~Feeding() {
  stop_all();
}

Result<std::vector<drivers::DeviceInfo>> Feeding::list_devices() const {
  return sites_.list_devices();
}

Result<void> Feeding::take(const FeedOrder& order, CapturedImage&& image) const {
  image.sheet += order.sheets_before;
  MAILROOM_TRY_VOID(spool_.store({order.batch, image.sheet, image.side, image.format}, image.bytes));
  return events_.taken(order.batch, image, image.bytes.size());
}

DiskRoom Feeding::room() const {
  const std::uint64_t free = spool_.free_mib().value_or(0);
  return {free >= reserve_mib_, free, reserve_mib_, waiting_};
}

Result<void> Feeding::check_room() const {
  if (room().ample) return {};
  return fail(Errc::disk_full, "there is too little free space to take more sheets", {}, kDiskRemedy);
}

/// A feed that has begun waits for room, with the scanner at rest; one that has not is refused.
Result<void> Feeding::await_room(const Feed& feed, const std::stop_token& stop) {
  auto enough = check_room();
  if (enough || !feed.has_begun) return enough;
  log::warning("a feed waits for room on the data disk");
  ++waiting_;
  const auto end = std::chrono::steady_clock::now() + kRoomPatience;
  while (!enough && !stop.stop_requested() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kRoomLook);
    enough = check_room();
  }
  --waiting_;
  return enough;
}

void Feeding::run(Feed& feed, const FeedOrder& order, const std::stop_token& stop) {
  const auto turn = turns_.take(order.request.device);
  auto scanner = sites_.access(order.request.device);
  if (!scanner) {
    feed.over = true;
    feed.begin(fail(scanner.error()));
    return;
  }
  const auto on_image = [&](CapturedImage&& image) -> Result<void> {
    MAILROOM_TRY_VOID(await_room(feed, stop));
    MAILROOM_TRY_VOID(take(order, std::move(image)));
    feed.begin({});
    return {};
  };
  drivers::FeedRequest request = order.request;
  request.device = scanner->device;
  auto summary = scanner->process.feed(request, on_image, stop);
  if (summary) summary->device.name = order.request.device;
  feed.over = true;
  const bool stopped = summary && summary->end == drivers::FeedEnd::stopped;
  if (stopped && feed.paused) summary->end = drivers::FeedEnd::paused;
  if (summary && summary->fault && summary->fault->sheet > 0) summary->fault->sheet += order.sheets_before;
  if (!summary) return feed.begin(fail(summary.error()));
  if (feed.has_begun) return events_.ended(order.batch, *summary);
  if (!summary->fault) {
    return feed.begin(fail(Errc::feeder_empty, "the feeder took no sheet",
                           Place::on_device(order.request.device), "put paper in"));
  }
  Error error = summary->fault->error;
  const FaultWords words = words_of(*summary->fault);
  error.what = words.what_en;
  error.remedy = words.remedy_en;
  feed.begin(fail(std::move(error)));
}

void Feeding::reap() {
  // The thread of a feed that is over ends by itself, soon: whoever saw its batch closed may feed the
  // next one at once.
  std::erase_if(feeds_, [](const auto& entry) { return entry.second->over.load(); });
}

Result<void> Feeding::start(const FeedOrder& order) {
  std::future<Result<void>> begun;
  {
    const std::scoped_lock lock(mutex_);
    reap();
    if (stopping_) return fail(Errc::cancelled, "the mailroom is going down");
    if (feeds_.contains(order.request.device)) {
      return fail(Errc::busy, "this scanner is feeding another batch", Place::on_device(order.request.device),
                  "wait for its end or stop it");
    }
    auto& feed = *(feeds_[order.request.device] = std::make_unique<Feed>());
    begun = feed.begun.get_future();
    feed.thread = std::jthread([this, &feed, order](const std::stop_token& stop) { run(feed, order, stop); });
  }
  return begun.get();
}

Result<void> Feeding::stop(const std::string& scanner) {
  return end(scanner, false);
}

Result<void> Feeding::pause(const std::string& scanner) {
  return end(scanner, true);
}

Result<void> Feeding::end(const std::string& scanner, bool paused) {
  const std::scoped_lock lock(mutex_);
  const auto found = feeds_.find(scanner);
  if (found == feeds_.end() || found->second->over) {
    return fail(Errc::not_found, "this scanner is not feeding", Place::on_device(scanner));
  }
  found->second->paused = paused;
  found->second->thread.request_stop();
  return {};
}

void Feeding::stop_all() {
  std::map<std::string, std::unique_ptr<Feed>> ending;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    ending.swap(feeds_);
  }
  for (auto& [scanner, feed] : ending) {
    feed->paused = true;  // its stack goes on after the next start
    feed->thread.request_stop();
  }
}  // the threads join here

std::vector<std::string> Feeding::busy() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> scanners;
  for (const auto& [scanner, feed] : feeds_) {
    if (!feed->over) scanners.push_back(scanner);
  }
  return scanners;
}

}  // namespace mailroom::intake
